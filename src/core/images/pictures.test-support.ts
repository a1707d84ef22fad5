import { createRandom } from '#core/evals/index.ts';
import { COLOURS } from './colour-embedder.test-support.ts';
import { ppm, type Rgb } from './ppm-decoder.test-support.ts';

/** A picture of two halves in named colours with some noise, different for each seed. */
export function halves(left: string, right: string, seed = 0, size = 24): Blob {
  const random = createRandom(seed);
  const noisy = (colour: Rgb): Rgb => {
    const [red, green, blue] = colour.map((value) => Math.max(0, Math.min(255, value + random() * 16 - 8)));
    return [red ?? 0, green ?? 0, blue ?? 0];
  };
  const colourOf = (name: string): Rgb => COLOURS[name] ?? [0, 0, 0];
  const [first, second] = [colourOf(left), colourOf(right)];
  return ppm(size, size, (x) => noisy(x < size / 2 ? first : second));
}

/** A file of it, named after what is on it. */
export const halvesFile = (left: string, right: string, seed = 0, folder = ''): File =>
  new File([halves(left, right, seed)], `${folder}${left}-${right}-${seed}.ppm`);

/** Every two colours, `each` times: 56 × each different pictures. */
export function manyFiles(each = 1, folder = ''): readonly File[] {
  const names = Object.keys(COLOURS);
  return names.flatMap((left) =>
    names.flatMap((right) =>
      left === right ? [] : Array.from({ length: each }, (_, seed) => halvesFile(left, right, seed, folder)),
    ),
  );
}
