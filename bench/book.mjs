// The second question about a whole document against the same prompt cold.
//   node bench/book.mjs [--rounds 2] [--sections 1]     a section has about 500 tokens; 4 fit into the model's context
import { ask, CHAT_MODEL, download, EMBEDDER, lastAnswer, load, newChat } from './shared/app.mjs';
import { log, runBench } from './shared/bench.mjs';
import { ingest, sampleFile } from './shared/library.mjs';
import { pairRatios, spread } from './shared/stats.mjs';

const MOST = 0.25;
const MAX_TOKENS = 32;
const POLL_MS = 200;

const figuresOf = ({ usage: { ttftMs, promptTokens, cachedTokens } }) => ({
  ttftMs,
  promptTokens,
  cachedTokens,
});

async function askTheWhole(page, name) {
  await newChat(page, { maxTokens: MAX_TOKENS });
  const taken = page.getByRole('button', { name: /^Whole:/ });
  if (await taken.isVisible()) await taken.click();
  await page.locator('form').getByRole('button', { name: 'Documents' }).click();
  await page.getByRole('button', { name, exact: true }).click();
  await page.locator('[data-testid="whole-reading"][data-status="read"]').waitFor();
}

/** The same question again by an engine that has read nothing: it is asked first, and loads the model itself. */
async function askedCold(page) {
  await page.getByRole('link', { name: 'Models' }).click();
  await page.getByRole('button', { name: `Unload ${CHAT_MODEL.label}` }).click();
  await page.getByRole('button', { name: `Load ${CHAT_MODEL.label}`, exact: true }).waitFor();
  await page.goBack();
  const { id } = await lastAnswer(page);
  await page.getByRole('button', { name: 'Answer again' }).last().click();
  while (true) {
    const answer = await lastAnswer(page);
    if (answer.id !== id && answer.status === 'failed') throw new Error(answer.error.message);
    if (answer.id !== id && answer.status === 'complete') return figuresOf(answer);
    await page.waitForTimeout(POLL_MS);
  }
}

async function measure({ rounds, newContext, values }) {
  const page = await (await newContext()).page('models');
  for (const { label } of [CHAT_MODEL, EMBEDDER]) await download(page, label);
  await load(page, CHAT_MODEL.label);
  const runs = [];
  for (let round = 0; round < rounds; round++) {
    await page.getByRole('link', { name: 'Library' }).click();
    const file = sampleFile(`book-${round}.md`, { seed: 70 + round, sections: Number(values.sections) });
    await ingest(page, file);
    await askTheWhole(page, file.name);
    await ask(page, 'What is this document about?');
    const warm = figuresOf(await ask(page, 'And what is mentioned last?'));
    const cold = await askedCold(page);
    if (cold.promptTokens !== warm.promptTokens)
      throw new Error(`The prompts differ: ${warm.promptTokens} tokens warm, ${cold.promptTokens} cold`);
    if (cold.cachedTokens > 0) throw new Error(`The cold engine reused ${cold.cachedTokens} tokens`);
    runs.push({ warm, cold });
    log(`book ${round + 1}/${rounds}: ${JSON.stringify({ warm, cold })}`);
  }
  const of = (side, what) => runs.map((run) => run[side][what]);
  const ratio = pairRatios(of('warm', 'ttftMs'), of('cold', 'ttftMs'));
  const [warm, cold] = [spread(of('warm', 'ttftMs'), 0), spread(of('cold', 'ttftMs'), 0)];
  const [tokens, reused] = [spread(of('warm', 'promptTokens'), 0), spread(of('warm', 'cachedTokens'), 0)];
  return {
    summary: `${ratio.median} (${ratio.min} to ${ratio.max}): ${warm.median} against ${cold.median} ms, ${reused.median} of ${tokens.median} tokens reused`,
    isMet: ratio.median <= MOST,
    ratioOfEngine: ratio,
    warmMs: warm,
    coldMs: cold,
    promptTokens: tokens,
    reusedTokens: reused,
  };
}

await runBench({
  name: 'book',
  claim: 'First token of the second question about a whole document against the same prompt cold',
  goal: `≤ ${MOST}`,
  rounds: 2,
  options: { sections: { type: 'string', default: '1' } },
  measure,
});
