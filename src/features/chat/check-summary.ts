import type { AnswerCheck } from '#core/rag/index.ts';

export interface CheckCounts {
  readonly claims: number;
  readonly supported: number;
  readonly partly: number;
  readonly none: number;
  readonly missingQuotes: number;
  readonly verifiedQuotes: number;
  readonly strange: number;
}

export function countsOf({ sentences, quotes, strange }: AnswerCheck): CheckCounts {
  const count = (verdict: (typeof sentences)[number]['verdict']): number =>
    sentences.filter((sentence) => sentence.verdict === verdict).length;
  const verifiedQuotes = quotes.filter(({ found }) => found).length;
  return {
    claims: sentences.length - count('no-claim'),
    supported: count('supported'),
    partly: count('partly'),
    none: count('none'),
    verifiedQuotes,
    missingQuotes: quotes.length - verifiedQuotes,
    strange: strange.length,
  };
}

/** One line for the head of the table; what is nought is left out. */
export function summaryOf(counts: CheckCounts): string {
  const { claims, supported, partly, none, missingQuotes, verifiedQuotes, strange } = counts;
  if (claims === 0) return 'Nothing in this answer states a fact.';
  const quotes = verifiedQuotes + missingQuotes;
  return [
    `${supported} of ${claims} ${claims === 1 ? 'statement' : 'statements'} supported`,
    ...(partly > 0 ? [`${partly} partly`] : []),
    ...(none > 0 ? [`${none} not`] : []),
    ...(quotes > 0 ? [`${verifiedQuotes} of ${quotes} quotes word for word`] : []),
    ...(strange > 0
      ? [`${strange} ${strange === 1 ? 'number or name' : 'numbers and names'} in no source`]
      : []),
  ].join(' · ');
}
