import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Progress } from '#shared/call.ts';
import type { AppError } from '#shared/errors.ts';
import type { Reranker, RerankerInfo } from './reranker.ts';

type LoadInput = Parameters<Reranker['load']>[0];

/** A reranker, a model for English that tells apart what the samples say, and how to load it. */
export interface RerankerSubject {
  readonly reranker: Reranker;
  readonly load: LoadInput;
  /** Loads that must fail, with the codes that are right; the good model must load afterwards. */
  readonly badLoads: readonly {
    readonly name: string;
    readonly input: LoadInput;
    readonly codes: readonly AppError['code'][];
  }[];
  readonly dispose?: () => void | Promise<void>;
}

const PASSAGES = [
  'In April sow carrots and beetroot in rows; thin them when they are as tall as a thumb.',
  'The relief valve opens at nine bar and closes again at eight. Check it once a year.',
  'The tram ran over the bridge for the first time in 1897, drawn by two horses.',
];
const QUERIES = ['when to sow beetroot', 'relief valve check', 'tram over the bridge in 1897'];
const ODD = ['', ' \n\t ', 'naïve 東京 😀 \u0000\uFEFF', '[SEP] [PAD]', 'word '.repeat(3000)];

/** Every adapter of the port runs this, on a model that really computes. */
export function describeReranker(name: string, create: () => Promise<RerankerSubject>): void {
  describe(`${name} as a reranker`, () => {
    let subject: RerankerSubject;
    let info: RerankerInfo;
    const rerank = (query: string, passages: readonly string[]) =>
      subject.reranker.rerank({ modelId: info.modelId, query, passages });

    beforeAll(async () => {
      subject = await create();
      info = await subject.reranker.load(subject.load);
    }, 120_000);
    afterAll(async () => subject.dispose?.());

    test('it says what it runs on, also when it is loaded twice', async () => {
      expect(info.modelId).toBe(subject.load.model.id);
      expect(['wasm', 'webgpu']).toContain(info.runsOn);
      expect(info.maxInputTokens).toBe(subject.load.model.maxInputTokens);
      expect(await subject.reranker.load(subject.load)).toEqual(info);
    });

    test('the passage that answers a query stands first, and scores lie between 0 and 1', async () => {
      for (const [i, query] of QUERIES.entries()) {
        const scores = [...(await rerank(query, PASSAGES))];
        expect(scores).toHaveLength(PASSAGES.length);
        expect(scores.every((score) => score >= 0 && score <= 1)).toBe(true);
        expect(scores.indexOf(Math.max(...scores)), query).toBe(i);
      }
    });

    test('a score depends on its own passage only', async () => {
      const query = QUERIES[1] ?? '';
      const together = await rerank(query, [...PASSAGES, ...ODD]);
      for (const [i, passage] of [...PASSAGES, ...ODD].entries())
        expect((await rerank(query, [passage]))[0]).toBeCloseTo(together[i] ?? Number.NaN, 4);
    });

    test('a query longer than the model reads leaves room for the passage', async () => {
      const scores = await rerank('word '.repeat(3000), PASSAGES);
      expect([...scores].every(Number.isFinite)).toBe(true);
    });

    test('no passages give no scores', async () => {
      expect(await rerank('anything', [])).toHaveLength(0);
    });

    test('progress counts up to all of them', async () => {
      const events: Progress[] = [];
      await subject.reranker.rerank(
        { modelId: info.modelId, query: QUERIES[0] ?? '', passages: PASSAGES },
        { onProgress: (event) => events.push(event) },
      );
      expect(events.at(-1)).toMatchObject({ unit: 'items', done: 3, total: 3 });
    });

    test('an abort stops between batches, and the reranker goes on', async () => {
      const abort = new AbortController();
      const passages = Array.from({ length: 400 }, (_, i) => `${PASSAGES[i % 3]} Number ${i}.`);
      let done = 0;
      const work = subject.reranker.rerank(
        { modelId: info.modelId, query: QUERIES[0] ?? '', passages },
        {
          signal: abort.signal,
          onProgress(event) {
            done = event.done;
            abort.abort();
          },
        },
      );
      await expect(work).rejects.toMatchObject({ code: 'abort/by-user' });
      expect(done).toBeLessThan(passages.length);
      expect(await rerank(QUERIES[0] ?? '', PASSAGES)).toHaveLength(3);
    });

    test('a model that is not loaded is said to be missing', async () => {
      await expect(
        subject.reranker.rerank({ modelId: 'nothing', query: 'a', passages: ['b'] }),
      ).rejects.toMatchObject({ code: 'model/not-found' });
    });

    test('what cannot be loaded is refused with its reason, and the good model still loads', async () => {
      for (const { name: what, input, codes } of subject.badLoads) {
        const error = await subject.reranker.load(input).then(
          () => 'loaded',
          (failure: AppError) => failure.code,
        );
        expect(codes, `${what}: ${error}`).toContain(error);
      }
      expect(await subject.reranker.load(subject.load)).toEqual(info);
      expect(await rerank('still', ['here'])).toHaveLength(1);
    });
  });
}
