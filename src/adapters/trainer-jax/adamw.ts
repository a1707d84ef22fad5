const FIRST = 0.9;
const SECOND = 0.999;
const TINY = 1e-8;

/**
 * AdamW (Loshchilov and Hutter 2019) of one array, in place. The arrays are a few thousand numbers: on the device it would
 * cost more calls than it saves.
 */
export function createAdamW(
  values: Float32Array,
  { learningRate, weightDecay }: { readonly learningRate: number; readonly weightDecay: number },
) {
  const first = new Float64Array(values.length);
  const second = new Float64Array(values.length);
  let step = 0;
  return (gradient: ArrayLike<number>): void => {
    step += 1;
    const fix1 = 1 - FIRST ** step;
    const fix2 = 1 - SECOND ** step;
    for (let i = 0; i < values.length; i++) {
      const slope = gradient[i] ?? 0;
      const mean = FIRST * (first[i] ?? 0) + (1 - FIRST) * slope;
      const square = SECOND * (second[i] ?? 0) + (1 - SECOND) * slope * slope;
      first[i] = mean;
      second[i] = square;
      const value = values[i] ?? 0;
      values[i] =
        value - learningRate * (mean / fix1 / (Math.sqrt(square / fix2) + TINY) + weightDecay * value);
    }
  };
}
