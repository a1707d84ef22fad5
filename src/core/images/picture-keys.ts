/** Names as numbers, which last as long as the tab. */
export function createKeys() {
  const keys = new Map<string, number>();
  const ids: string[] = [];
  function keyOf(id: string): number {
    const known = keys.get(id);
    if (known !== undefined) return known;
    ids.push(id);
    keys.set(id, ids.length - 1);
    return ids.length - 1;
  }
  return { ids, keys, keyOf };
}
