import type { SentenceSupport, SourcePassage } from '#core/ports/chat-records.ts';
import { sentencesOfAnswer } from './claims.ts';
import { factsOf, hasWrongNumber, isContrary } from './evidence.ts';
import { byScore, candidatesOf, createWeights, wordScore } from './likeness.ts';
import { type VerifiedQuote, verifyQuotes } from './quotes.ts';
import type { Span } from './sentences.ts';
import { type StrangeFact, strangeFactsOf } from './strange-facts.ts';

/** A part of a document, by the number of the passage it was shown in. */
export interface CitedSpan {
  readonly source: number;
  /** Character offsets in the document's text. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** What was found by code about the parts of an answer that are quoted, numbers or names. */
export interface Verification {
  readonly quotes: readonly VerifiedQuote[];
  readonly strange: readonly StrangeFact[];
}

export interface CheckedQuote extends VerifiedQuote {
  /** The words that come nearest, when it was not found. */
  readonly nearest: CitedSpan | undefined;
}

export type Verdict = 'supported' | 'partly' | 'none' | 'no-claim';

export interface CheckedSentence extends Span {
  /** Without Markdown and source numbers. */
  readonly text: string;
  readonly verdict: Verdict;
  /** 0 to 1; absent where nothing is claimed. */
  readonly score?: number;
  /** The span that supports it or, without support, the one that comes nearest. */
  readonly passage?: CitedSpan;
  /** That span is only near: no span says what the sentence says. */
  readonly isNearest?: true;
  /** Why the nearest span does not support it. */
  readonly objection?: 'other-number' | 'contrary';
  readonly quotes: readonly CheckedQuote[];
  readonly strange: readonly StrangeFact[];
}

export interface AnswerCheck {
  readonly sentences: readonly CheckedSentence[];
  readonly quotes: readonly CheckedQuote[];
  readonly strange: readonly StrangeFact[];
}

/** From here on a span says a part of the sentence. */
const PARTLY = 0.4;
/** A span less like it is a stranger, and shown to nobody. */
const NEAR = 0.2;

/** Quotes, numbers and names of an answer against its passages; quick enough for every answer that is shown. */
export function verifyAnswer(answer: string, passages: readonly SourcePassage[]): Verification {
  return { quotes: verifyQuotes(answer, passages), strange: strangeFactsOf(answer, passages) };
}

interface Near extends CitedSpan {
  readonly likeness: number;
  readonly objection: CheckedSentence['objection'] | undefined;
}

/** Finds the sentence of the passages that has most words, by weight, in common with a text. */
function createNearest(passages: readonly SourcePassage[]) {
  const candidates = candidatesOf(passages).filter(({ sentences }) => sentences === 1);
  const weigh = createWeights(candidates);
  return (text: string): Near | undefined => {
    const facts = factsOf(text);
    const [top] = candidates
      .map((candidate) => ({ candidate, ...wordScore(facts, candidate, weigh) }))
      .sort(byScore);
    if (top === undefined || top.likeness < NEAR) return undefined;
    const { passage, start, end, facts: said } = top.candidate;
    return {
      source: passage.number,
      start: passage.start + start,
      end: passage.start + end,
      text: passage.text.slice(start, end),
      likeness: top.likeness,
      objection: hasWrongNumber(facts, said)
        ? 'other-number'
        : isContrary(facts, said)
          ? 'contrary'
          : undefined,
    };
  };
}

const spanOf = ({ source, start, end, text }: CitedSpan): CitedSpan => ({ source, start, end, text });
const overlaps = (one: Span, other: Span): boolean => one.start < other.end && other.start < one.end;

function supportingSpan(
  { source, spanStart, spanEnd }: SentenceSupport,
  passages: readonly SourcePassage[],
): CitedSpan | undefined {
  const passage = passages.find(({ number }) => number === source);
  if (passage === undefined) return undefined;
  const { start = passage.start, end = passage.end } = {
    ...(spanStart === undefined ? {} : { start: spanStart }),
    ...(spanEnd === undefined ? {} : { end: spanEnd }),
  };
  return {
    source: passage.number,
    start,
    end,
    text: passage.text.slice(start - passage.start, end - passage.start),
  };
}

/**
 * An answer as a table: each sentence with what was found for it. Supported: one span of the sources says all of it.
 * Partly: a span says a part of it, or says all of it but a quote, a number or a name in it is in no source. None: the
 * nearest span says something else, names another number, or the contrary. `supports` are those of the aligner.
 */
export function checkAnswer(
  answer: string,
  passages: readonly SourcePassage[],
  supports: readonly SentenceSupport[],
): AnswerCheck {
  const { quotes: verified, strange } = verifyAnswer(answer, passages);
  const nearestTo = createNearest(passages);
  const quotes = verified.map((quote): CheckedQuote => {
    const near = quote.found ? undefined : nearestTo(quote.text);
    return { ...quote, nearest: near && spanOf(near) };
  });
  const sentences = sentencesOfAnswer(answer).map((sentence): CheckedSentence => {
    const own = {
      start: sentence.start,
      end: sentence.end,
      text: sentence.text.replace(/ +(?=[.,;:!?])/g, ''),
      quotes: quotes.filter((quote) => overlaps(quote, sentence)),
      strange: strange.filter((fact) => overlaps(fact, sentence)),
    };
    if (!sentence.isClaim) return { ...own, verdict: 'no-claim' };
    const support = supports.find((each) => each.start === sentence.start);
    const span = support && supportingSpan(support, passages);
    if (support && span) {
      const isWhole = own.strange.length === 0 && own.quotes.every(({ found }) => found !== undefined);
      return { ...own, verdict: isWhole ? 'supported' : 'partly', score: support.score, passage: span };
    }
    const near = nearestTo(sentence.text);
    const score = support?.score ?? 0;
    if (near === undefined) return { ...own, verdict: 'none', score };
    const isPart = near.objection === undefined && Math.max(score, near.likeness) >= PARTLY;
    return {
      ...own,
      verdict: isPart ? 'partly' : 'none',
      score: isPart ? Math.max(score, near.likeness) : score,
      passage: spanOf(near),
      isNearest: true,
      ...(near.objection ? { objection: near.objection } : {}),
    };
  });
  return { sentences, quotes, strange };
}
