import type { VectorHit } from '#core/ports/vector-index.ts';

/** a before b: the higher score, of equals the lower key. */
const isBetter = (a: VectorHit, b: VectorHit): boolean =>
  a.score > b.score || (a.score === b.score && a.key < b.key);

/** The best `limit` of what is offered: a binary heap with the worst kept one on top. */
export function createTopList(limit: number) {
  const heap: VectorHit[] = [];

  const swap = (i: number, j: number): void => {
    const kept = heap[i] as VectorHit;
    heap[i] = heap[j] as VectorHit;
    heap[j] = kept;
  };
  const isWorse = (i: number, j: number): boolean => isBetter(heap[j] as VectorHit, heap[i] as VectorHit);

  function rise(from: number): void {
    for (let i = from; i > 0; ) {
      const parent = (i - 1) >> 1;
      if (!isWorse(i, parent)) return;
      swap(i, parent);
      i = parent;
    }
  }

  function sink(): void {
    for (let i = 0; ; ) {
      const left = 2 * i + 1;
      const right = left + 1;
      let worst = i;
      if (left < heap.length && isWorse(left, worst)) worst = left;
      if (right < heap.length && isWorse(right, worst)) worst = right;
      if (worst === i) return;
      swap(i, worst);
      i = worst;
    }
  }

  return {
    offer(key: number, score: number): void {
      const hit = { key, score };
      const worst = heap[0];
      if (heap.length < limit) {
        heap.push(hit);
        rise(heap.length - 1);
      } else if (worst !== undefined && isBetter(hit, worst)) {
        heap[0] = hit;
        sink();
      }
    },
    /** What scores less than this is not taken. */
    least: (): number => (heap.length < limit ? -Infinity : (heap[0]?.score ?? Infinity)),
    /** Best first. */
    hits: (): readonly VectorHit[] => [...heap].sort((a, b) => (isBetter(a, b) ? -1 : 1)),
  };
}
