// Small arithmetic of the benches.

function median(values) {
  if (values.length === 0) throw new Error('No values to take the median of');
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Median with the smallest and largest, so that noise can be seen. */
export function spread(values, digits = 2) {
  const round = (value) => Number(value.toFixed(digits));
  return {
    median: round(median(values)),
    min: round(Math.min(...values)),
    max: round(Math.max(...values)),
    n: values.length,
  };
}

/** Ratio of each pair that was measured one right after the other: what slows the machine slows both. */
export function pairRatios(numerators, denominators, digits = 3) {
  return spread(
    numerators.map((value, i) => value / denominators[i]),
    digits,
  );
}

export const sum = (values) => values.reduce((total, value) => total + value, 0);

/** [A, B], then [B, A]: a drift of the machine must not favour the one that always comes first. */
export function alternate(sides, round) {
  const shift = round % sides.length;
  return [...sides.slice(shift), ...sides.slice(0, shift)];
}
