import type { MessageRecord, SentenceSupport, SourcePassage } from '#core/ports/chat-records.ts';
import { CITATION_WITH_SPACE, numbersIn } from '#shared/citations.ts';
import { clockOf } from '#shared/clock.ts';
import { textOf } from './parts.ts';
import { placeReferences } from './place-references.ts';

/** An answer with its sources, to be put elsewhere: numbers and a list, footnotes, or entries for a bibliography. */
export type CopyFormat = 'markdown' | 'footnotes' | 'bibtex';

interface Cited {
  readonly text: string;
  readonly passages: readonly SourcePassage[];
  readonly supports: readonly SentenceSupport[];
  readonly retrievedAt: number;
}

function citedOf(message: MessageRecord): Cited {
  return {
    text: textOf(message),
    passages: message.parts.flatMap((part) => (part.type === 'sources' ? part.passages : [])),
    supports: message.parts.flatMap((part) => (part.type === 'supports' ? part.sentences : [])),
    retrievedAt: message.createdAt,
  };
}

function placeOf({ documentName, page, seconds, headingPath }: SourcePassage): string {
  const heading = headingPath.at(-1);
  if (page !== undefined) return `${documentName}, p. ${page}`;
  if (seconds !== undefined) return `${documentName}, at ${clockOf(seconds)}`;
  return heading === undefined ? documentName : `${documentName}, ${heading}`;
}

const byNumber = (a: SourcePassage, b: SourcePassage): number => a.number - b.number;

/** Passages that the answer cites: by code where its sentences were aligned, else by the model's own numbers. */
function citedPassages({ text, passages, supports }: Cited): readonly SourcePassage[] {
  const numbers = new Set(
    supports.length > 0
      ? supports.flatMap(({ source }) => (source === null ? [] : [source]))
      : [...text.matchAll(CITATION_WITH_SPACE)].flatMap(([, list = '']) => numbersIn(list)),
  );
  return passages.filter(({ number }) => numbers.has(number)).sort(byNumber);
}

/** Passages that an answer cites, by their numbers. */
export const citedPassagesOf = (message: MessageRecord): readonly SourcePassage[] =>
  citedPassages(citedOf(message));

function asMarkdown(cited: Cited): string {
  const { text, supports } = cited;
  const body =
    supports.length === 0 ? text : placeReferences(text, supports, ({ source }) => ` [${source}]`).text;
  const list = citedPassages(cited).map((passage) => `[${passage.number}] ${placeOf(passage)}`);
  return list.length === 0 ? body : `${body}\n\n${list.join('  \n')}`;
}

function spanText(support: SentenceSupport, { text, start, end }: SourcePassage): string {
  const { spanStart = start, spanEnd = end } = support;
  return text
    .slice(spanStart - start, spanEnd - start)
    .replace(/\s+/g, ' ')
    .trim();
}

/** Each cited span has its own note with its words; sentences from one span share it. */
function asFootnotes(cited: Cited): string {
  const { text, supports, passages } = cited;
  const notes: string[] = [];
  const numberOf = (note: string): number => {
    if (!notes.includes(note)) notes.push(note);
    return notes.indexOf(note) + 1;
  };
  const body =
    supports.length > 0
      ? placeReferences(text, supports, (support) => {
          const passage = passages.find(({ number }) => number === support.source);
          return passage ? `[^${numberOf(`${placeOf(passage)}: “${spanText(support, passage)}”`)}]` : '';
        }).text
      : text.replace(CITATION_WITH_SPACE, (own, list: string) => {
          const known = numbersIn(list).flatMap((number) => {
            const passage = passages.find((each) => each.number === number);
            return passage ? [`[^${numberOf(placeOf(passage))}]`] : [];
          });
          return known.length > 0 ? known.join('') : own;
        });
  const list = notes.map((note, i) => `[^${i + 1}]: ${note}`);
  return list.length === 0 ? body : `${body}\n\n${list.join('\n')}`;
}

const LATEX: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
};
const latex = (text: string): string =>
  text.replace(/[\\~^{}%&#$_]/g, (character) => LATEX[character] ?? `\\${character}`);

function keyOf(name: string, taken: ReadonlySet<string>): string {
  const base =
    name
      .replace(/\.[a-z0-9]{1,8}$/i, '')
      .normalize('NFKD')
      .replace(/\p{M}+/gu, '')
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '') || 'document';
  for (let i = 1; ; i++) {
    const key = i === 1 ? base : `${base}-${i}`;
    if (!taken.has(key)) return key;
  }
}

/** One @misc a document, with the pages that are cited and the day on which they were read. */
function asBibtex(cited: Cited): string {
  const documents = new Map<string, SourcePassage[]>();
  for (const passage of citedPassages(cited))
    documents.set(passage.documentId, [...(documents.get(passage.documentId) ?? []), passage]);
  const retrieved = new Date(cited.retrievedAt).toISOString().slice(0, 10);
  const taken = new Set<string>();
  const entries = [...documents.values()].map((passages) => {
    const name = passages[0]?.documentName ?? '';
    const key = keyOf(name, taken);
    taken.add(key);
    const pages = [...new Set(passages.flatMap(({ page }) => (page === undefined ? [] : [page])))];
    const fields = [
      `title = {${latex(name)}}`,
      ...(pages.length === 0 ? [] : [`pages = {${pages.sort((a, b) => a - b).join(', ')}}`]),
      `note = {Retrieved ${retrieved}}`,
    ];
    return `@misc{${key},\n  ${fields.join(',\n  ')}\n}`;
  });
  return entries.join('\n\n');
}

/**
 * An answer with references. With 'bibtex' only the entries, which go into a file of their own. An answer that cites
 * nothing has no list, and no entries ('').
 */
export function copyAnswer(message: MessageRecord, format: CopyFormat): string {
  const cited = citedOf(message);
  return { markdown: asMarkdown, footnotes: asFootnotes, bibtex: asBibtex }[format](cited);
}
