import { AppError } from '#shared/errors.ts';

/** Of 32 bits, the lower ten say how often a word stands in a passage, the upper ones in which row. */
const COUNT_BITS = 10;
/** More often counts as this: BM25 has long stopped to care (the score is within 0.1 % of its limit). */
const MOST_COUNTED = 2 ** COUNT_BITS - 1;
const MOST_ROWS = 2 ** (32 - COUNT_BITS);

export function postingOf(row: number, count: number): number {
  if (row >= MOST_ROWS)
    throw new AppError('input/too-large', `One library holds ${MOST_ROWS.toLocaleString('en')} passages.`);
  return row * (MOST_COUNTED + 1) + Math.min(count, MOST_COUNTED);
}

export const rowOf = (posting: number): number => posting >>> COUNT_BITS;
export const countOf = (posting: number): number => posting & MOST_COUNTED;

/** 0: the heading of a passage, 1: its text. Each has lists of its own: what stands in a heading weighs more. */
export type FieldNumber = 0 | 1;
export const FIELD_NUMBERS: readonly FieldNumber[] = [0, 1];
