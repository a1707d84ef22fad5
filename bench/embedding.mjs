// Claim 3: 500 passages in one call against one text at a time; and against plain transformers.js.
//   node bench/embedding.mjs [--rounds 10]     each round embeds 50 other passages in every way
import { download, EMBEDDER } from './shared/app.mjs';
import { log, runBench } from './shared/bench.mjs';
import { sampleText } from './shared/sample-text.mjs';
import { alternate, pairRatios, spread } from './shared/stats.mjs';

const GOAL = { ratio: 2, cosine: 0.999 };
const TEXTS_A_ROUND = 50;
const WAYS = ['together', 'oneByOne', 'plain', 'plainBatch'];

/** Passages as the chunker cuts them: of all lengths up to about 240 tokens. */
const passages = (round) =>
  Array.from({ length: TEXTS_A_ROUND }, (_, i) =>
    sampleText({ seed: round * 1000 + i, characters: 120 + ((i * 367) % 900) }),
  );

async function measure({ rounds, threads, newContext }) {
  const { page: openPage } = await newContext();
  await download(await openPage('models'), EMBEDDER.label);
  const page = await openPage('bench/embedding.html');
  const info = await page.evaluate(([model, n]) => globalThis.embedding.load(model, n), [EMBEDDER, threads]);
  await page.evaluate(
    ([id, pooling, n]) => globalThis.embedding.loadPlain(id, pooling, n),
    [EMBEDDER.id, EMBEDDER.pooling, threads],
  );
  const run = (way, texts) =>
    page.evaluate(([w, id, list]) => globalThis.embedding.run(w, id, list), [way, EMBEDDER.id, texts]);
  for (const way of WAYS) await run(way, passages(9999).slice(0, 10)); // the engines warm up
  await page.evaluate(() => globalThis.embedding.forget());

  const perSecond = Object.fromEntries(WAYS.map((way) => [way, []]));
  for (let round = 0; round < rounds; round++) {
    const texts = passages(round);
    for (const way of alternate(WAYS, round)) {
      const { ms } = await run(way, texts);
      perSecond[way].push((texts.length * 1000) / ms);
    }
    log(
      `embedding ${round + 1}/${rounds}: ${WAYS.map((w) => `${w} ${perSecond[w].at(-1).toFixed(1)}`).join(', ')} texts/s`,
    );
  }
  const cosineTo = (way) =>
    page.evaluate(([one, other]) => globalThis.embedding.compare(one, other), [way, 'oneByOne']);
  const cosines = {};
  for (const way of WAYS) if (way !== 'oneByOne') cosines[way] = await cosineTo(way);
  const ratio = pairRatios(perSecond.together, perSecond.oneByOne);
  const toPlain = pairRatios(perSecond.together, perSecond.plain);
  const plainBatch = pairRatios(perSecond.plainBatch, perSecond.plain);
  return {
    summary: `${ratio.median} times (${ratio.min} to ${ratio.max}), cosine ≥ ${cosines.together.worst.toFixed(4)}; against plain transformers.js one by one ${toPlain.median} times; its own batches: ${plainBatch.median} times, cosine ≥ ${cosines.plainBatch.worst.toFixed(4)}`,
    isMet: ratio.median >= GOAL.ratio && cosines.together.worst >= GOAL.cosine,
    texts: rounds * TEXTS_A_ROUND,
    ratio,
    ratioToPlain: toPlain,
    ratioOfPlainBatches: plainBatch,
    cosines,
    textsPerSecond: Object.fromEntries(WAYS.map((way) => [way, spread(perSecond[way], 1)])),
    runsOn: info.runsOn,
    dtype: info.dtype,
    threads,
  };
}

await runBench({
  name: 'embedding',
  claim: 'Embedding 500 passages in one call against one text at a time; vectors equal',
  goal: `≥ ${GOAL.ratio} times, cosine ≥ ${GOAL.cosine}`,
  rounds: 10,
  measure,
});
