import { describe, expect, test } from 'vitest';
import type { SamplingSettings } from '#core/ports/chat-engine.ts';
import { createTokenSampler } from './sample-token.ts';

const SETTINGS: SamplingSettings = {
  temperature: 1,
  topP: 1,
  topK: 0,
  minP: 0,
  repetitionPenalty: 1,
  maxTokens: 0,
  stop: [],
  seed: 7,
};

/** How often each token is drawn in 2000 draws. */
function drawn(logits: readonly number[], change: Partial<SamplingSettings>): readonly number[] {
  const sampler = createTokenSampler({ ...SETTINGS, ...change });
  const counts = logits.map(() => 0);
  for (let i = 0; i < 2000; i++) {
    const token = sampler.next(Float32Array.from(logits), []);
    counts[token] = (counts[token] ?? 0) + 1;
  }
  return counts;
}

const LOGITS = [Math.log(0.5), Math.log(0.3), Math.log(0.15), Math.log(0.05)];

describe('the sampler', () => {
  test('takes the likeliest at temperature 0, whatever else is set', () => {
    expect(drawn([0, 3, 1], { temperature: 0, topP: 0.1, minP: 0.5 })).toEqual([0, 2000, 0]);
  });

  test('draws by probability', () => {
    const counts = drawn(LOGITS, {});
    for (const [i, share] of [0.5, 0.3, 0.15, 0.05].entries())
      expect(Math.abs((counts[i] ?? 0) / 2000 - share)).toBeLessThan(0.04);
  });

  test('a high temperature evens out, a low one sharpens', () => {
    expect(drawn(LOGITS, { temperature: 4 })[3]).toBeGreaterThan(250);
    expect(drawn(LOGITS, { temperature: 0.2 })[0]).toBeGreaterThan(1800);
  });

  test('top-k, top-p and min-p cut the tail, never the first', () => {
    const left = (change: Partial<SamplingSettings>): number =>
      drawn(LOGITS, change).filter((count) => count > 0).length;
    expect(left({ topK: 2 })).toBe(2);
    expect(left({ topP: 0.75 })).toBe(2);
    expect(left({ topP: 0 })).toBe(1);
    expect(left({ minP: 0.25 })).toBe(3);
    expect(left({ minP: 1 })).toBe(1);
  });

  test('the same seed draws the same, another one does not', () => {
    const run = (seed: number): readonly number[] => {
      const sampler = createTokenSampler({ ...SETTINGS, seed });
      return Array.from({ length: 40 }, () => sampler.next(Float32Array.from(LOGITS), []));
    };
    expect(run(1)).toEqual(run(1));
    expect(run(1)).not.toEqual(run(2));
  });

  test('the penalty makes what was said less likely, of either sign, and only once', () => {
    const sampler = createTokenSampler({ ...SETTINGS, temperature: 0, repetitionPenalty: 2 });
    expect(sampler.next(Float32Array.of(3, 2, -1), [0, 0, 0])).toBe(1);
    expect(sampler.next(Float32Array.of(-1, -1.5, -9), [0])).toBe(1);
    expect(sampler.next(Float32Array.of(3, 2, -1), [0, ...Array<number>(64).fill(2)])).toBe(0);
  });
});
