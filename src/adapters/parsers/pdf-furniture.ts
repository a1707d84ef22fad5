import type { Fragment } from './pdf-lines.ts';

interface PageFragments {
  readonly height: number;
  readonly fragments: readonly Fragment[];
}

/** Share of the page's height at its head and foot where running titles and page numbers stand. */
const MARGIN = 0.09;

function isInMargin(fragment: Fragment, height: number): boolean {
  return fragment.bottom < height * MARGIN || fragment.top > height * (1 - MARGIN);
}

function shapeOf(fragment: Fragment): string {
  return fragment.text.replace(/\d+/g, '#').replace(/\s+/g, ' ').trim().toLowerCase();
}

/**
 * Takes out what repeats at the head or foot of several pages (running titles after their first appearance, page numbers):
 * it would cut sentences in two and match every search.
 */
export function withoutFurniture<P extends PageFragments>(pages: readonly P[]): P[] {
  const count = new Map<string, number>();
  for (const { height, fragments } of pages)
    for (const shape of new Set(fragments.filter((f) => isInMargin(f, height)).map(shapeOf)))
      count.set(shape, (count.get(shape) ?? 0) + 1);
  const enough = pages.length > 6 ? 4 : 3;
  // What also stands in the body (a title, a chapter's heading) is not lost when every repetition goes.
  const seen = new Set(
    pages.flatMap(({ height, fragments }) =>
      fragments.filter((fragment) => !isInMargin(fragment, height)).map(shapeOf),
    ),
  );
  return pages.map((page) => ({
    ...page,
    fragments: page.fragments.filter((fragment) => {
      const shape = shapeOf(fragment);
      if (!isInMargin(fragment, page.height) || (count.get(shape) ?? 0) < enough) return true;
      const isFirst = !seen.has(shape) && !/^(?:page |p\. ?)?#(?: ?(?:of|\/) ?#)?$/.test(shape);
      seen.add(shape);
      return isFirst;
    }),
  }));
}
