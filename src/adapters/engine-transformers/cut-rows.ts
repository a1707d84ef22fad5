/** Of each head's `tokens` rows the first `count`. */
export function cutRows<T extends Float32Array | Uint16Array>(
  data: T,
  tokens: number,
  count: number,
  size: number,
): T {
  const heads = tokens * size === 0 ? 0 : data.length / (tokens * size);
  const kept = data.slice(0, heads * count * size) as T;
  for (let head = 0; head < heads; head++) {
    const from = head * tokens * size;
    kept.set(data.subarray(from, from + count * size), head * count * size);
  }
  return kept;
}
