/** One run of text as it stands on the displayed page: points from the top left corner, y down. */
export interface TextRun {
  readonly text: string;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  /** y of the baseline; for text that is not upright, of its box's foot. */
  readonly baseline: number;
  readonly size: number;
  readonly isUpright: boolean;
  readonly isRightToLeft: boolean;
  /** White space stood before it. */
  readonly hasSpaceBefore: boolean;
}

export interface PageRuns {
  readonly number: number;
  /** Of the displayed page. */
  readonly width: number;
  readonly height: number;
  /** Degrees clockwise by which the page is turned for display. */
  readonly rotation: number;
  readonly runs: readonly TextRun[];
}

/** What pdf.js says about one piece of text, with the matrix already mapped to the displayed page. */
export interface RawItem {
  readonly str: string;
  readonly dir: string;
  readonly width: number;
  readonly matrix: readonly number[];
  readonly ascent: number;
  readonly descent: number;
  readonly hasEOL: boolean;
}

// Control characters come out of broken fonts; none of them is text.
const NOT_TEXT = /[\p{Cc}\p{Co}\p{Cn}]/gu;

function runOf(item: RawItem, text: string, hasSpaceBefore: boolean): TextRun {
  const [a = 1, b = 0, c = 0, d = -1, e = 0, f = 0] = item.matrix;
  const size = Math.hypot(c, d) || Math.hypot(a, b) || 1;
  const along = Math.hypot(a, b) || 1;
  const [ux, uy] = [a / along, b / along];
  // Perpendicular, towards the top of the letters.
  const [vx, vy] = [c / size, d / size];
  const { ascent, descent } = item;
  const xs: number[] = [];
  const ys: number[] = [];
  for (const run of [0, item.width])
    for (const rise of [ascent * size, descent * size]) {
      xs.push(e + ux * run + vx * rise);
      ys.push(f + uy * run + vy * rise);
    }
  const isUpright = ux > 0.99;
  const bottom = Math.max(...ys);
  return {
    text,
    left: Math.min(...xs),
    right: Math.max(...xs),
    top: Math.min(...ys),
    bottom,
    baseline: isUpright ? f : bottom,
    size,
    isUpright,
    isRightToLeft: item.dir === 'rtl',
    hasSpaceBefore,
  };
}

/** Text runs in the order of the page's content; white space becomes a mark on the run that follows it. */
export function toRuns(items: readonly RawItem[]): TextRun[] {
  const runs: TextRun[] = [];
  let hasSpace = false;
  for (const item of items) {
    const clean = item.str.replace(NOT_TEXT, '');
    const text = clean.trim();
    if (text === '') {
      hasSpace ||= clean !== '' || item.hasEOL;
      continue;
    }
    runs.push(runOf(item, text, hasSpace || /^\s/.test(clean)));
    hasSpace = item.hasEOL || /\s$/.test(clean);
  }
  return runs;
}

/** A rectangle of the displayed page on the unturned one. */
export function unrotate(
  box: { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number },
  page: { readonly width: number; readonly height: number; readonly rotation: number },
): { readonly x: number; readonly y: number; readonly width: number; readonly height: number } {
  const { left, top, right, bottom } = box;
  const [width, height] = [right - left, bottom - top];
  if (page.rotation === 90) return { x: top, y: page.width - right, width: height, height: width };
  if (page.rotation === 180) return { x: page.width - right, y: page.height - bottom, width, height };
  if (page.rotation === 270) return { x: page.height - bottom, y: left, width: height, height: width };
  return { x: left, y: top, width, height };
}
