const FIRST_SLOTS = 64;
/** Of the slots, at most so many are in use. */
const LOAD = 0.75;

const slotOf = (key: number, mask: number): number => (Math.imul(key, 0x9e3779b1) >>> 7) & mask;

/**
 * Where the row of a key is: open addressing with linear probing, four bytes a slot. It holds rows only and asks for
 * their keys, which is a tenth of what a Map would take.
 */
export function createRowTable(
  keyAt: (row: number) => number,
  saved?: { readonly slots: Uint32Array; readonly size: number },
) {
  /** row + 1; 0 = free. */
  let slots = saved?.slots ?? new Uint32Array(FIRST_SLOTS);
  let size = saved?.size ?? 0;

  function find(key: number): number {
    const mask = slots.length - 1;
    let slot = slotOf(key, mask);
    for (;;) {
      const held = slots[slot] as number;
      if (held === 0 || keyAt(held - 1) === key) return slot;
      slot = (slot + 1) & mask;
    }
  }

  function resize(count: number): void {
    let length = FIRST_SLOTS;
    while (length * LOAD < count) length *= 2;
    if (length === slots.length) return;
    const old = slots;
    slots = new Uint32Array(length);
    for (const held of old) if (held !== 0) slots[find(keyAt(held - 1))] = held;
  }

  return {
    get bytes() {
      return slots.byteLength;
    },
    slots: (): Uint32Array => slots,
    /** Makes room for so many keys in all. */
    reserve: (count: number): void => {
      if (count > slots.length * LOAD) resize(count);
    },
    get(key: number): number | undefined {
      const held = slots[find(key)] as number;
      return held === 0 ? undefined : held - 1;
    },
    /** The key must be readable at the row before. */
    set(key: number, row: number): void {
      const slot = find(key);
      if (slots[slot] === 0) size += 1;
      slots[slot] = row + 1;
      if (size > slots.length * LOAD) resize(size * 2);
    },
    /** Closes the gap, so that no later search ends there too early. */
    delete(key: number): void {
      const mask = slots.length - 1;
      let gap = find(key);
      if (slots[gap] === 0) return;
      size -= 1;
      for (let at = (gap + 1) & mask; slots[at] !== 0; at = (at + 1) & mask) {
        const home = slotOf(keyAt((slots[at] as number) - 1), mask);
        if (((at - home) & mask) < ((at - gap) & mask)) continue;
        slots[gap] = slots[at] as number;
        gap = at;
      }
      slots[gap] = 0;
    },
  };
}
