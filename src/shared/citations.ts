/** Numbers of sources as models write them: [1], [1, 2], [1-3], [1–3; 5]. A number of four digits is a year, no source. */
export const CITATION = /\[(\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*)\]/g;

/** The same with the space before it. What is a link stays: its address would be left behind. */
export const CITATION_WITH_SPACE = new RegExp(`[ \\t]*${CITATION.source}(?!\\()`, 'g');

/** A range that is longer than any list of sources was not meant as one: only its ends count. */
const LONGEST_RANGE = 20;

/** What stands between the brackets of a citation as numbers, ranges counted out. */
export function numbersIn(list: string): readonly number[] {
  return list.split(/[,;]/).flatMap((item) => {
    const ends = item.split(/[–-]/).map(Number);
    const [from, to] = ends;
    if (ends.length !== 2 || from === undefined || to === undefined) return ends;
    if (to < from || to - from >= LONGEST_RANGE) return ends;
    return Array.from({ length: to - from + 1 }, (_, i) => from + i);
  });
}

/** The sources that a text names, each once, in the order of its citations. */
export function citedNumbers(text: string): readonly number[] {
  return [...new Set(Array.from(text.matchAll(CITATION), ([, list = '']) => numbersIn(list)).flat())];
}
