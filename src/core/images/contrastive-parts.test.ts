import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CaptionedPictures } from '#core/ports/picture-teacher.ts';
import type { Projection } from '#core/ports/projection-trainer.ts';
import type { SettingsRepository } from '#core/ports/repositories.ts';
import { captionRecall } from './caption-recall.ts';
import { splitPairs } from './contrastive-split.ts';
import { createKeptProjections, type KeptProjection, project } from './projection.ts';

describe('the split', () => {
  test('every picture is in one part, and no held-out caption is known from an earlier part', () => {
    const input = fc
      .array(fc.array(fc.constantFrom('a', 'A ', 'b', 'c', 'd', 'e'), { minLength: 1, maxLength: 4 }), {
        minLength: 4,
        maxLength: 60,
      })
      .map((lists) => ({
        imageIds: lists.map((_, i) => `id-${i}`),
        captions: lists.flat(),
        pictureOf: lists.flatMap((list, i) => list.map(() => i)),
      }));
    fc.assert(
      fc.property(input, fc.integer(), (pairs, seed) => {
        const { train, validation, test: last, meaningOf, sharedCaptions } = splitPairs(pairs, seed);
        const pictures = [train, validation, last].flatMap((part) => part.pictures);
        expect([...pictures].sort((a, b) => a - b)).toEqual(pairs.imageIds.map((_, i) => i));
        const meanings = [train, validation, last].map(
          ({ captions }) => new Set(captions.map((row) => meaningOf[row])),
        );
        for (const [i, part] of meanings.entries())
          for (const earlier of meanings.slice(0, i))
            expect([...part].filter((meaning) => earlier.has(meaning))).toEqual([]);
        const taken = [train, validation, last].flatMap(({ captions }) => captions).length;
        expect(taken + sharedCaptions).toBe(pairs.captions.length);
      }),
    );
  });

  test('a picture that comes later leaves nearly all others where they were', () => {
    const pairs = (count: number) => ({
      imageIds: Array.from({ length: count }, (_, i) => `id-${i}`),
      captions: Array.from({ length: count }, (_, i) => `${i}`),
      pictureOf: Array.from({ length: count }, (_, i) => i),
    });
    const before = new Set(splitPairs(pairs(200), 17).test.pictures);
    const after = splitPairs(pairs(201), 17).test.pictures.filter((picture) => before.has(picture));
    expect(after.length).toBeGreaterThanOrEqual(before.size - 2);
  });
});

test('a picture counts once however many captions it has; an equal score counts as before it', async () => {
  const pictures = new Float32Array([1, 0, 0, 1, 0, 1]);
  const texts = new Float32Array([1, 0, 0, 1, 1, 0]);
  const input: CaptionedPictures = {
    spaceId: '',
    logits: { scale: 1, bias: 0, kind: 'softmax' },
    dimension: 2,
    imageIds: ['a', 'b', 'c'],
    pictures,
    captions: ['x', 'y', 'z'],
    pictureOf: [0, 0, 1],
    texts,
  };
  const figures = await captionRecall(
    input,
    { asked: [0, 1, 2], candidates: [0, 1, 2], meaningOf: [0, 1, 2] },
    undefined,
  );
  // 'x' is first, 'y' has both others before it; 'z' has picture a before it and c beside it.
  expect(figures).toEqual([
    { recall1: 0.5, recall5: 1, reciprocalRank: (1 + 1 / 3) / 2 },
    { recall1: 0, recall5: 1, reciprocalRank: 1 / 3 },
  ]);
});

describe('a kept projection', () => {
  const projection: Projection = {
    dimension: 2,
    rank: 1,
    down: new Float32Array([1, 0]),
    up: new Float32Array([-1, 1]),
  };
  const kept: KeptProjection = {
    isOn: true,
    learnedAt: 1,
    pictures: 60,
    captions: 100,
    recall1: { before: 0.3, after: 0.4 },
    verdict: 'better',
    projection,
  };
  function memory(): SettingsRepository {
    const values = new Map<string, unknown>();
    return {
      get: async (key) => values.get(key),
      set: async (key, value) => void values.set(key, structuredClone(value)),
    };
  }
  const texts = { vectors: new Float32Array([1, 0, 0, 1]), dimension: 2, count: 2 };

  test('moves words only in its own space, while it is on, until it is deleted', async () => {
    const projections = createKeptProjections(memory());
    expect(await projections.apply('one', texts)).toBe(texts);
    await projections.keep('one', kept);
    expect([...(await projections.apply('one', texts)).vectors]).toEqual([0, 1, 0, 1]);
    expect(await projections.apply('two', texts)).toBe(texts);
    await projections.setOn('one', false);
    expect(await projections.apply('one', texts)).toBe(texts);
    expect((await projections.of('one'))?.projection).toEqual(projection);
    await projections.setOn('one', true);
    expect(await projections.apply('one', texts)).not.toBe(texts);
    await projections.remove('one');
    expect(await projections.of('one')).toBeUndefined();
  });

  test('a broken row is none', async () => {
    const settings = memory();
    const projections = createKeptProjections(settings);
    await settings.set('picture-projection:one', { ...kept, projection: { ...projection, rank: 7 } });
    expect(await projections.apply('one', texts)).toBe(texts);
  });

  test('a row that would become nothing stays, and the given vectors are not touched', () => {
    const away = { ...projection, up: new Float32Array([-1, 0]) };
    expect([...project(away, texts).vectors]).toEqual([1, 0, 0, 1]);
    expect([...texts.vectors]).toEqual([1, 0, 0, 1]);
    expect(() => project(projection, { ...texts, dimension: 4, count: 1 })).toThrow('another model');
  });
});
