// Claim 4: adding a document, end to end, takes at most 1.15 of the time that embedding its passages takes alone.
//   node bench/ingest.mjs [--rounds 5]
import { download, EMBEDDER } from './shared/app.mjs';
import { log, runBench } from './shared/bench.mjs';
import { ingest, sampleFile, storedChunks } from './shared/library.mjs';
import { pairRatios, spread } from './shared/stats.mjs';

const MOST = 1.15;
const SECTIONS = 36; // about 100 passages

async function measure({ rounds, threads, newContext }) {
  const { page: openPage } = await newContext();
  const app = await openPage('models');
  await download(app, EMBEDDER.label);
  await app.getByRole('link', { name: 'Library' }).click();
  const alone = await openPage('bench/embedding.html');
  await alone.evaluate(([model, n]) => globalThis.embedding.load(model, n), [EMBEDDER, threads]);

  /** Embeds what the ingest has just stored, with the same worker code, model and threads: one call, nothing else. */
  async function embedAlone(name) {
    const chunks = await storedChunks(app, name);
    const texts = await alone.evaluate((list) => globalThis.embedding.textsOf(list), chunks);
    return alone.evaluate(
      ([id, list]) => globalThis.embedding.run('together', id, list),
      [EMBEDDER.id, texts],
    );
  }
  async function pair(round, sections) {
    const name = `records-${round}.md`;
    const { startMs, endMs } = await ingest(app, sampleFile(name, { seed: round + 1, sections }));
    const { ms, texts } = await embedAlone(name);
    return { ingestMs: endMs - startMs, embedMs: ms, chunks: texts };
  }
  await pair(1000, 2); // the model is loaded and both are warm

  const runs = [];
  for (let round = 0; round < rounds; round++) {
    const run = await pair(round, SECTIONS);
    runs.push(run);
    log(
      `ingest ${round + 1}/${rounds}: ${run.ingestMs.toFixed(0)} against ${run.embedMs.toFixed(0)} ms, ${run.chunks} chunks`,
    );
  }
  const of = (what) => runs.map((run) => run[what]);
  const ratio = pairRatios(of('ingestMs'), of('embedMs'));
  const chunks = spread(of('chunks'), 0);
  return {
    summary: `${ratio.median} (${ratio.min} to ${ratio.max}) with ${chunks.median} passages`,
    isMet: ratio.median <= MOST,
    ratio,
    ratioOfBest: Number((Math.min(...of('ingestMs')) / Math.min(...of('embedMs'))).toFixed(3)),
    ingestMs: spread(of('ingestMs'), 0),
    embedMs: spread(of('embedMs'), 0),
    chunks,
    threads,
  };
}

await runBench({
  name: 'ingest',
  claim:
    'Adding a document end to end (read, cut, embed, store, searchable) against embedding its passages alone',
  goal: `≤ ${MOST}`,
  rounds: 5,
  measure,
});
