import type { TextRun } from './pdf-runs.ts';

/** Runs that stand side by side on one baseline without a wide gap: a line of one column, or a table's cell. */
export interface Fragment {
  readonly runs: readonly TextRun[];
  readonly text: string;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly baseline: number;
  readonly size: number;
}

/** A gap wider than this many font sizes separates columns or cells. */
const COLUMN_GAP = 1.8;
const WORD_GAP = 0.15;

export function needsSpace(before: TextRun, after: TextRun): boolean {
  if (after.hasSpaceBefore) return true;
  const gap = after.isRightToLeft ? before.left - after.right : after.left - before.right;
  return gap > WORD_GAP * Math.max(before.size, after.size);
}

function joins(before: TextRun, after: TextRun): boolean {
  if (!before.isUpright || !after.isUpright) return false;
  const size = Math.max(before.size, after.size);
  if (Math.abs(before.baseline - after.baseline) > 0.45 * size) return false;
  const gap = after.isRightToLeft ? before.left - after.right : after.left - before.right;
  return gap > -0.6 * size && gap < COLUMN_GAP * size;
}

function fragmentOf(runs: readonly TextRun[]): Fragment {
  let text = '';
  let main = runs[0];
  runs.forEach((run, i) => {
    const before = runs[i - 1];
    text += (before && needsSpace(before, run) ? ' ' : '') + run.text;
    // The longest run gives size and baseline: a superscript does not.
    if (main && run.text.length > main.text.length) main = run;
  });
  return {
    runs,
    text,
    left: Math.min(...runs.map((run) => run.left)),
    right: Math.max(...runs.map((run) => run.right)),
    top: Math.min(...runs.map((run) => run.top)),
    bottom: Math.max(...runs.map((run) => run.bottom)),
    baseline: main?.baseline ?? 0,
    size: main?.size ?? 1,
  };
}

export function toFragments(runs: readonly TextRun[]): Fragment[] {
  const fragments: Fragment[] = [];
  let open: TextRun[] = [];
  for (const run of runs) {
    const before = open.at(-1);
    if (before && !joins(before, run)) {
      fragments.push(fragmentOf(open));
      open = [];
    }
    open.push(run);
  }
  if (open.length > 0) fragments.push(fragmentOf(open));
  return fragments;
}

export function isSameRow(a: Fragment, b: Fragment): boolean {
  return Math.abs(a.baseline - b.baseline) < 0.4 * Math.min(a.size, b.size);
}

function overlaps(a: Fragment, b: Fragment): boolean {
  return a.left < b.right && b.left < a.right;
}

/** The content stream jumps upwards inside one column: it was not written in reading order. */
function isDisordered(fragments: readonly Fragment[]): boolean {
  let jumps = 0;
  fragments.forEach((after, i) => {
    const before = fragments.slice(Math.max(0, i - 8), i).findLast((each) => overlaps(each, after));
    if (before && after.baseline < before.baseline - before.size) jumps++;
  });
  return jumps > Math.max(1, fragments.length * 0.1);
}

function widestGap(
  spans: readonly (readonly [number, number])[],
): { readonly at: number; readonly width: number } | undefined {
  const sorted = [...spans].sort((a, b) => a[0] - b[0]);
  let end = sorted[0]?.[1] ?? 0;
  let best: { at: number; width: number } | undefined;
  for (const [from, to] of sorted) {
    if (from > end && from - end > (best?.width ?? 0)) best = { at: (from + end) / 2, width: from - end };
    end = Math.max(end, to);
  }
  return best;
}

/**
 * Recursive XY cut (Nagy and Seth 1984): a clear gutter splits columns, else the widest blank band splits rows; what
 * cannot be split is read from top to bottom.
 */
function xyCut(fragments: readonly Fragment[], depth: number): Fragment[] {
  const byPlace = (): Fragment[] => [...fragments].sort((a, b) => a.baseline - b.baseline || a.left - b.left);
  if (fragments.length < 3 || depth > 60) return byPlace();
  const size = fragments.map((f) => f.size).sort((a, b) => a - b)[fragments.length >> 1] ?? 1;
  const gutter = widestGap(fragments.map((f) => [f.left, f.right] as const));
  if (gutter && gutter.width > size) {
    const left = fragments.filter((f) => f.right <= gutter.at);
    const right = fragments.filter((f) => f.left >= gutter.at);
    if (left.length > 1 && right.length > 1) return [...xyCut(left, depth + 1), ...xyCut(right, depth + 1)];
  }
  const band = widestGap(fragments.map((f) => [f.top, f.bottom] as const));
  if (!band || band.width <= 0) return byPlace();
  return [
    ...xyCut(
      fragments.filter((f) => f.bottom <= band.at),
      depth + 1,
    ),
    ...xyCut(
      fragments.filter((f) => f.top >= band.at),
      depth + 1,
    ),
  ];
}

/** Reading order: the writer's own where it runs downwards, else by the page's white space. */
export function inReadingOrder(fragments: readonly Fragment[]): readonly Fragment[] {
  return isDisordered(fragments) ? xyCut(fragments, 0) : fragments;
}
