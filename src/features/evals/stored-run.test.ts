import { describe, expect, test } from 'vitest';
import { reportOf, type SettingRun } from '#core/evals/index.ts';
import type { EvalResult } from './evals-state.ts';
import { bestOf, compareRuns, type EarlierRun, readRun, storedResult } from './stored-run.ts';

type Scores = Readonly<Record<string, number>>;

function runOf(mode: 'dense' | 'lexical', scores: Scores): SettingRun {
  const queries = Object.entries(scores).map(([queryId, ndcg10]) => ({
    queryId,
    ranking: ['d'],
    metrics: { ndcg10, recall10: 1, recall100: 1, mrr10: 1 },
    tookMs: 3,
  }));
  return { setting: { mode }, queries };
}

async function resultOf(...runs: readonly SettingRun[]): Promise<EvalResult> {
  return {
    dataset: {
      name: 'Mine',
      documents: 3,
      chunks: 3,
      queries: 3,
      judged: 3,
      unread: [],
      missingDocuments: [],
      isOfPassages: true,
    },
    embedder: { modelId: 'm', dimension: 8, dtype: 'q8', runsOn: 'wasm', fingerprint: 'f' },
    helpers: { reranker: 'r' },
    chunkerVersion: undefined,
    report: await reportOf(runs, { seed: 1, resamples: 50 }),
    runs,
  };
}

/** As it comes back from the disk. */
async function stored(createdAt: number, ...runs: readonly SettingRun[]): Promise<EarlierRun> {
  const result = structuredClone(storedResult(await resultOf(...runs)));
  return readRun({ id: String(createdAt), datasetId: 's', createdAt, result });
}

describe('a stored run', () => {
  test('is read as it was measured', async () => {
    const result = await resultOf(runOf('dense', { a: 1, b: 0 }), runOf('lexical', { a: 1, b: 1 }));
    const { report, embedder, helpers } = result;
    const read = await stored(1, ...result.runs);
    expect(read.result).toMatchObject({ report, embedder, helpers, dataset: { name: 'Mine', judged: 3 } });
    expect(read.result && bestOf(read.result)?.label).toBe('Lexical');
    expect(read.scores).toEqual({ queryIds: ['a', 'b'], ndcg10: { Dense: [1, 0], Lexical: [1, 1] } });
  });

  test('of another version is named as one that cannot be read', async () => {
    const record = { id: 'x', datasetId: 's', createdAt: 1, result: { format: 'other' } };
    expect(readRun(record)).toEqual({ id: 'x', createdAt: 1, result: undefined, scores: undefined, record });
  });
});

describe('two runs', () => {
  test('are compared over the questions of both, setting by setting', async () => {
    const before = await stored(
      1,
      runOf('dense', { a: 0.5, b: 0, c: 1 }),
      runOf('lexical', { a: 1, b: 1, c: 1 }),
    );
    const after = await stored(2, runOf('dense', { d: 0, c: 0.5, b: 1, a: 1 }));
    const comparison = await compareRuns(before, after);
    expect(comparison?.questions).toBe(3);
    expect(comparison?.rows).toHaveLength(1);
    const [row] = comparison?.rows ?? [];
    expect(row).toMatchObject({ base: 'Dense', other: 'Dense', test: { wins: 2, losses: 1, ties: 0 } });
    expect(row?.test.difference.mean).toBeCloseTo((0.5 + 1 - 0.5) / 3, 12);
  });

  test('without a setting in common: the best of each', async () => {
    const comparison = await compareRuns(
      await stored(1, runOf('dense', { a: 0.25 })),
      await stored(2, runOf('lexical', { a: 1 })),
    );
    expect(comparison?.rows).toMatchObject([
      { base: 'Dense', other: 'Lexical', test: { difference: { mean: 0.75 }, wins: 1 } },
    ]);
  });

  test('without a question in common, or without scores, are not', async () => {
    const one = await stored(1, runOf('dense', { a: 1 }));
    expect(await compareRuns(one, await stored(2, runOf('dense', { b: 1 })))).toBeUndefined();
    expect(await compareRuns({ ...one, scores: undefined }, one)).toBeUndefined();
  });
});
