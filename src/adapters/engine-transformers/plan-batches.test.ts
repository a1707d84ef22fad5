import fc from 'fast-check';
import { expect, test } from 'vitest';
import { planBatches } from './plan-batches.ts';

const LENGTHS = fc.array(fc.integer({ min: 2, max: 512 }), { maxLength: 200 });

test('every text is in exactly one batch, and fits into it', () => {
  fc.assert(
    fc.property(LENGTHS, fc.integer({ min: 0, max: 4096 }), (lengths, batchTokens) => {
      const batches = planBatches(lengths, { batchTokens, paddingShare: 0.1 });
      const seen = batches.flatMap(({ indexes }) => indexes).sort((a, b) => a - b);
      expect(seen).toEqual(lengths.map((_, i) => i));
      for (const { indexes, tokens } of batches)
        expect(Math.max(...indexes.map((i) => lengths[i] ?? 0))).toBe(tokens);
    }),
  );
});

test('a batch keeps to its tokens, and little of it is padding', () => {
  fc.assert(
    fc.property(LENGTHS, (lengths) => {
      for (const { indexes, tokens } of planBatches(lengths, { batchTokens: 1024, paddingShare: 0.1 })) {
        if (indexes.length > 1) expect(indexes.length * tokens).toBeLessThanOrEqual(1024);
        for (const i of indexes) expect(lengths[i]).toBeGreaterThanOrEqual(tokens * 0.9);
      }
    }),
  );
});

test('texts of one length fill their batches, the longest come first', () => {
  const batches = planBatches([64, 128, 64, 128, 64], { batchTokens: 128, paddingShare: 0.1 });
  expect(batches).toEqual([
    { indexes: [1], tokens: 128 },
    { indexes: [3], tokens: 128 },
    { indexes: [0, 2], tokens: 64 },
    { indexes: [4], tokens: 64 },
  ]);
});

test('no budget means one text a batch', () => {
  expect(planBatches([5, 5, 5], { batchTokens: 0, paddingShare: 0.1 })).toHaveLength(3);
});
