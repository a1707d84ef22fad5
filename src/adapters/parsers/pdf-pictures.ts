import { OPS, type PDFPageProxy } from 'pdfjs-dist';
import { type Matrix, multiply } from './matrix.ts';
import type { TextRun } from './pdf-runs.ts';

/** A rectangle of the displayed page, in points. */
export interface Area {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Smaller pictures are signs and rules. */
const SMALLEST_SHARE = 0.06;
/** A stamp or a page number over a scan is not its text. */
const FEW_CHARACTERS = 24;
const PICTURES = new Set<number>([
  OPS.paintImageXObject,
  OPS.paintInlineImageXObject,
  OPS.paintImageMaskXObject,
]);

/** Every picture is painted on the unit square. */
function unitSquare([a = 0, b = 0, c = 0, d = 0, e = 0, f = 0]: Matrix): Area {
  const xs = [e, e + a, e + c, e + a + c];
  const ys = [f, f + b, f + d, f + b + d];
  return { left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys) };
}

const isMatrix = (value: unknown): value is number[] =>
  (Array.isArray(value) || ArrayBuffer.isView(value)) && (value as ArrayLike<number>).length === 6;

export function isInside({ left, top, right, bottom }: Area, area: Area): boolean {
  const [x, y] = [(left + right) / 2, (top + bottom) / 2];
  return x >= area.left && x <= area.right && y >= area.top && y <= area.bottom;
}

/** Where pictures of some size stand on a page. */
async function picturesOf(page: PDFPageProxy): Promise<Area[]> {
  const viewport = page.getViewport({ scale: 1 });
  const { fnArray, argsArray } = await page.getOperatorList();
  const found: Area[] = [];
  const stack: Matrix[] = [];
  let matrix: Matrix = viewport.transform as number[];
  fnArray.forEach((operator, i) => {
    const [first] = (argsArray[i] ?? []) as unknown[];
    if (operator === OPS.save) stack.push(matrix);
    else if (operator === OPS.restore || operator === OPS.paintFormXObjectEnd) matrix = stack.pop() ?? matrix;
    else if (operator === OPS.transform) matrix = multiply(matrix, argsArray[i] as number[]);
    else if (operator === OPS.paintFormXObjectBegin) {
      stack.push(matrix);
      if (isMatrix(first)) matrix = multiply(matrix, first);
    } else if (PICTURES.has(operator)) found.push(unitSquare(matrix));
  });
  const least = viewport.width * viewport.height * SMALLEST_SHARE;
  return found.filter(({ left, top, right, bottom }) => (right - left) * (bottom - top) >= least);
}

/** Pictures over which the text layer has next to nothing: what they show has not been read. */
export async function unreadPictures(page: PDFPageProxy, runs: readonly TextRun[]): Promise<readonly Area[]> {
  const unread = (area: Area): boolean => {
    let characters = 0;
    for (const run of runs) if (isInside(run, area)) characters += run.text.length;
    return characters < FEW_CHARACTERS;
  };
  return (await picturesOf(page)).filter(unread);
}
