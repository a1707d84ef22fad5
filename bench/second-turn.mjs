// Claim 2: the second turn of a long thread begins in a quarter of the time that the same prompt takes cold, or less.
//   node bench/second-turn.mjs [--rounds 3]
import { ask, askAgain, CHAT_MODEL, download, load, loadAfresh, newChat } from './shared/app.mjs';
import { log, runBench } from './shared/bench.mjs';
import { sampleText } from './shared/sample-text.mjs';
import { pairRatios, spread } from './shared/stats.mjs';

const MOST = 0.25;
const FIRST_TURN_CHARACTERS = 3200; // about 700 tokens
const MAX_TOKENS = 48;

const firstToken = ({ usage, sentMs, firstTextMs }) => ({
  engineMs: usage.ttftMs,
  screenMs: firstTextMs - sentMs,
  promptTokens: usage.promptTokens,
  cachedTokens: usage.cachedTokens,
});

/** The same prompt twice: behind its own first turn, and as the first thing that a fresh engine is asked. */
async function pair(page, round) {
  await newChat(page, { maxTokens: MAX_TOKENS });
  const text = sampleText({ seed: 100 + round, characters: FIRST_TURN_CHARACTERS });
  await ask(page, `${text}\n\nSay in one sentence what this text is about.`);
  const warm = firstToken(await ask(page, 'And what is mentioned first?'));
  log(`warm: ${JSON.stringify(warm)}`);
  await loadAfresh(page, CHAT_MODEL.label);
  const cold = firstToken(await askAgain(page));
  if (cold.promptTokens !== warm.promptTokens)
    throw new Error(`The prompts differ: ${warm.promptTokens} tokens warm, ${cold.promptTokens} cold`);
  if (cold.cachedTokens > 0) throw new Error(`The cold engine reused ${cold.cachedTokens} tokens`);
  return { warm, cold };
}

async function measure({ rounds, newContext }) {
  const page = await (await newContext()).page('models');
  await download(page, CHAT_MODEL.label);
  await load(page, CHAT_MODEL.label);
  const runs = [];
  for (let round = 0; round < rounds; round++) {
    const run = await pair(page, round);
    runs.push(run);
    const { warm, cold } = run;
    log(
      `second turn ${round + 1}/${rounds}: ${warm.screenMs.toFixed(0)} against ${cold.screenMs.toFixed(0)} ms`,
    );
  }
  const of = (side, what) => runs.map((run) => run[side][what]);
  const byScreen = pairRatios(of('warm', 'screenMs'), of('cold', 'screenMs'));
  const byEngine = pairRatios(of('warm', 'engineMs'), of('cold', 'engineMs'));
  const [warm, cold] = [spread(of('warm', 'screenMs'), 0), spread(of('cold', 'screenMs'), 0)];
  const [tokens, reused] = [spread(of('warm', 'promptTokens'), 0), spread(of('warm', 'cachedTokens'), 0)];
  return {
    summary: `${byScreen.median} (${byScreen.min} to ${byScreen.max}): ${warm.median} against ${cold.median} ms, ${reused.median} of ${tokens.median} tokens reused`,
    isMet: byScreen.median <= MOST,
    ratioOnScreen: byScreen,
    ratioOfEngine: byEngine,
    warmMs: warm,
    coldMs: cold,
    promptTokens: tokens,
    reusedTokens: reused,
  };
}

await runBench({
  name: 'second-turn',
  claim: 'First word of the second turn of a long thread against the same prompt cold',
  goal: `≤ ${MOST}`,
  rounds: 3,
  measure,
});
