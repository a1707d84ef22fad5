import * as v from 'valibot';
import type { VectorIndexKind } from '#core/ports/vector-index.ts';

/**
 * From here on 8-bit codes are scanned, by the table of bench/vector-index.mjs: at 1000 vectors every kind answers well
 * within a millisecond, and the exact one is exact; from some thousands on the codes are several times as fast, in a
 * quarter of the memory. voy is behind both at every size: it runs where it is chosen by hand.
 */
export const INT8_FROM_VECTORS = 2000;

/** Under this key the choice is stored. */
export const INDEX_CHOICE_KEY = 'vector-index';

export type IndexChoice = 'auto' | VectorIndexKind;

const choiceSchema = v.fallback(v.picklist(['auto', 'exact', 'int8', 'voy']), 'auto');

/** What is stored as the choice; anything else means 'auto'. */
export const parseIndexChoice = (stored: unknown): IndexChoice => v.parse(choiceSchema, stored);

/** The kind for so many vectors. */
export function chooseIndexKind(count: number, choice: IndexChoice): VectorIndexKind {
  if (choice !== 'auto') return choice;
  return count < INT8_FROM_VECTORS ? 'exact' : 'int8';
}

/** Whether an index of that kind may stay as it is. Not at every removal near the border it is built anew. */
export function isRightKind(kind: VectorIndexKind, count: number, choice: IndexChoice): boolean {
  if (kind === chooseIndexKind(count, choice)) return true;
  return choice === 'auto' && kind === 'int8' && count * 2 >= INT8_FROM_VECTORS;
}
