import type { ParsedHeading, ParsedPage, TextBox } from '#core/ports/document-parser.ts';
import { withoutFurniture } from './pdf-furniture.ts';
import { type Block, headingsOf, type OutlineEntry, titleFrom } from './pdf-headings.ts';
import { createHyphenation } from './pdf-hyphenation.ts';
import { type Fragment, inReadingOrder, isSameRow, needsSpace, toFragments } from './pdf-lines.ts';
import { type PageRuns, unrotate } from './pdf-runs.ts';

interface PageLayout extends Omit<PageRuns, 'runs'> {
  readonly fragments: readonly Fragment[];
  /** Usual distance of two baselines, by rounded font size. */
  readonly leading: ReadonlyMap<number, number>;
}

export interface LaidOut {
  readonly text: string;
  readonly pages: readonly ParsedPage[];
  readonly headings: readonly ParsedHeading[];
  readonly boxes: readonly TextBox[];
  /** What the first page says in its largest type. */
  readonly title: string | undefined;
}

/** The end of a line in a table of contents. */
const LEADER = /(?:\. ?){4,} ?[\divxlc]+$/;
const BULLET = /^(?:[•▪‣◦–—*-]|\(?\d{1,3}[.)]|[a-z]\))\s/;

function median(values: readonly number[]): number | undefined {
  return [...values].sort((a, b) => a - b)[values.length >> 1];
}

function leadingOf(fragments: readonly Fragment[]): ReadonlyMap<number, number> {
  const distances = new Map<number, number[]>();
  for (let i = 1; i < fragments.length; i++) {
    const [before, after] = [fragments[i - 1], fragments[i]];
    if (!before || !after || Math.abs(before.size - after.size) > 0.5) continue;
    const distance = after.baseline - before.baseline;
    if (distance < 0.8 * after.size || distance > 2.6 * after.size) continue;
    const key = Math.round(after.size);
    distances.set(key, [...(distances.get(key) ?? []), distance]);
  }
  return new Map([...distances].map(([size, all]) => [size, median(all) ?? size * 1.2]));
}

/** Right edge of the column a fragment stands in: the widest line that begins near the same x. */
function columnRight(page: PageLayout, fragment: Fragment): number {
  let right = fragment.right;
  for (const other of page.fragments)
    if (Math.abs(other.left - fragment.left) < 2.5 * fragment.size) right = Math.max(right, other.right);
  return right;
}

/** The next line's first word would still have fitted: the writer broke the line on purpose. */
function isDeliberate(page: PageLayout, before: Fragment, after: Fragment): boolean {
  const word = /^\S+/.exec(after.text)?.[0] ?? '';
  const characterWidth = (after.right - after.left) / Math.max(1, after.text.length);
  return before.right + (word.length + 1.5) * characterWidth < columnRight(page, before);
}

function separatorWithin(page: PageLayout, before: Fragment, after: Fragment): ' ' | '\n' | '\n\n' {
  if (isSameRow(before, after)) return ' ';
  if (Math.abs(before.size - after.size) > 0.08 * Math.max(before.size, after.size)) return '\n\n';
  const distance = after.baseline - before.baseline;
  if (distance <= 0) return continues(before, after) ? ' ' : '\n\n';
  const usual = page.leading.get(Math.round(after.size)) ?? after.size * 1.25;
  if (distance > 1.35 * usual) return '\n\n';
  const isIndented = after.left - before.left > 0.9 * after.size && after.left - before.left < 4 * after.size;
  if (BULLET.test(after.text) || LEADER.test(before.text)) return '\n';
  if (/\p{L}[-\u2010\u00AD]$/u.test(before.text) && /^(?:\p{Ll}|\p{Lu}{2})/u.test(after.text)) return ' ';
  if (isDeliberate(page, before, after)) return isIndented ? '\n\n' : '\n';
  return isIndented && /[.!?:]["')\]]?$/.test(before.text) ? '\n\n' : ' ';
}

/** A sentence that runs on in the next column or page. */
function continues(before: Fragment, after: Fragment): boolean {
  return (
    Math.abs(before.size - after.size) < 0.5 &&
    !/[.!?:;]["')\]]?$/.test(before.text) &&
    /^\p{Ll}/u.test(after.text)
  );
}

/** Pages of runs to one text: columns in order, paragraphs apart, words whole, every run with its box. */
export function layOut(pages: readonly PageRuns[], outline: readonly OutlineEntry[]): LaidOut {
  const layouts: PageLayout[] = withoutFurniture(
    pages.map(({ runs, ...page }) => ({ ...page, fragments: inReadingOrder(toFragments(runs)) })),
  ).map((page) => ({ ...page, leading: leadingOf(page.fragments) }));
  const hyphenation = createHyphenation(layouts.flatMap((page) => page.fragments.map(({ text }) => text)));

  const parts: string[] = [];
  let length = 0;
  const boxes: TextBox[] = [];
  const blocks: Block[] = [];
  const parsedPages: ParsedPage[] = [];
  const write = (part: string): void => {
    parts.push(part);
    length += part.length;
  };
  const dropHyphen = (): void => {
    parts.push((parts.pop() ?? '').slice(0, -1));
    length--;
    const last = boxes.pop();
    if (last) boxes.push({ ...last, end: last.end - 1 });
  };
  const separate = (page: PageLayout, before: Fragment, fragment: Fragment, isNewPage: boolean): string => {
    const separator = isNewPage
      ? continues(before, fragment)
        ? ' '
        : '\n\n'
      : separatorWithin(page, before, fragment);
    if (separator !== ' ' || (!isNewPage && isSameRow(before, fragment))) return separator;
    const join = hyphenation.join(before.text, fragment.text);
    if (join === 'whole') dropHyphen();
    return join === undefined ? ' ' : '';
  };
  const open = (fragment: Fragment, page: number): void => {
    blocks.push({ start: length, end: length, size: fragment.size, lines: 0, page });
  };

  let before: Fragment | undefined;
  for (const page of layouts) {
    const pageIndex = parsedPages.length;
    let start: number | undefined;
    for (const fragment of page.fragments) {
      const isNewPage = start === undefined;
      const separator = before ? separate(page, before, fragment, isNewPage) : '';
      if (isNewPage && before) closePage(parsedPages, length);
      write(separator);
      start ??= length;
      if (!before || separator === '\n\n') open(fragment, page.number);
      writeRuns(fragment, page);
      const block = blocks.at(-1);
      if (block) {
        block.end = length;
        block.lines += 1;
      }
      before = fragment;
    }
    const isTurned = page.rotation % 180 !== 0;
    parsedPages[pageIndex] = {
      number: page.number,
      start: start ?? length,
      end: length,
      width: isTurned ? page.height : page.width,
      height: isTurned ? page.width : page.height,
    };
  }

  function writeRuns(fragment: Fragment, page: PageLayout): void {
    fragment.runs.forEach((run, i) => {
      const previous = fragment.runs[i - 1];
      if (previous && needsSpace(previous, run)) write(' ');
      const start = length;
      write(run.text);
      boxes.push({ start, end: length, page: page.number, ...unrotate(run, page) });
    });
  }

  const text = parts.join('');
  return {
    text,
    pages: parsedPages,
    boxes,
    headings: headingsOf(text, blocks, outline),
    title: titleFrom(text, blocks),
  };
}

/** A hyphen dropped at the seam of two pages shortens the page before, and moves the empty pages in between. */
function closePage(pages: ParsedPage[], length: number): void {
  for (let i = pages.length - 1; i >= 0; i--) {
    const page = pages[i];
    if (!page || page.end <= length) return;
    pages[i] = { ...page, start: Math.min(page.start, length), end: length };
  }
}
