import { expect, test } from 'vitest';
import { parseBeir } from './beir.ts';
import { formatTrecRun, reportOf } from './report.ts';
import { rankDocuments, runSetting } from './run.ts';
import { rankingOf, settingLabel, settingsOf } from './settings.ts';

const dataset = await parseBeir('set', {
  corpus: ['apple', 'banana', 'cherry'].map((word) => JSON.stringify({ _id: word, text: word })).join('\n'),
  queries: ['apple', 'banana', 'cherry', 'unjudged']
    .map((word) => JSON.stringify({ _id: `q-${word}`, text: word }))
    .join('\n'),
  qrels: ['apple', 'banana', 'cherry'].map((word) => `q-${word}\t${word}\t1`).join('\n'),
});

/** Dense finds what was asked for; lexical always answers in the order of the corpus. */
const search = async (query: string, { mode }: { readonly mode: string }): Promise<readonly string[]> =>
  mode === 'dense' ? [query] : dataset.documents.map(({ id }) => id);

let clock = 0;
const ports = { search, nowMs: () => clock++ * 5 };

test('a document stands where its best chunk stands; documents of the same bytes stand together', () => {
  const documentsOf = (id: string): readonly string[] =>
    id === 'h2' ? ['b', 'b2'] : id === 'h9' ? [] : [id];
  expect(rankDocuments(['a', 'h2', 'a', 'h9', 'c', 'h2'], documentsOf)).toEqual(['a', 'b', 'b2', 'c']);
});

test('asks every judged question, and reports settings side by side', async () => {
  const seen: number[] = [];
  const dense = await runSetting(
    ports,
    dataset,
    { mode: 'dense' },
    { onProgress: ({ done }) => seen.push(done) },
  );
  const lexical = await runSetting(ports, dataset, { mode: 'lexical' });
  expect(seen).toEqual([1, 2, 3]);
  expect(lexical.queries.map(({ metrics }) => metrics.mrr10)).toEqual([1, 1 / 2, 1 / 3]);
  const { settings, comparisons } = await reportOf([lexical, dense], { seed: 1, resamples: 500 });
  expect(settings.map(({ label, metrics }) => [label, metrics.mrr10.mean, metrics.mrr10.n])).toEqual([
    ['Lexical', (1 + 1 / 2 + 1 / 3) / 3, 3],
    ['Dense', 1, 3],
  ]);
  expect(settings[0]?.queryMs).toEqual({ p50: 5, p95: 5 });
  expect(comparisons).toMatchObject([
    { base: 'Dense', other: 'Lexical', test: { wins: 0, losses: 2, ties: 1 } },
  ]);
  expect(formatTrecRun(lexical).split('\n')[1]).toBe('q-apple Q0 banana 2 2 Lexical');
});

test('stops between questions', async () => {
  const abort = new AbortController();
  const run = runSetting(
    ports,
    dataset,
    { mode: 'dense' },
    { signal: abort.signal, onProgress: () => abort.abort() },
  );
  await expect(run).rejects.toMatchObject({ code: 'abort/by-user' });
});

test('a grid: weights only where lists are fused, every setting once, each with a name of its own', () => {
  const settings = settingsOf({
    modes: ['dense', 'hybrid'],
    denseShares: [0.3, 0.5, 0.7],
    mmrLambdas: [undefined, 0.5],
  });
  expect(settings.map(settingLabel)).toEqual([
    'Dense',
    'Dense, λ 0.5',
    'Hybrid 0.3 : 0.7',
    'Hybrid 0.3 : 0.7, λ 0.5',
    'Hybrid',
    'Hybrid, λ 0.5',
    'Hybrid 0.7 : 0.3',
    'Hybrid 0.7 : 0.3, λ 0.5',
  ]);
  const helped = settingsOf({
    modes: ['lexical', 'hybrid'],
    wordings: [undefined, 'variants', 'hypothetical'],
    reranked: [false, true],
  });
  expect(helped.map(settingLabel)).toEqual([
    'Lexical',
    'Lexical, reranked',
    'Lexical, several wordings',
    'Lexical, several wordings, reranked',
    'Hybrid',
    'Hybrid, reranked',
    'Hybrid, several wordings',
    'Hybrid, several wordings, reranked',
    'Hybrid, HyDE',
    'Hybrid, HyDE, reranked',
  ]);
  expect(rankingOf({ mode: 'dense' })).toEqual({ hasFloor: false, keepsCopies: true });
});
