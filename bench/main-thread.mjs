// Claim 5: no task of the main thread over 50 ms while an answer streams and while a document is added.
//   node bench/main-thread.mjs [--rounds 3]
import { ask, CHAT_MODEL, download, EMBEDDER, load, newChat } from './shared/app.mjs';
import { log, runBench } from './shared/bench.mjs';
import { ingest, sampleFile } from './shared/library.mjs';
import { longTasksIn, traceMainThread, watchLongTasks } from './shared/long-tasks.mjs';
import { sum } from './shared/stats.mjs';

const MAX_TOKENS = 256;
const SECTIONS = 12;
/** What makes a small model write lists and code, which cost more to draw than plain text. */
const QUESTIONS = [
  'Write a Python function that sorts a list of numbers, and explain each step in a numbered list.',
  'Write a long story about a lighthouse keeper.',
  'Give a numbered list of ten vegetables with a short description of each.',
];

async function whileStreaming(page, question) {
  await newChat(page, { maxTokens: MAX_TOKENS });
  const { sentMs, endMs, usage } = await ask(page, question);
  const seen = await longTasksIn(page, { startMs: sentMs, endMs });
  return { ...seen, lastedMs: endMs - sentMs, tokens: usage.completionTokens };
}

async function whileIngesting(page, round) {
  await page.getByRole('link', { name: 'Library' }).click();
  const file = sampleFile(`town-${round}.md`, { seed: 50 + round, sections: SECTIONS });
  const { startMs, endMs } = await ingest(page, file);
  const seen = await longTasksIn(page, { startMs, endMs });
  return { ...seen, lastedMs: endMs - startMs };
}

/** Seconds that were watched, the tasks over 50 ms in them, the longest, and how long the thread computed in those. */
function summarize(parts) {
  const tasks = parts.flatMap((part) => part.tasks);
  const computed = parts.flatMap((part) => part.computed);
  return {
    watchedSeconds: Math.round(sum(parts.map((part) => part.lastedMs)) / 1000),
    longTasks: tasks.length,
    longestMs: Math.round(Math.max(0, ...tasks.map(({ ms }) => ms))),
    longTasksByComputing: computed.filter((task) => task.computedMs > 50).length,
    longestComputedMs: Math.max(0, ...computed.map((task) => task.computedMs)),
    worstFrames: parts
      .flatMap((part) => part.frames)
      .sort((a, b) => b.ms - a.ms)
      .slice(0, 5)
      .map(({ ms, styleAndLayoutMs, scripts }) => ({
        ms: Math.round(ms),
        styleAndLayoutMs: Math.round(styleAndLayoutMs),
        scripts,
      })),
  };
}

async function measure({ rounds, browser, newContext }) {
  const { context, page: openPage } = await newContext();
  await context.addInitScript(watchLongTasks);
  const page = await openPage('models');
  for (const { label } of [CHAT_MODEL, EMBEDDER]) await download(page, label);
  await load(page, CHAT_MODEL.label);
  const observed = async (act) => {
    const { result, computed } = await traceMainThread(browser, page, act);
    return { ...result, computed };
  };
  const streaming = [];
  const ingesting = [];
  for (let round = 0; round < rounds; round++) {
    streaming.push(await observed(() => whileStreaming(page, QUESTIONS[round % QUESTIONS.length])));
    ingesting.push(await observed(() => whileIngesting(page, round)));
    log(
      `main thread ${round + 1}/${rounds}: ${streaming.at(-1).tasks.length} and ${ingesting.at(-1).tasks.length} long tasks`,
    );
  }
  const figures = { streaming: summarize(streaming), ingesting: summarize(ingesting) };
  const words = ({ longTasks, longestMs, longTasksByComputing, watchedSeconds }) =>
    longTasks === 0
      ? `none in ${watchedSeconds} s`
      : `${longTasks} in ${watchedSeconds} s, longest ${longestMs} ms; ${longTasksByComputing} of them computed for over 50 ms`;
  return {
    summary: `streaming: ${words(figures.streaming)}; adding a document: ${words(figures.ingesting)}`,
    isMet: figures.streaming.longTasks + figures.ingesting.longTasks === 0,
    ...figures,
  };
}

await runBench({
  name: 'main-thread',
  claim: 'Tasks of the main thread over 50 ms while an answer streams and while a document is added',
  goal: 'none',
  rounds: 3,
  measure,
});
