import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Progress } from '#shared/call.ts';
import type { AppError } from '#shared/errors.ts';
import type { EmbedderInfo, Embeddings, TextEmbedder } from './text-embedder.ts';

type LoadInput = Parameters<TextEmbedder['load']>[0];

/** An embedder, a small model for English that tells apart what the samples say, and how to load it. */
export interface TextEmbedderSubject {
  readonly embedder: TextEmbedder;
  readonly load: LoadInput;
  /** Loads that must fail, with the codes that are right; the good model must load afterwards. */
  readonly badLoads: readonly {
    readonly name: string;
    readonly input: LoadInput;
    readonly codes: readonly AppError['code'][];
  }[];
  /** What it must say that it runs on, for this load on this machine. */
  readonly runsOn: EmbedderInfo['runsOn'];
  readonly dispose?: () => void | Promise<void>;
}

const PASSAGES = [
  'The relief valve opens at nine bar and closes again at eight. Check it once a year before the season starts.',
  'In April sow carrots and beetroot in rows; thin them when they are as tall as a thumb.',
  'The tram ran over the bridge for the first time in 1897, drawn by two horses.',
  'Descale the machine every two months if the water is hard.',
];
const QUESTIONS = [
  'At which pressure does the safety valve open?',
  'When do I sow vegetables?',
  'When did the first tram cross the river?',
  'How often must limescale be removed?',
];
const UNLIKE = [
  '',
  'a',
  'a '.repeat(3000),
  'naïve 東京 😀 \u0000\uFEFF',
  '\n\t ',
  '[SEP] [PAD]',
  ...PASSAGES,
  PASSAGES.join(' '),
];

function vectorOf({ vectors, dimension }: Embeddings, index: number): Float32Array {
  return vectors.subarray(index * dimension, (index + 1) * dimension);
}

function cosine(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
}

function norm(a: Float32Array): number {
  return Math.sqrt(cosine(a, a));
}

/** Every adapter of the port runs this, on a real model. */
export function describeTextEmbedder(name: string, create: () => Promise<TextEmbedderSubject>): void {
  describe(`${name} as a text embedder`, () => {
    let subject: TextEmbedderSubject;
    let info: EmbedderInfo;
    const embed = (texts: readonly string[], kind: 'query' | 'passage' = 'passage') =>
      subject.embedder.embed({ modelId: subject.load.model.id, texts, kind });

    beforeAll(async () => {
      subject = await create();
      info = await subject.embedder.load(subject.load);
    }, 120_000);
    afterAll(async () => subject.dispose?.());

    test('it says what it runs on, its size and a fingerprint that stays', async () => {
      expect(info.modelId).toBe(subject.load.model.id);
      expect(info.runsOn).toBe(subject.runsOn);
      expect(info.dimension).toBe(subject.load.model.dimension);
      expect(info.maxInputTokens).toBe(subject.load.model.maxInputTokens);
      expect(info.fingerprint.length).toBeGreaterThan(8);
      expect(await subject.embedder.load(subject.load)).toEqual(info);
      await subject.embedder.unload({ modelId: info.modelId });
      expect(await subject.embedder.load(subject.load)).toEqual(info);
    });

    test('the fingerprint changes with the prompts and the weights', async () => {
      const { model } = subject.load;
      const others = [
        { ...model, prompt: { query: 'q: ', passage: 'p: ' } },
        { ...model, files: model.files.map((file) => ({ ...file, sha256: '0'.repeat(64) })) },
      ];
      for (const other of others) {
        await subject.embedder.unload({ modelId: model.id });
        const loaded = await subject.embedder.load({ ...subject.load, model: other });
        expect(loaded.fingerprint).not.toBe(info.fingerprint);
      }
      await subject.embedder.unload({ modelId: model.id });
      await subject.embedder.load(subject.load);
    });

    test('a question is nearest to the passage that answers it', async () => {
      const passages = await embed(PASSAGES);
      const questions = await embed(QUESTIONS, 'query');
      QUESTIONS.forEach((_, q) => {
        const scores = PASSAGES.map((_, p) => cosine(vectorOf(questions, q), vectorOf(passages, p)));
        expect(scores.indexOf(Math.max(...scores))).toBe(q);
      });
    });

    test('vectors have length one, also of odd texts, and stand in the order of the texts', async () => {
      const all = await embed(UNLIKE);
      expect(all).toMatchObject({ count: UNLIKE.length, dimension: info.dimension });
      expect(all.vectors).toHaveLength(UNLIKE.length * info.dimension);
      UNLIKE.forEach((_, i) => {
        expect(norm(vectorOf(all, i))).toBeCloseTo(1, 5);
      });
    });

    test('a vector does not depend on the other texts of its call', async () => {
      const all = await embed(UNLIKE);
      for (const [i, text] of UNLIKE.entries())
        expect(cosine(vectorOf(await embed([text]), 0), vectorOf(all, i))).toBeGreaterThanOrEqual(0.999);
      const reversed = await embed(UNLIKE.toReversed());
      UNLIKE.forEach((_, i) => {
        const mirrored = vectorOf(reversed, UNLIKE.length - 1 - i);
        expect(cosine(mirrored, vectorOf(all, i))).toBeGreaterThanOrEqual(0.999);
      });
    });

    test('a query gets its own prefix', async () => {
      const { prompt } = subject.load.model;
      const text = QUESTIONS[0] ?? '';
      const asQuery = vectorOf(await embed([text], 'query'), 0);
      const written = vectorOf(await embed([`${prompt?.query ?? ''}${text}`], 'passage'), 0);
      expect(prompt?.passage).toBe('');
      expect(cosine(asQuery, written)).toBeGreaterThanOrEqual(0.999);
    });

    test('no texts give no vectors', async () => {
      expect(await embed([])).toMatchObject({ count: 0, vectors: new Float32Array(0) });
    });

    test('progress counts items up to all of them', async () => {
      const events: Progress[] = [];
      await subject.embedder.embed(
        { modelId: info.modelId, texts: PASSAGES, kind: 'passage' },
        { onProgress: (event) => events.push(event) },
      );
      expect(events.length).toBeGreaterThan(1);
      expect(events.map(({ done }) => done)).toEqual(
        events.map(({ done }) => done).toSorted((a, b) => a - b),
      );
      expect(events.at(-1)).toMatchObject({ phase: 'embed', unit: 'items', done: 4, total: 4 });
    });

    test('an abort stops between batches, and the embedder goes on', async () => {
      const abort = new AbortController();
      let done = 0;
      const texts = Array.from({ length: 200 }, (_, i) => `${PASSAGES[i % PASSAGES.length]} Number ${i}.`);
      const work = subject.embedder.embed(
        { modelId: info.modelId, texts, kind: 'passage' },
        {
          signal: abort.signal,
          onProgress(event) {
            done = event.done;
            if (done > 0) abort.abort();
          },
        },
      );
      await expect(work).rejects.toMatchObject({ code: 'abort/by-user' });
      expect(done).toBeLessThan(texts.length);
      expect((await embed(['after'])).count).toBe(1);
    });

    test('a query is answered while a long call goes on', async () => {
      const texts = Array.from({ length: 40 }, (_, i) => `${PASSAGES[i % PASSAGES.length]} Number ${i}.`);
      let isOver = false;
      const long = embed(texts).then(() => {
        isOver = true;
      });
      await embed(['short'], 'query');
      expect(isOver).toBe(false);
      await long;
    });

    test('a model that is not loaded is said to be missing', async () => {
      await expect(
        subject.embedder.embed({ modelId: 'nothing', texts: ['a'], kind: 'query' }),
      ).rejects.toMatchObject({ code: 'model/not-found' });
    });

    test('what cannot be loaded is refused with its reason, and the good model still loads', async () => {
      for (const { name: what, input, codes } of subject.badLoads) {
        const error = await subject.embedder.load(input).then(
          () => 'loaded',
          (failure: AppError) => failure.code,
        );
        expect(codes, `${what}: ${error}`).toContain(error);
      }
      expect(await subject.embedder.load(subject.load)).toEqual(info);
      expect((await embed(['still here'])).count).toBe(1);
    });
  });
}
