import type { ParsedDocument, TextBox } from '#core/ports/document-parser.ts';
import { secondsAt } from './times.ts';

interface Place {
  readonly page?: number;
  readonly seconds?: number;
  readonly boxes: readonly TextBox[];
}

/** Page, second and boxes of chunks. They are asked for in text order: each box and page is looked at once. */
export function createPlacer({
  pages,
  boxes,
  times = [],
}: Pick<ParsedDocument, 'pages' | 'boxes' | 'times'>) {
  let firstBox = 0;
  let firstPage = 0;
  return (start: number, end: number): Place => {
    while (firstPage < pages.length - 1 && (pages[firstPage]?.end ?? 0) <= start) firstPage++;
    while (firstBox < boxes.length && (boxes[firstBox]?.end ?? 0) <= start) firstBox++;
    const touched: TextBox[] = [];
    for (let i = firstBox; i < boxes.length; i++) {
      const box = boxes[i];
      if (box === undefined || box.start >= end) break;
      touched.push(box);
    }
    const page = pages[firstPage]?.number;
    const seconds = secondsAt(times, start);
    return {
      boxes: touched,
      ...(page === undefined ? {} : { page }),
      ...(seconds === undefined ? {} : { seconds }),
    };
  };
}
