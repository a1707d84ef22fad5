import type { SourcePassage } from '#core/ports/chat-records.ts';
import { CITATION } from '#shared/citations.ts';
import { claimsOf } from './claims.ts';
import { type Facts, factsOf, isWrongNumber } from './evidence.ts';
import type { Span } from './sentences.ts';
import type { Word } from './words.ts';

/** A number or a name of an answer that stands in none of its sources. */
export interface StrangeFact extends Span {
  readonly kind: 'number' | 'name';
  /** As the answer writes it; a number with its unit. */
  readonly text: string;
}

const GERMAN = /\b(?:der|die|das|und|nicht|ein|eine|mit|von|ist)\b/gi;
const ENGLISH = /\b(?:the|and|of|to|is|a|in|with|for)\b/gi;

/** In German every noun has a capital letter: there it tells no name. */
function capitalisesNouns(text: string): boolean {
  return (text.match(GERMAN)?.length ?? 0) > (text.match(ENGLISH)?.length ?? 0);
}

/** Letters and digits only: RV-200, RV 200 and RV200 are one name. */
const squash = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/[^\p{L}\p{N}]+/gu, '')
    .toLowerCase();

interface Sources {
  readonly facts: Facts;
  readonly squashed: string;
}

function sourcesOf(passages: readonly SourcePassage[]): Sources {
  const text = passages
    .map((passage) => [passage.documentName, ...passage.headingPath, passage.text].join('\n'))
    .join('\n\n');
  return { facts: factsOf(text), squashed: squash(text) };
}

const UNIT_BEHIND = /^\s?(?:[%€$]|°\s?[CF]?\b|[\p{L}µ]{1,12}(?![\p{L}\p{N}]))/u;

function strangeNumbers(sentence: string, { facts, squashed }: Sources): StrangeFact[] {
  return factsOf(sentence).quantities.flatMap((quantity) => {
    if (!isWrongNumber(quantity, facts)) return [];
    const { start, unit } = quantity;
    // RV-200: the number belongs to a name.
    const prefix = /[\p{L}]+[-–/]?$/u.exec(sentence.slice(0, start))?.[0] ?? '';
    const digits = sentence.slice(start, quantity.end);
    if (prefix !== '' && squashed.includes(squash(prefix + digits))) return [];
    const behind = unit === undefined ? '' : (UNIT_BEHIND.exec(sentence.slice(quantity.end))?.[0] ?? '');
    const end = quantity.end + behind.length;
    return [{ kind: 'number', start, end, text: sentence.slice(start, end) }];
  });
}

const hasInnerCapital = (raw: string): boolean => /\p{L}.*\p{Lu}|\p{L}.*\p{N}|\p{N}.*\p{L}/u.test(raw);

function strangeNames(sentence: string, sources: Sources, isGerman: boolean): StrangeFact[] {
  const { words } = factsOf(sentence);
  const rawOf = ({ start, end }: Word): string => sentence.slice(start, end);
  const isUnknown = (word: Word): boolean =>
    word.isNameLike &&
    !word.isStop &&
    word.value === undefined &&
    !sources.facts.keys.has(word.key) &&
    !sources.squashed.includes(squash(rawOf(word).replace(/['’]s$/, '')));
  // A capital letter says nothing at the beginning, nor behind a colon or an opening quotation mark.
  const mayBeAny = (word: Word, i: number): boolean =>
    i === 0 || /[:.!?“"„«([]\s*[*_]*$/.test(sentence.slice(0, word.start));
  const names: { first: number; last: number }[] = [];
  for (const [i, word] of words.entries()) {
    if (!isUnknown(word)) continue;
    const last = names.at(-1);
    const between = last && sentence.slice(words[last.last]?.end ?? 0, word.start);
    if (last && last.last === i - 1 && between !== undefined && /^[ \u00a0-]$/.test(between)) last.last = i;
    else names.push({ first: i, last: i });
  }
  return names.flatMap(({ first, last }) => {
    const [from, to] = [words[first], words[last]];
    if (from === undefined || to === undefined) return [];
    const text = sentence.slice(from.start, to.end);
    const isCertain = hasInnerCapital(text.replace(/[ \u00a0-]\p{Lu}/gu, ' '));
    if (!isCertain && (isGerman || (first === last && mayBeAny(from, first)))) return [];
    return [{ kind: 'name', start: from.start, end: to.end, text }];
  });
}

/** XK-9 is one thing, found as a name and a number. */
function joined(sentence: string, facts: readonly StrangeFact[]): readonly StrangeFact[] {
  const all: StrangeFact[] = [];
  for (const fact of facts) {
    const last = all.at(-1);
    if (last?.kind !== 'name' || !/^[-–]?$/.test(sentence.slice(last.end, fact.start))) all.push(fact);
    else all[all.length - 1] = { ...last, end: fact.end, text: sentence.slice(last.start, fact.end) };
  }
  return all;
}

const NO_FACTS = new RegExp(`${CITATION.source}|\\bhttps?://\\S+|\`[^\`\\n]+\``, 'g');

/**
 * Numbers (with their units) and names that an answer states and that occur in none of its sources: not in their text,
 * their headings or the documents' names. By code; sentences that state nothing, and source numbers, are not looked at.
 */
export function strangeFactsOf(answer: string, passages: readonly SourcePassage[]): readonly StrangeFact[] {
  const sources = sourcesOf(passages);
  const isGerman = capitalisesNouns(answer);
  return claimsOf(answer).flatMap(({ start, end }) => {
    // Source numbers and addresses are neither; blanks keep every place.
    const sentence = answer.slice(start, end).replace(NO_FACTS, (part) => ' '.repeat(part.length));
    const facts = [...strangeNumbers(sentence, sources), ...strangeNames(sentence, sources, isGerman)].sort(
      (a, b) => a.start - b.start,
    );
    return joined(sentence, facts).map((fact) => ({
      ...fact,
      start: start + fact.start,
      end: start + fact.end,
    }));
  });
}
