import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRandom } from '#core/evals/index.ts';
import { makeAlbums } from './albums.ts';
import { sphericalKMeans } from './k-means.ts';
import { crossValidate, fitLogistic, probabilityOf } from './logistic.ts';
import { probeTag } from './tag-probe.ts';

const DIMENSION = 16;

/** `each` unit vectors around every axis of `axes`, in turn. */
function around(axes: readonly number[], each: number, spread: number, seed = 1): Float32Array {
  const random = createRandom(seed);
  const rows = Array.from({ length: axes.length * each }, (_, row) => {
    const axis = axes[row % axes.length] ?? 0;
    const values = Array.from(
      { length: DIMENSION },
      (_, i) => (i === axis ? 1 : 0) + spread * (random() + random() + random() - 1.5),
    );
    const length = Math.hypot(...values);
    return values.map((value) => value / length);
  });
  return new Float32Array(rows.flat());
}

describe('spherical k-means', () => {
  test('finds clusters that lie apart, the same ones each time', async () => {
    const vectors = around([0, 3, 7, 11], 50, 0.1);
    const { clusterOf, centroids, count } = await sphericalKMeans(vectors, DIMENSION, 4);
    expect(count).toBe(4);
    for (let row = 0; row < 200; row++) expect(clusterOf[row]).toBe(clusterOf[row % 4]);
    expect(new Set(clusterOf).size).toBe(4);
    for (let cluster = 0; cluster < 4; cluster++) {
      const centre = centroids.subarray(cluster * DIMENSION, (cluster + 1) * DIMENSION);
      expect(Math.hypot(...centre)).toBeCloseTo(1, 5);
    }
    expect((await sphericalKMeans(vectors, DIMENSION, 4)).clusterOf).toEqual(clusterOf);
  });

  test('each row is with its nearest centre, also of fewer rows than clusters and of equal ones', async () => {
    const drawn = fc.array(fc.constantFrom(0, 1, 2, 5), { minLength: 1, maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(drawn, fc.integer({ min: 1, max: 8 }), async (axes, wanted) => {
        const vectors = around(axes, 1, 0);
        const { clusterOf, centroids, count } = await sphericalKMeans(vectors, DIMENSION, wanted);
        expect(count).toBe(Math.min(wanted, new Set(axes).size));
        for (const [row, cluster] of clusterOf.entries()) {
          const scoreOf = (which: number): number =>
            centroids
              .subarray(which * DIMENSION, (which + 1) * DIMENSION)
              .reduce((sum, value, i) => sum + value * (vectors[row * DIMENSION + i] ?? 0), 0);
          for (let other = 0; other < count; other++)
            expect(scoreOf(cluster)).toBeGreaterThanOrEqual(scoreOf(other) - 1e-6);
        }
      }),
    );
  });

  test('albums: every picture in one, named by its own label, the largest first', async () => {
    const vectors = new Float32Array([...around([0], 30, 0.1), ...around([5], 10, 0.1, 2)]);
    const imageIds = Array.from({ length: 40 }, (_, i) => `p${i}`);
    const scoresOf = (vector: Float32Array) => [vector[0] ?? 0, vector[5] ?? 0, 0.99];
    const labels = ['first', 'fifth', 'any'];
    const albums = await makeAlbums({ imageIds, vectors, dimension: DIMENSION }, 2, { labels, scoresOf });
    expect(albums.map((album) => album.imageIds.length)).toEqual([30, 10]);
    expect(albums.flatMap((album) => album.imageIds).sort()).toEqual([...imageIds].sort());
    expect(new Set(albums.map(({ name }) => name)).size).toBe(2);
    const unnamed = await makeAlbums({ imageIds, vectors, dimension: DIMENSION }, 3, {
      labels: ['first'],
      scoresOf: (vector) => [vector[0] ?? 0],
    });
    expect(unnamed.filter(({ name }) => /^Album \d$/.test(name))).toHaveLength(unnamed.length - 1);
    expect(
      await makeAlbums({ imageIds: [], vectors: new Float32Array(0), dimension: 0 }, 3, { labels, scoresOf }),
    ).toEqual([]);
  });
});

describe('logistic regression', () => {
  const halfAndHalf = (each: number, spread: number, seed?: number) => ({
    vectors: around([0, 1], each, spread, seed),
    dimension: DIMENSION,
    isPositive: Array.from({ length: each * 2 }, (_, row) => row % 2 === 0),
  });

  test('stops where the gradient of the regularised loss is zero', () => {
    const examples = halfAndHalf(40, 0.5);
    const model = fitLogistic(examples);
    const gradient = new Float64Array(DIMENSION + 1);
    for (const [row, positive] of examples.isPositive.entries()) {
      const slope = (probabilityOf(model, examples.vectors, row) - (positive ? 1 : 0)) / 80;
      for (let i = 0; i < DIMENSION; i++)
        gradient[i] = (gradient[i] ?? 0) + slope * (examples.vectors[row * DIMENSION + i] ?? 0);
      gradient[DIMENSION] = (gradient[DIMENSION] ?? 0) + slope;
    }
    for (const [i, weight] of model.weights.entries())
      expect((gradient[i] ?? 0) + weight / 0.316 / 80).toBeCloseTo(0, 4);
    expect(gradient[DIMENSION]).toBeCloseTo(0, 4);
  });

  test('cross-validation: high where there is something to learn, a half where there is nothing', async () => {
    const learnable = await crossValidate(halfAndHalf(60, 0.2));
    expect(learnable.folds).toBe(5);
    expect(learnable.accuracy).toBeGreaterThan(0.95);
    const random = createRandom(4);
    const noise = {
      vectors: around([2], 400, 0.4, 8),
      dimension: DIMENSION,
      isPositive: Array.from({ length: 400 }, () => random() < 0.2),
    };
    const { accuracy } = await crossValidate(noise);
    expect(Math.abs(accuracy - 0.5)).toBeLessThan(0.12);
  });

  test('a few of one kind among many of the other count as much', async () => {
    const vectors = new Float32Array([...around([0], 6, 0.2), ...around([1], 94, 0.2, 3)]);
    const isPositive = Array.from({ length: 100 }, (_, row) => row < 6);
    const { accuracy, folds } = await crossValidate({ vectors, dimension: DIMENSION, isPositive });
    expect(folds).toBe(5);
    expect(accuracy).toBeGreaterThan(0.9);
  });

  test('a tag is suggested for what is like its examples, and for none of them', async () => {
    const vectors = around([0, 1], 30, 0.15);
    const imageIds = Array.from({ length: 60 }, (_, i) => `p${i}`);
    const even = (from: number, to: number, rest: number) =>
      new Set(imageIds.slice(from, to).filter((_, i) => (i + from) % 2 === rest));
    const pictures = { imageIds, vectors, dimension: DIMENSION };
    const examples = { tag: 'even', positive: even(0, 20, 0), negative: even(0, 20, 1) };
    const { accuracy, folds, suggested } = await probeTag(pictures, examples);
    expect([folds, accuracy > 0.9]).toEqual([5, true]);
    expect(suggested.map(({ imageId }) => imageId).sort()).toEqual([...even(20, 60, 0)].sort());
    const scores = suggested.map(({ score }) => score);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    const tooFew = { tag: 'even', positive: new Set(['p0', 'p2']), negative: new Set(['p1', 'p0', 'gone']) };
    await expect(probeTag(pictures, tooFew)).rejects.toMatchObject({ code: 'input/invalid' });
  });
});
