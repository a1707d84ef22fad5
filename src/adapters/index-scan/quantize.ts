const CODE_MAX = 127;
/** The query has 16 bits: its own rounding is then far below that of the codes. */
const QUERY_MAX = 32_767;
/** Of the halves that the kernel multiplies. */
const HALF_MAX = 15;
const SUM_MAX = 2 ** 31 - 1;

/**
 * A row less `share` times the center, as whole numbers from -127 to 127 of equal steps, zero at zero. Returns the step:
 * number ≈ share × center + step × code, off by at most half a step.
 */
export function quantizeRow(
  rows: Float32Array,
  from: number,
  center: Float32Array,
  share: number,
  codes: Int8Array,
): number {
  const dimension = center.length;
  let largest = 0;
  for (let i = 0; i < dimension; i++) {
    const size = Math.abs((rows[from + i] as number) - share * (center[i] as number));
    if (size > largest) largest = size;
  }
  const perNumber = largest === 0 ? 0 : CODE_MAX / largest;
  // `| 0` cuts towards zero, and what is added makes the number positive: this rounds, at a fraction of Math.round's price.
  for (let i = 0; i < dimension; i++) {
    const rest = (rows[from + i] as number) - share * (center[i] as number);
    codes[i] = ((rest * perNumber + (CODE_MAX + 0.5)) | 0) - CODE_MAX;
  }
  return largest / CODE_MAX;
}

/** The direction of the mean of rows: texts of one model lie around one that they share. All zero if they do not. */
export function centerOf(rows: Float32Array, dimension: number): Float32Array<ArrayBuffer> {
  const center = new Float32Array(dimension);
  for (let at = 0; at < rows.length; at += dimension)
    for (let i = 0; i < dimension; i++) center[i] = (center[i] as number) + (rows[at + i] as number);
  const length = Math.hypot(...center);
  return length < 1e-6 ? new Float32Array(dimension) : center.map((number) => number / length);
}

/** What is left of a query without its part along the center. */
export function withoutCenter(query: Float32Array, center: Float32Array, part: number): Float32Array {
  return query.map((number, i) => number - part * (center[i] as number));
}

/** A query for the kernel: as fine as its sums of 32 bits allow. Returns the step. */
export function quantizeQuery(query: Float32Array, codes: Int16Array): number {
  const most = Math.min(QUERY_MAX, Math.floor(SUM_MAX / (HALF_MAX * codes.length)));
  let largest = 0;
  for (const number of query) largest = Math.max(largest, Math.abs(number));
  codes.fill(0);
  for (let i = 0; i < query.length; i++)
    codes[i] = largest === 0 ? 0 : Math.round(((query[i] as number) * most) / largest);
  return largest / most;
}
