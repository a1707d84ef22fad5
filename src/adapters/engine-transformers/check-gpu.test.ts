import { describe, expect, test } from 'vitest';
import type { ChatGraphs } from './chat-graphs.ts';
import { checkGpu, isGarbage, sameLogits } from './check-gpu.ts';

const PROBE = [3, 1, 4, 1, 5];

/** Logits that follow from all tokens read so far; `wrong` changes them where a cached beginning is used. */
function graphs(wrong: (logits: Float32Array, isReused: boolean) => Float32Array = (x) => x): ChatGraphs {
  let read: number[] = [];
  let isReused = false;
  return {
    seesImages: false,
    cache: {
      get length() {
        return read.length;
      },
      canCut: true,
      feeds: () => ({}),
      take: () => {},
      async keep(count) {
        read = read.slice(0, count);
        isReused = count > 0;
      },
    },
    embed: () => undefined,
    see: () => Promise.reject(new Error('blind')),
    release: async () => {},
    async decode(ids) {
      read.push(...ids);
      const sum = read.reduce((total, id, at) => total + id * (at + 1), 0);
      return wrong(
        Float32Array.from({ length: 32 }, (_, i) => Math.sin(sum + i)),
        isReused,
      );
    },
  };
}

const none = async (): Promise<undefined> => undefined;
const noise = (logits: Float32Array): Float32Array => logits.map((_, i) => Math.cos(i * i));

describe('the check of a GPU', () => {
  test('accepts one that agrees with the CPU and with itself, and leaves the cache empty', async () => {
    const gpu = graphs();
    expect(await checkGpu(gpu, PROBE, async () => graphs(), 'X')).toEqual({ reuseDiffers: false });
    expect(gpu.cache.length).toBe(0);
  });

  test('refuses one that differs from the CPU, or computes no numbers', async () => {
    const refused = { code: 'capability/webgpu-missing', details: { reason: 'wrong-numbers' } };
    await expect(checkGpu(graphs(noise), PROBE, async () => graphs(), 'X')).rejects.toMatchObject(refused);
    const same = graphs((logits) => logits.fill(1));
    await expect(checkGpu(same, PROBE, none, 'X')).rejects.toMatchObject(refused);
  });

  test('says where only the reuse is wrong', async () => {
    const gpu = graphs((logits, isReused) => (isReused ? noise(logits) : logits));
    expect(await checkGpu(gpu, PROBE, none, 'X')).toEqual({ reuseDiffers: true });
  });

  test('a CPU that cannot run the graph decides nothing', async () => {
    const failing = async (): Promise<ChatGraphs> => Promise.reject(new Error('no kernel'));
    expect(await checkGpu(graphs(), PROBE, failing, 'X')).toEqual({ reuseDiffers: false });
  });
});

test('garbage is what no model gives', () => {
  expect(isGarbage(Float32Array.of(1, Number.NaN))).toBe(true);
  expect(isGarbage(Float32Array.of(1, 1))).toBe(true);
  expect(isGarbage(Float32Array.of(1, Number.POSITIVE_INFINITY))).toBe(true);
  expect(isGarbage(Float32Array.of(Number.NEGATIVE_INFINITY, 1))).toBe(false); // a masked token
});

test('logits are the same up to a constant and a little noise', () => {
  const logits = Float32Array.from({ length: 100 }, (_, i) => Math.sin(i));
  expect(
    sameLogits(
      logits,
      logits.map((x) => x + 7),
    ),
  ).toBe(true);
  expect(
    sameLogits(
      logits,
      logits.map((x, i) => x + 0.01 * Math.cos(i)),
    ),
  ).toBe(true);
  expect(
    sameLogits(
      logits,
      logits.map((x) => -x),
    ),
  ).toBe(false);
});
