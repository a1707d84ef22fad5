import type { Voy } from 'voy-search/voy_search_bg.js';
import { AppError } from '#shared/errors.ts';
import type { VoyLibrary } from './load-voy.ts';

/**
 * voy panics at the 33rd vector with exactly the same number on one axis (zeros of a sparse or a quantized vector), and
 * that tree can never be used again. So every number is moved a little, always the same way for an entry and an axis.
 */
const JITTER = 1e-4;
const BATCH = 256;

function jittered(vector: Float32Array, id: number): number[] {
  return Array.from(vector, (number, axis) => {
    let hash = Math.imul(id + 1, 0x9e3779b1) ^ Math.imul(axis + 1, 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
    hash ^= hash >>> 12;
    return number + (hash / 2 ** 31) * JITTER;
  });
}

export interface TreeEntry {
  /** Whole number, the tree's own. */
  readonly id: number;
  readonly vector: Float32Array;
}

/** A voy tree that is made anew when voy has panicked. Candidates only: it knows no scores. */
export function createGuardedTree(voy: VoyLibrary, entries: () => Iterable<TreeEntry>) {
  let tree: Voy | undefined;

  function fill(into: Voy, added: Iterable<TreeEntry>): void {
    const rows = [...added].map(({ id, vector }) => ({
      id: String(id),
      title: '',
      url: '',
      embeddings: jittered(vector, id),
    }));
    for (let from = 0; from < rows.length; from += BATCH)
      into.add({ embeddings: rows.slice(from, from + BATCH) });
  }

  function rebuild(): Voy {
    tree?.free();
    tree = undefined;
    const made = voy.create();
    fill(made, entries());
    tree = made;
    return made;
  }

  /** What a panic leaves behind is not even freed: that would panic again. */
  function guarded<T>(act: () => T, again: () => T): T {
    try {
      return act();
    } catch {
      tree = undefined;
    }
    try {
      return again();
    } catch (error) {
      tree = undefined;
      throw new AppError(
        'internal/unexpected',
        'The search library "voy" fails on these documents. Choose another index in Settings.',
        { cause: error },
      );
    }
  }

  return {
    get isBuilt() {
      return tree !== undefined;
    },
    /** All of `entries()`. */
    build: (): void => void guarded(rebuild, rebuild),
    add(added: readonly TreeEntry[]): void {
      const held = tree;
      if (held !== undefined && added.length > 0) guarded(() => fill(held, added), rebuild);
    },
    /** Ids of the nearest entries, the nearest first. */
    nearest(query: Float32Array, count: number): readonly number[] {
      const ask = (asked: Voy): readonly number[] =>
        asked.search(query, count).neighbors.map(({ id }) => Number(id));
      return guarded(
        () => ask(tree ?? rebuild()),
        () => ask(rebuild()),
      );
    },
  };
}
