import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRandom } from '#core/evals/index.ts';
import { createUnion, differenceHash, hammingDistance, hashPairs } from './duplicates.ts';
import { ALIKE_COSINE, groupPictures } from './picture-groups.ts';

const hex = (bits: bigint): string => bits.toString(16).padStart(16, '0');
const hashOf = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });

describe('difference hash', () => {
  test('has a bit for each luminance that is brighter than its right neighbour', () => {
    const rising = Uint8Array.from({ length: 72 }, (_, i) => (i % 9) * 20);
    expect(differenceHash(rising)).toBe('0000000000000000');
    expect(differenceHash(rising.map((value) => 255 - value))).toBe('ffffffffffffffff');
    const first = rising.slice();
    first[0] = 255;
    expect(differenceHash(first)).toBe('8000000000000000');
    const last = rising.slice();
    last[71] = 0;
    expect(differenceHash(last)).toBe('0000000000000001');
  });

  test('brightness and contrast leave it as it is', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 72, maxLength: 72, max: 100 }),
        fc.integer({ min: 0, max: 50 }),
        (luminances, lift) => {
          const brighter = luminances.map((value) => value * 2 + lift);
          expect(differenceHash(brighter)).toBe(differenceHash(luminances));
        },
      ),
    );
  });

  test('the distance is the number of bits that differ', () => {
    fc.assert(
      fc.property(hashOf, fc.uniqueArray(fc.integer({ min: 0, max: 63 })), (hash, bits) => {
        const other = bits.reduce((sum, bit) => sum ^ (1n << BigInt(bit)), hash);
        expect(hammingDistance(hex(hash), hex(other))).toBe(bits.length);
      }),
    );
  });
});

describe('pairs of hashes', () => {
  /** Plain areas agree with everything: their hashes say nothing. */
  const isTelling = (hash: string): boolean => {
    const set = hammingDistance(hash, hex(0n));
    return set >= 4 && set <= 60;
  };

  test('up to three bits apart are found for sure, and none that is farther than asked', async () => {
    const near = fc.tuple(hashOf, fc.uniqueArray(fc.integer({ min: 0, max: 63 }), { maxLength: 5 }));
    await fc.assert(
      fc.asyncProperty(fc.array(near, { maxLength: 12 }), async (drawn) => {
        const hashes = drawn.flatMap(([hash, bits]) => [
          hex(hash),
          hex(bits.reduce((sum, bit) => sum ^ (1n << BigInt(bit)), hash)),
        ]);
        const found = new Set<string>();
        for await (const [a, b, apart] of hashPairs(hashes, 3)) {
          expect(a).toBeLessThan(b);
          expect(hammingDistance(hashes[a] ?? '', hashes[b] ?? '')).toBe(apart);
          found.add(`${a} ${b}`);
        }
        const expected = new Set<string>();
        for (const [b, second] of hashes.entries())
          for (const [a, first] of hashes.slice(0, b).entries())
            if (isTelling(first) && isTelling(second) && hammingDistance(first, second) <= 3)
              expected.add(`${a} ${b}`);
        expect(found).toEqual(expected);
      }),
    );
  });

  test('a picture without a hash, or with one that says nothing, is in none', async () => {
    const pairs: unknown[] = [];
    for await (const pair of hashPairs([undefined, undefined, hex(0n), hex(0n), hex(7n)], 3))
      pairs.push(pair);
    expect(pairs).toEqual([]);
  });
});

test('sets that are joined are one, whatever the order', () => {
  const joins = fc.array(fc.tuple(fc.nat(19), fc.nat(19)), { maxLength: 30 });
  fc.assert(
    fc.property(joins, (pairs) => {
      const union = createUnion(20);
      const setOf = Array.from({ length: 20 }, (_, i) => new Set([i]));
      for (const [a, b] of pairs) {
        union.join(a, b);
        const all = new Set([...(setOf[a] ?? []), ...(setOf[b] ?? [])]);
        for (const row of all) setOf[row] = all;
      }
      for (let a = 0; a < 20; a++)
        for (let b = 0; b < 20; b++) expect(union.areOne(a, b)).toBe(setOf[a]?.has(b));
      const expected = new Set(setOf.filter(({ size }) => size > 1).map((set) => Math.min(...set)));
      expect(new Set(union.groups().map((group) => Math.min(...group)))).toEqual(expected);
    }),
  );
});

const DIMENSION = 24;

/** Unit vectors around a common direction, as such models give them. */
function vectorsOf(count: number, seed: number): Float32Array {
  const random = createRandom(seed);
  const vectors = new Float32Array(count * DIMENSION);
  for (let row = 0; row < count; row++) {
    const values = Array.from({ length: DIMENSION }, () => random() + random() + random() - 1.5 + 0.4);
    const length = Math.hypot(...values);
    vectors.set(
      values.map((value) => value / length),
      row * DIMENSION,
    );
  }
  return vectors;
}

/** Row `to` becomes almost row `from`. */
function copy(vectors: Float32Array, from: number, to: number, change: number): void {
  const values = Array.from({ length: DIMENSION }, (_, i) => vectors[from * DIMENSION + i] ?? 0);
  values[to % DIMENSION] = (values[to % DIMENSION] ?? 0) + change;
  const length = Math.hypot(...values);
  vectors.set(
    values.map((value) => value / length),
    to * DIMENSION,
  );
}

describe('groups of pictures', () => {
  const picture = (id: number, hash: bigint, pixels = 100) => ({
    id: `p${id}`,
    hash: hex(hash),
    pixels,
    addedAt: id,
  });
  const A = 0x0f1e_2d3c_4b5a_6978n;
  const B = 0xa1b2_c3d4_e5f6_0718n;

  test('the same by hash and embedding, the best first; the alike around their best', async () => {
    const vectors = vectorsOf(6, 3);
    copy(vectors, 0, 1, 0.02);
    copy(vectors, 0, 2, 0.1);
    copy(vectors, 4, 5, 0.02);
    const pictures = [
      picture(0, A),
      picture(1, A ^ 1n, 400),
      picture(2, B),
      picture(3, A), // the same hash, another embedding
      picture(4, 0x1111_2222_3333_4444n),
      picture(5, 0x9999_aaaa_bbbb_cccdn),
    ];
    expect(await groupPictures(pictures, { vectors, dimension: DIMENSION })).toEqual([
      { kind: 'same', imageIds: ['p1', 'p0'] },
      { kind: 'alike', imageIds: ['p1', 'p2'] },
      { kind: 'alike', imageIds: ['p4', 'p5'] },
    ]);
  });

  test('of thousands, pairs are found without comparing all', async () => {
    const count = 3000;
    const vectors = vectorsOf(count, 5);
    const pairs = Array.from({ length: 100 }, (_, i) => [i, count - 1 - i] as const);
    for (const [from, to] of pairs) copy(vectors, from, to, 0.15);
    const random = createRandom(9);
    const hash = () =>
      BigInt(Math.floor(random() * 2 ** 32)) * 2n ** 32n + BigInt(Math.floor(random() * 2 ** 32));
    const pictures = Array.from({ length: count }, (_, i) => picture(i, hash()));
    const groups = await groupPictures(pictures, { vectors, dimension: DIMENSION });
    const together = pairs.filter(([a, b]) =>
      groups.some(({ imageIds }) => imageIds.includes(`p${a}`) && imageIds.includes(`p${b}`)),
    );
    expect(together.length).toBeGreaterThanOrEqual(97);
    for (const { imageIds, kind } of groups) {
      expect(kind).toBe('alike');
      const [best = -1, ...others] = imageIds.map((id) => Number(id.slice(1)));
      for (const other of others) {
        let cosine = 0;
        for (let i = 0; i < DIMENSION; i++)
          cosine += (vectors[best * DIMENSION + i] ?? 0) * (vectors[other * DIMENSION + i] ?? 0);
        expect(cosine).toBeGreaterThanOrEqual(0.95);
      }
    }
    expect(ALIKE_COSINE).toBeGreaterThan(0.95);
  });
});
