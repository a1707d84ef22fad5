import type { KeyboardEvent } from 'react';
import type { LaidRow } from '../justified-layout.ts';

interface GridKeys {
  readonly rows: readonly LaidRow[];
  readonly count: number;
  readonly active: number;
  /** Rows that are in view at once. */
  readonly rowsInView: number;
  readonly onMove: (place: number) => void;
  readonly onOpen: (place: number) => void;
  readonly onPreview: (place: number) => void;
  readonly onSelect: (place: number) => void;
  readonly onDelete: (place: number) => void;
  readonly onBack: () => void;
}

export function rowOf(rows: readonly LaidRow[], place: number): number {
  return rows.findIndex(({ cells }) => (cells.at(-1)?.index ?? -1) >= place);
}

/** The picture of another row that stands nearest above or below. */
export function placeInRow(rows: readonly LaidRow[], place: number, by: number): number {
  const from = rowOf(rows, place);
  const target = rows[Math.min(rows.length - 1, Math.max(0, from + by))];
  const cell = rows[from]?.cells.find(({ index }) => index === place);
  if (target === undefined || cell === undefined) return place;
  const middle = cell.left + cell.width / 2;
  let nearest = place;
  let distance = Number.POSITIVE_INFINITY;
  for (const { index, left, width } of target.cells) {
    const far = Math.abs(left + width / 2 - middle);
    if (far >= distance) continue;
    nearest = index;
    distance = far;
  }
  return nearest;
}

/** Where a key leads; undefined = nowhere. */
function placeFor(key: string, { rows, count, active, rowsInView }: GridKeys): number | undefined {
  switch (key) {
    case 'ArrowLeft':
      return active - 1;
    case 'ArrowRight':
      return active + 1;
    case 'ArrowUp':
      return placeInRow(rows, active, -1);
    case 'ArrowDown':
      return placeInRow(rows, active, 1);
    case 'PageUp':
      return placeInRow(rows, active, -rowsInView);
    case 'PageDown':
      return placeInRow(rows, active, rowsInView);
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return undefined;
  }
}

/** Arrows, Home, End and pages go from picture to picture; Enter opens, Space shows it large, Delete takes it away. */
export function gridKeys(keys: GridKeys): (event: KeyboardEvent) => void {
  const { count, active } = keys;
  return (event) => {
    if (event.altKey || event.shiftKey || count === 0) return;
    const hasModifier = event.ctrlKey || event.metaKey;
    const place = hasModifier ? undefined : placeFor(event.key, keys);
    if (place !== undefined) keys.onMove(Math.min(count - 1, Math.max(0, place)));
    else if (event.key === ' ' && hasModifier) keys.onSelect(active);
    else if (event.key === ' ') keys.onPreview(active);
    else if (event.key === 'Enter') keys.onOpen(active);
    else if (event.key === 'x' && !hasModifier) keys.onSelect(active);
    else if (event.key === 'Delete' || event.key === 'Backspace') keys.onDelete(active);
    else if (event.key === 'Escape') keys.onBack();
    else return;
    event.preventDefault();
  };
}
