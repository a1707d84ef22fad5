import { AppError } from '#shared/errors.ts';
import { contentWords } from './words.ts';

interface Scored {
  readonly text: string;
  readonly score: number;
}

type Terms = ReadonlyMap<string, number>;

/** Term frequencies, of length 1. */
function termsOf(text: string): Terms {
  const counts = new Map<string, number>();
  for (const { key } of contentWords(text)) counts.set(key, (counts.get(key) ?? 0) + 1);
  const length = Math.hypot(...counts.values());
  return new Map([...counts].map(([key, count]) => [key, count / length]));
}

function cosine(a: Terms, b: Terms): number {
  const [small, large] = a.size < b.size ? [a, b] : [b, a];
  let sum = 0;
  for (const [key, weight] of small) sum += weight * (large.get(key) ?? 0);
  return sum;
}

/**
 * Maximal marginal relevance (Carbonell and Goldstein, SIGIR 1998): takes one after the other the passage with the highest
 * λ · relevance − (1 − λ) · likeness to what was taken. Likeness is the cosine of term frequencies, as in the paper, so
 * that it works for every mode alike; relevance is the score stretched to 0…1 over the pool, because sums of reciprocal
 * ranks and cosines have scales of their own. Ties go to the earlier one. Time O(limit × pool).
 * Errors: input/invalid (λ outside 0…1).
 */
export function diversify<T extends Scored>(pool: readonly T[], lambda: number, limit: number): readonly T[] {
  if (!(lambda >= 0 && lambda <= 1))
    throw new AppError('input/invalid', 'λ of the diversity lies between 0 and 1.', { details: { lambda } });
  const scores = pool.map(({ score }) => score);
  const low = Math.min(...scores);
  const width = Math.max(...scores) - low || 1;
  const rest = pool.map((passage) => ({
    passage,
    terms: termsOf(passage.text),
    relevance: (passage.score - low) / width,
    likeness: 0,
  }));
  const taken: T[] = [];
  while (taken.length < limit && rest.length > 0) {
    let best = 0;
    let bestValue = Number.NEGATIVE_INFINITY;
    for (const [i, { relevance, likeness }] of rest.entries()) {
      const value = lambda * relevance - (1 - lambda) * likeness;
      if (value <= bestValue) continue;
      best = i;
      bestValue = value;
    }
    const [next] = rest.splice(best, 1);
    if (next === undefined) break;
    taken.push(next.passage);
    for (const other of rest) other.likeness = Math.max(other.likeness, cosine(other.terms, next.terms));
  }
  return taken;
}
