/** Dot product of a row of `rows` with `query`; four sums at a time, which lets the processor overlap them. */
export function dot(rows: Float32Array, from: number, query: Float32Array, dimension: number): number {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  const whole = dimension & ~3;
  for (let i = 0; i < whole; i += 4) {
    const at = from + i;
    // The indexes are in range: `?? 0` would cost a branch a number here.
    a += (rows[at] as number) * (query[i] as number);
    b += (rows[at + 1] as number) * (query[i + 1] as number);
    c += (rows[at + 2] as number) * (query[i + 2] as number);
    d += (rows[at + 3] as number) * (query[i + 3] as number);
  }
  for (let i = whole; i < dimension; i++) a += (rows[from + i] as number) * (query[i] as number);
  return a + b + (c + d);
}
