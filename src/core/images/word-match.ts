import type { ImageRecord } from '#core/ports/image-records.ts';
import type { PictureWordMatch } from '#core/ports/pictures.ts';
import { allowedSlips, contentWords, queryTerms } from '#core/rag/index.ts';

/** So many of the query's words a picture has to hold: all of one or two, two of three, three of four. */
const ENOUGH = 2 / 3;
/** Characters of an excerpt, by and large. */
const EXCERPT = 90;

interface Span {
  readonly start: number;
  readonly end: number;
}

/** Whether two words are at most `most` slips of the keyboard apart (Levenshtein 1966), row by row. */
function isNear(a: string, b: string, most: number): boolean {
  if (Math.abs(a.length - b.length) > most) return false;
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const isSame = a[i - 1] === b[j - 1];
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (isSame ? 0 : 1)));
    }
    row = next;
  }
  return (row[b.length] ?? 0) <= most;
}

/** Where each of the terms first stands in a text; the index forgives the same slips. */
function findTerms(text: string, terms: readonly string[]): ReadonlyMap<string, Span> {
  const words = contentWords(text);
  const exact = new Map<string, Span>();
  for (const [i, { key, start, end }] of words.entries()) {
    if (!exact.has(key)) exact.set(key, { start, end });
    const next = words[i + 1];
    // Scripts without spaces are looked up by pairs of characters.
    if (next?.start === end && !exact.has(key + next.key))
      exact.set(key + next.key, { start, end: next.end });
  }
  const found = new Map<string, Span>();
  for (const term of terms) {
    const most = allowedSlips(term);
    const near = exact.get(term) ?? (most > 0 ? words.find(({ key }) => isNear(key, term, most)) : undefined);
    if (near) found.set(term, { start: near.start, end: near.end });
  }
  return found;
}

/** Some words before and behind the first that was found, at whole words. */
function excerptOf(text: string, spans: Iterable<Span>): string {
  const first = [...spans].reduce((a, b) => (b.start < a.start ? b : a));
  const from = Math.max(0, first.start - EXCERPT / 3);
  const start = from === 0 ? 0 : Math.min(first.start, from + text.slice(from, first.start).search(/\s|$/));
  const to = Math.min(text.length, start + EXCERPT);
  const cut = to === text.length ? to : Math.max(first.end, start + text.slice(start, to).search(/\s\S*$/));
  const words = text.slice(start, cut).replace(/\s+/g, ' ').trim();
  return `${start > 0 ? '…' : ''}${words}${cut < text.length ? '…' : ''}`;
}

/**
 * Why the words of a query find a picture; undefined where it holds too few of them, because one word of a sentence that
 * happens to stand on a sign is no reason to come before what shows the whole of it, or where it holds what was to be left out.
 */
export function wordMatch(
  { tags, captions = [], text = '', generatedCaption }: ImageRecord,
  plus: string,
  minus: readonly string[],
): PictureWordMatch | undefined {
  const sources: readonly (readonly [PictureWordMatch['source'], string])[] = [
    ...captions.map((caption) => ['caption', caption] as const),
    ...(text === '' ? [] : [['text', text] as const]),
    ...(generatedCaption ? [['description', generatedCaption.text] as const] : []),
    ...tags.map((tag) => ['tag', tag] as const),
  ];
  const terms = [...new Set(queryTerms(plus))];
  const wholly = (all: readonly string[]): boolean =>
    all.length > 0 && sources.some(([, words]) => findTerms(words, all).size === all.length);
  if (terms.length === 0 || minus.some((words) => wholly([...new Set(queryTerms(words))]))) return undefined;
  const found = sources.map(([source, words]) => ({ source, words, spans: findTerms(words, terms) }));
  const held = new Set(found.flatMap(({ spans }) => [...spans.keys()]));
  if (held.size < Math.ceil(terms.length * ENOUGH)) return undefined;
  const best = found.reduce((a, b) => (b.spans.size > a.spans.size ? b : a));
  return { source: best.source, excerpt: excerptOf(best.words, best.spans.values()) };
}
