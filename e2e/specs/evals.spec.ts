import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from '../fixtures/benchtop.ts';
import { EvalsPage } from '../pages/evals.page.ts';
import { ModelsPage } from '../pages/models.page.ts';

const SET = resolve(import.meta.dirname, '../fixtures/beir-jargon');
const QUESTIONS = 16;
const DOCUMENTS = 80;

const linesOf = (path: string): readonly string[] =>
  readFileSync(join(SET, path), 'utf8')
    .split('\n')
    .filter((line) => line !== '');

/** The first questions of the set, all that is judged for them, and other documents up to a number. */
function writeSubset(folder: string): void {
  const queries = linesOf('queries.jsonl').slice(0, QUESTIONS);
  const ids = new Set(queries.map((line) => (JSON.parse(line) as { _id: string })._id));
  const [heading = '', ...judged] = linesOf('qrels/test.tsv');
  const kept = judged.filter((line) => ids.has(line.split('\t')[0] ?? ''));
  const wanted = new Set(kept.map((line) => line.split('\t')[1]));
  const corpus = linesOf('corpus.jsonl');
  const isWanted = (line: string): boolean => wanted.has((JSON.parse(line) as { _id: string })._id);
  const documents = [...corpus.filter(isWanted), ...corpus.filter((line) => !isWanted(line))].slice(
    0,
    DOCUMENTS,
  );
  mkdirSync(join(folder, 'qrels'), { recursive: true });
  writeFileSync(join(folder, 'corpus.jsonl'), documents.join('\n'));
  writeFileSync(join(folder, 'queries.jsonl'), `${queries.join('\n')}\n`);
  writeFileSync(join(folder, 'qrels/test.tsv'), [heading, ...kept].join('\n'));
}

test('a question set goes through the library, and the three modes are compared with intervals', async ({
  page,
}, info) => {
  const folder = info.outputPath('small-set');
  writeSubset(folder);
  const models = new ModelsPage(page);
  await models.open();
  await models.download('BGE small (English)');
  const evals = new EvalsPage(page);
  await evals.open();
  await evals.importSet(folder);
  await evals.evaluate();

  const { dataset, embedder, settings } = await evals.figures();
  expect(dataset).toMatchObject({ documents: DOCUMENTS, judged: QUESTIONS });
  expect(dataset.chunks).toBeGreaterThanOrEqual(DOCUMENTS);
  expect(embedder.modelId).toBe('bge-small-en-v1.5');
  expect(settings.map(({ label }) => label)).toEqual(['Dense', 'Lexical', 'Hybrid']);
  for (const { label, metrics } of settings) {
    const { mean, low, high, n } = metrics.ndcg10;
    expect(n).toBe(QUESTIONS);
    expect(mean).toBeGreaterThan(0.4);
    expect(low).toBeLessThanOrEqual(mean);
    expect(high).toBeGreaterThanOrEqual(mean);
    expect(await evals.shownNdcg(label)).toBeCloseTo(mean, 3);
  }
  const [dense, lexical, hybrid] = settings.map(({ metrics }) => metrics.ndcg10);
  const better = Math.max(dense?.mean ?? 0, lexical?.mean ?? 0);
  expect(hybrid?.high).toBeGreaterThanOrEqual(better);

  // Its documents are in the library like all others.
  await page.goto('/library');
  await expect(page.getByRole('navigation', { name: 'Collections' })).toContainText('Evaluation: small-set');
});
