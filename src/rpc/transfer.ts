const transfers = new WeakMap<object, Transferable[]>();

/** Marks an input, a returned or a yielded value so that its buffers and ports move instead of being copied. */
export function transfer<T extends object>(value: T, list: Transferable[]): T {
  transfers.set(value, list);
  return value;
}

/** What `transfer` noted for a value. */
export function transfersOf(value: unknown): Transferable[] {
  return (typeof value === 'object' && value !== null && transfers.get(value)) || [];
}
