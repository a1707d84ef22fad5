import type { SourcePassage } from '#core/ports/chat-records.ts';
import { type Facts, factsOf, isContrary } from './evidence.ts';
import { sentencesOf } from './sentences.ts';

/** Of a word's weight, for one that stands in the passage or its headings but not in the span: what it is about. */
const AROUND = 0.4;

export interface Candidate {
  readonly passage: SourcePassage;
  /** Offsets in the passage's text. */
  readonly start: number;
  readonly end: number;
  readonly sentences: number;
  readonly facts: Facts;
  /** Words of the whole passage, its headings and its document's name. */
  readonly around: ReadonlySet<string>;
}

export interface Scored {
  readonly candidate: Candidate;
  /** The words show that it is another statement: no likeness of meaning changes that. */
  readonly isOpposed: boolean;
  /** 0 to 1: how much of the claim the span speaks of, whatever it says about it. */
  readonly likeness: number;
}

/** Every sentence of the passages, and every two that follow each other. */
export function candidatesOf(passages: readonly SourcePassage[]): readonly Candidate[] {
  return passages.flatMap((passage) => {
    const sentences = sentencesOf(passage.text);
    const around = factsOf(
      `${passage.documentName}\n${passage.headingPath.join('\n')}\n${passage.text}`,
    ).keys;
    return sentences.flatMap((sentence, i) => {
      const next = sentences[i + 1];
      const make = (end: number, count: number): Candidate => ({
        passage,
        start: sentence.start,
        end,
        sentences: count,
        facts: factsOf(passage.text.slice(sentence.start, end)),
        around,
      });
      return next ? [make(sentence.end, 1), make(next.end, 2)] : [make(sentence.end, 1)];
    });
  });
}

/** How much a word says: numbers and names most, and what stands in few sentences more than what stands in all. */
export function createWeights(candidates: readonly Candidate[]) {
  const single = candidates.filter(({ sentences }) => sentences === 1);
  const frequency = new Map<string, number>();
  for (const { facts } of single)
    for (const key of facts.keys) frequency.set(key, (frequency.get(key) ?? 0) + 1);
  return (key: string, kind: 'number' | 'name' | 'word'): number => {
    const rarity = Math.log(1 + (single.length + 1) / ((frequency.get(key) ?? 0) + 0.5));
    return { number: 2, name: 1.8, word: 1 }[kind] * Math.min(3, 0.5 + rarity);
  };
}

/** The share of what a claim says, by weight, that a span says too, and a part of what stands around it. */
export function wordScore(
  claim: Facts,
  candidate: Candidate,
  weigh: ReturnType<typeof createWeights>,
): Omit<Scored, 'candidate'> {
  let all = 0;
  let found = 0;
  let hasStrangeName = false;
  const seen = new Set<string>();
  claim.words.forEach((word, i) => {
    if (word.isStop || seen.has(word.key)) return;
    seen.add(word.key);
    const isName = word.isNameLike && (i > 0 || claim.keys.size <= 2);
    const weight = weigh(word.key, word.value === undefined ? (isName ? 'name' : 'word') : 'number');
    all += weight;
    if (candidate.facts.keys.has(word.key)) found += weight;
    else if (candidate.around.has(word.key)) found += weight * AROUND;
    else if (isName) hasStrangeName = true;
  });
  const share = all === 0 ? 0 : found / all;
  // A name that the passage does not know makes it another statement; so does the contrary.
  const isOpposed = hasStrangeName || isContrary(claim, candidate.facts);
  return { likeness: share, isOpposed };
}

export const byScore = (one: Scored, other: Scored): number => other.likeness - one.likeness;
