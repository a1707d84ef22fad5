/** All keys of one vector: a tree gets every vector once. */
export interface Distinct {
  readonly id: number;
  readonly vector: Float32Array;
  readonly keys: Set<number>;
}

function hashOf(vector: Float32Array): number {
  const words = new Uint32Array(vector.buffer, vector.byteOffset, vector.length);
  let hash = 2166136261;
  for (const word of words) hash = Math.imul(hash ^ word, 16777619);
  return hash;
}

const isSame = (a: Float32Array, b: Float32Array): boolean => a.every((number, i) => number === b[i]);

/** Vectors by what they are. */
export function createDistinct() {
  const byHash = new Map<number, Distinct[]>();
  const byId = new Map<number, Distinct>();
  let nextId = 0;
  return {
    byId,
    /** `isNew`: nobody had that vector yet. */
    put(vector: Float32Array, key: number): { readonly entry: Distinct; readonly isNew: boolean } {
      const hash = hashOf(vector);
      const bucket = byHash.get(hash) ?? [];
      const known = bucket.find((entry) => isSame(entry.vector, vector));
      if (known) {
        known.keys.add(key);
        return { entry: known, isNew: false };
      }
      const entry: Distinct = { id: nextId++, vector, keys: new Set([key]) };
      byHash.set(hash, [...bucket, entry]);
      byId.set(entry.id, entry);
      return { entry, isNew: true };
    },
    /** Lets go of vectors that no key has any more. */
    sweep(): void {
      for (const entry of byId.values()) {
        if (entry.keys.size > 0) continue;
        byId.delete(entry.id);
        const hash = hashOf(entry.vector);
        byHash.set(hash, byHash.get(hash)?.filter((other) => other !== entry) ?? []);
      }
    },
  };
}
