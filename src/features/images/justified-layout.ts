/** Where one picture stands, in pixels from the grid's top left. */
interface LaidCell {
  readonly index: number;
  readonly left: number;
  readonly width: number;
}

export interface LaidRow {
  readonly top: number;
  readonly height: number;
  readonly cells: readonly LaidCell[];
}

export interface LayoutOptions {
  readonly width: number;
  /** Rows come out near it. */
  readonly rowHeight: number;
  readonly gap: number;
}

/** Panoramas and columns are cut at the sides, or they would have a row for themselves. */
const NARROWEST = 0.5;
const WIDEST = 3;

const clamped = (aspect: number): number =>
  Number.isFinite(aspect) ? Math.min(WIDEST, Math.max(NARROWEST, aspect)) : 1;

/**
 * Pictures in rows of equal height that fill the width, in their order. `aspects`: width ÷ height of each. A row ends where
 * its height is nearest to the wished one; the last row keeps that height and may stay short.
 */
export function layOutRows(
  aspects: readonly number[],
  { width, rowHeight, gap }: LayoutOptions,
): readonly LaidRow[] {
  const rows: LaidRow[] = [];
  let start = 0;
  let top = 0;
  let sum = 0;

  const heightOf = (total: number, count: number): number => (width - gap * (count - 1)) / total;
  function close(end: number, height: number, isFull: boolean): void {
    let left = 0;
    const cells: LaidCell[] = [];
    for (let index = start; index < end; index += 1) {
      // Whole pixels, and the last one takes what is left: the right edge is straight.
      const isLast = isFull && index === end - 1;
      const wished = Math.round(clamped(aspects[index] ?? 1) * height);
      const cellWidth = Math.max(1, isLast ? width - left : Math.min(wished, width - left));
      cells.push({ index, left, width: cellWidth });
      left += cellWidth + gap;
    }
    rows.push({ top, height, cells });
    top += height + gap;
    start = end;
    sum = 0;
  }

  if (width <= 0) return rows;
  for (let index = 0; index < aspects.length; index += 1) {
    const aspect = clamped(aspects[index] ?? 1);
    const count = index - start;
    const height = heightOf(sum + aspect, count + 1);
    if (height > rowHeight) {
      sum += aspect;
      continue;
    }
    const before = count > 0 ? heightOf(sum, count) : Number.POSITIVE_INFINITY;
    // Without this picture the row would be too high, with it too low: the nearer one wins.
    if (before - rowHeight < rowHeight - height) {
      close(index, Math.round(before), true);
      sum = aspect;
      if (heightOf(sum, 1) <= rowHeight) close(index + 1, Math.max(1, Math.round(heightOf(sum, 1))), true);
    } else close(index + 1, Math.max(1, Math.round(height)), true);
  }
  if (start < aspects.length) close(aspects.length, rowHeight, false);
  return rows;
}

export const heightOfRows = (rows: readonly LaidRow[]): number => {
  const last = rows.at(-1);
  return last ? last.top + last.height : 0;
};
