import { array, assert, float, integer, property } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { colourDifference, createSceneChoice, liveliness, MOST_FRAMES, sampleTimes } from './scenes.ts';

const plain = (value: number): Uint8Array => new Uint8Array(216).fill(value);

/** What is kept of a film whose colour at a second is told. */
function kept(durationSeconds: number, colourAt: (seconds: number) => number): readonly number[] {
  const isScene = createSceneChoice(durationSeconds);
  return sampleTimes(durationSeconds).filter((seconds) =>
    isScene({ seconds, colours: plain(colourAt(seconds)) }),
  );
}

describe('scenes of a film', () => {
  test('it is looked at twice a second, from its start; a long one as often as is bounded', () => {
    expect(sampleTimes(2)).toEqual([0, 0.5, 1, 1.5]);
    expect(sampleTimes(0.04)).toEqual([0]);
    expect(sampleTimes(0)).toEqual([0]);
    const long = sampleTimes(4 * 3600);
    expect(long).toHaveLength(3600);
    expect(long.at(-1)).toBeCloseTo(4 * 3600 - 4);
  });

  test('one frame a scene', () => {
    expect(kept(12, (seconds) => Math.floor(seconds / 2) * 40)).toEqual([0, 2, 4, 6, 8, 10]);
  });

  test('noise is no scene; a slow change is', () => {
    expect(kept(9, (seconds) => 100 + ((seconds * 2) % 2) * 5)).toEqual([0]);
    expect(kept(9, (seconds) => Math.round(seconds * 5))).toEqual([0, 2, 4, 6, 8]);
  });

  test('a still scene is looked at again every ten seconds', () => {
    expect(kept(35, () => 7)).toEqual([0, 10, 20, 30]);
  });

  test('never more frames than are bounded, and none of its parts without one', () => {
    void assert(
      property(
        float({ min: Math.fround(0.1), max: 40_000, noNaN: true }),
        array(integer({ min: 0, max: 255 }), { minLength: 1, maxLength: 50 }),
        (duration, colours) => {
          const times = kept(duration, (seconds) => colours[Math.floor(seconds * 2) % colours.length] ?? 0);
          expect(times[0]).toBe(0);
          expect(times.length).toBeLessThanOrEqual(MOST_FRAMES);
          const step = Math.max(0.5, duration / 3600);
          const longest = Math.max(10, duration / MOST_FRAMES) + step + 1e-6;
          [...times, duration].forEach((time, i) => {
            expect(time - (times[i - 1] ?? 0)).toBeLessThanOrEqual(longest);
          });
        },
      ),
    );
  });

  test('differences and liveliness are means of what the areas say', () => {
    expect(colourDifference(plain(10), plain(30))).toBe(20);
    expect(liveliness(plain(0))).toBe(0);
    expect(liveliness(Uint8Array.from({ length: 216 }, (_, i) => (i % 2) * 200))).toBe(100);
  });
});
