import { array, assert, asyncProperty, integer } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { signatureOf, similarityOf } from './minhash.ts';
import { createNearDuplicates } from './near-duplicates.ts';

const words = (seed: number, count: number): string[] =>
  Array.from({ length: count }, (_, i) => `w${(Math.imul(seed + 1, 7919) + i * 104_729) >>> 0}`);
const sign = async (text: string): Promise<Uint32Array> => {
  const signature = await signatureOf(text);
  if (signature === undefined) throw new Error('There are no words');
  return signature;
};
/** Shingles of four words, counted: what the signature estimates. */
function jaccard(a: readonly string[], b: readonly string[]): number {
  const shingles = (list: readonly string[]) =>
    new Set(Array.from({ length: list.length - 3 }, (_, i) => list.slice(i, i + 4).join(' ')));
  const [one, other] = [shingles(a), shingles(b)];
  const common = [...one].filter((shingle) => other.has(shingle)).length;
  return common / (one.size + other.size - common);
}

describe('MinHash', () => {
  test('estimates the resemblance of two texts within four standard errors', async () => {
    await assert(
      asyncProperty(
        integer({ min: 0, max: 1e6 }),
        array(integer({ min: 0, max: 399 }), { maxLength: 60 }),
        async (seed, edits) => {
          const one = words(seed, 400);
          const other = one.map((word, i) => (edits.includes(i) ? `edit${i}` : word));
          const estimate = similarityOf(await sign(one.join(' ')), await sign(other.join(' ')));
          expect(Math.abs(estimate - jaccard(one, other))).toBeLessThan(4 * 0.0442);
        },
      ),
      { numRuns: 60, seed: 7 },
    );
  });

  test('does not see case, punctuation and white space, and is the same on every machine', async () => {
    const signature = await sign('The relief valve opens at nine bar.');
    expect(await sign('  the RELIEF valve,\nopens at — nine bar')).toEqual(signature);
    expect([...signature.subarray(0, 4)]).toEqual([870_408_768, 814_499_773, 683_058_499, 911_834_827]);
    expect(await signatureOf(' … \n')).toBeUndefined();
    expect(similarityOf(await sign('one word'), await sign('one word'))).toBe(1);
    expect(similarityOf(await sign('one word'), await sign('two words'))).toBeLessThan(0.1);
  });
});

describe('near duplicates', () => {
  const record = async (id: string, list: readonly string[], addedAt: number, keptBeside?: string[]) => ({
    id,
    addedAt,
    signature: await sign(list.join(' ')),
    ...(keptBeside ? { keptBeside } : {}),
  });
  const base = words(1, 500);
  const edited = base.map((word, i) => (i % 100 === 50 ? 'other' : word));

  test('the newer of two editions points at the older one; strangers and old rows at nothing', async () => {
    const find = createNearDuplicates();
    const documents = [
      await record('new', edited, 2),
      await record('old', base, 1),
      await record('stranger', words(77, 500), 3),
      { id: 'row-of-an-older-version', addedAt: 0 },
    ];
    const found = find(documents);
    expect([...found.keys()]).toEqual(['new']);
    expect(found.get('new')?.of).toBe('old');
    expect(found.get('new')?.similarity).toBeGreaterThan(0.8);
    expect(find(documents)).toBe(found); // nothing changed, nothing is compared again
  });

  test('what is kept beside, removed or put back is seen at once', async () => {
    const find = createNearDuplicates();
    const [old, fresh] = [await record('old', base, 1), await record('new', edited, 2)];
    expect(find([old, fresh]).size).toBe(1);
    expect(find([old, { ...fresh, keptBeside: ['old'] }]).size).toBe(0);
    expect(find([old, fresh]).size).toBe(1);
    expect(find([fresh]).size).toBe(0);
    expect(find([old, fresh]).get('new')?.of).toBe('old');
  });

  test('finds all of three hundred pairs and pairs no strangers', async () => {
    const find = createNearDuplicates();
    const documents = [];
    for (let i = 0; i < 300; i++) {
      const list = words(1000 + i * 13, 200);
      documents.push(
        await record(`a${i}`, list, 1),
        await record(`b${i}`, [...list.slice(0, 197), 'x', 'y', 'z'], 2),
      );
    }
    const found = find(documents);
    expect(found.size).toBe(300);
    for (const [id, { of }] of found) expect(of).toBe(id.replace('b', 'a'));
  });
});
