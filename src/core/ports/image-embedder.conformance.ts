import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Progress } from '#shared/call.ts';
import type { AppError } from '#shared/errors.ts';
import type { ImageEmbedder, ImageEmbedderInfo } from './image-embedder.ts';
import type { Embeddings } from './text-embedder.ts';

type LoadInput = Parameters<ImageEmbedder['load']>[0];

/** An image embedder, a model that knows what the samples show, and how to load it. */
export interface ImageEmbedderSubject {
  readonly embedder: ImageEmbedder;
  readonly load: LoadInput;
  /** Pictures in the model's own input size, each with its name in words. All unlike each other; at least four. */
  readonly samples: readonly { readonly name: string; readonly pixels: Uint8Array }[];
  /** Loads that must fail, with the codes that are right; the good model must load afterwards. */
  readonly badLoads: readonly {
    readonly name: string;
    readonly input: LoadInput;
    readonly codes: readonly AppError['code'][];
  }[];
  /** What it must say that it runs on, for this load on this machine. */
  readonly runsOn: ImageEmbedderInfo['runsOn'];
  readonly dispose?: () => void | Promise<void>;
}

const ODD_TEXTS = [
  '',
  'a',
  'a '.repeat(3000),
  'naïve 東京 😀 \u0000\uFEFF',
  '\n\t ',
  '[SEP] [PAD]',
  'two red apples',
];

function vectorOf({ vectors, dimension }: Embeddings, index: number): Float32Array {
  return vectors.subarray(index * dimension, (index + 1) * dimension);
}

function cosine(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
}

function largestGap(a: Float32Array, b: Float32Array): number {
  return a.reduce((gap, value, i) => Math.max(gap, Math.abs(value - (b[i] ?? 0))), 0);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Every adapter of the port runs this, on a real model. */
export function describeImageEmbedder(name: string, create: () => Promise<ImageEmbedderSubject>): void {
  describe(`${name} as an image embedder`, () => {
    let subject: ImageEmbedderSubject;
    let info: ImageEmbedderInfo;
    const embed = (pictures: readonly Uint8Array[], options = {}) =>
      subject.embedder.embedImages(
        { modelId: info.modelId, pixels: joined(pictures), count: pictures.length },
        options,
      );
    const embedTexts = (texts: readonly string[]) =>
      subject.embedder.embedTexts({ modelId: info.modelId, texts });
    const pictures = (): readonly Uint8Array[] => subject.samples.map(({ pixels }) => pixels);

    beforeAll(async () => {
      subject = await create();
      info = await subject.embedder.load(subject.load);
    }, 120_000);
    afterAll(async () => subject.dispose?.());

    test('it says what it runs on, its size, its input, its logits and a fingerprint that stays', async () => {
      const { model } = subject.load;
      expect(info).toMatchObject({ modelId: model.id, runsOn: subject.runsOn, dimension: model.dimension });
      expect(info.logits).toEqual(model.logits);
      expect(info.input.width * info.input.height * 3).toBe(subject.samples[0]?.pixels.length);
      expect(info.fingerprint.length).toBeGreaterThan(8);
      expect(await subject.embedder.load(subject.load)).toEqual(info);
      await subject.embedder.unload({ modelId: info.modelId });
      expect(await subject.embedder.load(subject.load)).toEqual(info);
    });

    test('the fingerprint changes with the weights of either side', async () => {
      const { model } = subject.load;
      const seen = new Set([info.fingerprint]);
      for (const side of ['vision', 'text']) {
        await subject.embedder.unload({ modelId: model.id });
        const files = model.files.map((file) =>
          file.path.includes(`${side}_model`) ? { ...file, sha256: '0'.repeat(64) } : file,
        );
        seen.add((await subject.embedder.load({ ...subject.load, model: { ...model, files } })).fingerprint);
      }
      expect(seen.size).toBe(3);
      await subject.embedder.unload({ modelId: model.id });
      await subject.embedder.load(subject.load);
    });

    test('vectors have length one, pictures and odd texts alike', async () => {
      for (const all of [await embed(pictures()), await embedTexts(ODD_TEXTS)]) {
        expect(all.dimension).toBe(info.dimension);
        expect(all.vectors).toHaveLength(all.count * info.dimension);
        for (let i = 0; i < all.count; i++)
          expect(Math.sqrt(cosine(vectorOf(all, i), vectorOf(all, i)))).toBeCloseTo(1, 5);
      }
    });

    test('the same picture and the same text give the same vector again', async () => {
      expect(largestGap((await embed(pictures())).vectors, (await embed(pictures())).vectors)).toBe(0);
      const texts = subject.samples.map((sample) => sample.name);
      expect(largestGap((await embedTexts(texts)).vectors, (await embedTexts(texts)).vectors)).toBe(0);
    });

    test('a vector does not depend on the others of its call, nor on their order', async () => {
      const many = Array.from({ length: 20 }, (_, i) => pictures()[i % pictures().length] as Uint8Array);
      const all = await embed(many);
      for (const [i, picture] of pictures().entries())
        expect(largestGap(vectorOf(await embed([picture]), 0), vectorOf(all, i))).toBeLessThan(1e-4);
      const reversed = await embed(many.toReversed());
      many.forEach((_, i) => {
        expect(largestGap(vectorOf(reversed, 19 - i), vectorOf(all, i))).toBeLessThan(1e-4);
      });
      const texts = await embedTexts(ODD_TEXTS);
      for (const [i, text] of ODD_TEXTS.entries())
        expect(largestGap(vectorOf(await embedTexts([text]), 0), vectorOf(texts, i))).toBeLessThan(1e-4);
    });

    test('each picture is nearest to its own name, and each name to its picture', async () => {
      const images = await embed(pictures());
      const names = await embedTexts(subject.samples.map((sample) => sample.name));
      subject.samples.forEach((sample, i) => {
        const toNames = subject.samples.map((_, k) => cosine(vectorOf(images, i), vectorOf(names, k)));
        const toPictures = subject.samples.map((_, k) => cosine(vectorOf(names, i), vectorOf(images, k)));
        expect(toNames.indexOf(Math.max(...toNames)), sample.name).toBe(i);
        expect(toPictures.indexOf(Math.max(...toPictures)), sample.name).toBe(i);
      });
    });

    test('pixels that are not that many pictures are refused', async () => {
      const pixels = pictures()[0] as Uint8Array;
      for (const [bytes, count] of [
        [pixels.subarray(3), 1],
        [pixels, 2],
        [pixels, 0.5],
        [pixels, -1],
      ] as const)
        await expect(
          subject.embedder.embedImages({ modelId: info.modelId, pixels: bytes, count }),
        ).rejects.toMatchObject({ code: 'input/invalid' });
      expect((await embed([pixels])).count).toBe(1);
    });

    test('nothing gives no vectors', async () => {
      expect(await embed([])).toMatchObject({ count: 0, vectors: new Float32Array(0) });
      expect(await embedTexts([])).toMatchObject({ count: 0, vectors: new Float32Array(0) });
    });

    test('progress counts items up to all of them', async () => {
      const events: Progress[] = [];
      await embed(pictures(), { onProgress: (event: Progress) => events.push(event) });
      const done = events.map((event) => event.done);
      expect(done).toEqual(done.toSorted((a, b) => a - b));
      const total = pictures().length;
      expect(events.at(-1)).toMatchObject({ phase: 'embed', unit: 'items', done: total, total });
    });

    test('an abort stops between batches, and the embedder goes on', async () => {
      const abort = new AbortController();
      const many = Array.from({ length: 200 }, (_, i) => pictures()[i % pictures().length] as Uint8Array);
      let done = 0;
      const work = embed(many, {
        signal: abort.signal,
        onProgress(event: Progress) {
          done = event.done;
          if (done > 0) abort.abort();
        },
      });
      await expect(work).rejects.toMatchObject({ code: 'abort/by-user' });
      expect(done).toBeLessThan(many.length);
      expect((await embedTexts(['after'])).count).toBe(1);
    });

    test('words are answered while many pictures go through', async () => {
      await embedTexts(['warm']);
      const many = Array.from({ length: 200 }, (_, i) => pictures()[i % pictures().length] as Uint8Array);
      let isOver = false;
      const long = embed(many).then(() => {
        isOver = true;
      });
      await embedTexts(['short']);
      expect(isOver).toBe(false);
      await long;
    });

    test('a model that is not loaded, or was unloaded, is said to be missing', async () => {
      const modelId = 'nothing';
      const missing = { code: 'model/not-found' };
      await expect(subject.embedder.embedTexts({ modelId, texts: ['a'] })).rejects.toMatchObject(missing);
      await subject.embedder.unload({ modelId: info.modelId });
      await expect(embed(pictures())).rejects.toMatchObject(missing);
      expect(await subject.embedder.load(subject.load)).toEqual(info);
    });

    test('what cannot be loaded is refused with its reason, and the good model still loads', async () => {
      for (const { name: what, input, codes } of subject.badLoads) {
        const error = await subject.embedder
          .load(input)
          .then(() => subject.embedder.embedTexts({ modelId: input.model.id, texts: ['a'] }))
          .then(
            () => 'loaded',
            (failure: AppError) => failure.code,
          );
        expect(codes, `${what}: ${error}`).toContain(error);
      }
      expect(await subject.embedder.load(subject.load)).toEqual(info);
      expect((await embed(pictures())).count).toBe(pictures().length);
    });
  });
}
