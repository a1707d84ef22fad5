import type { SentenceSupport, SourcePassage } from '#core/ports/chat-records.ts';
import type { ModelSpec } from '#core/ports/model.ts';
import { createBreather } from '#shared/breathe.ts';
import type { CallOptions } from '#shared/call.ts';
import { type Claim, claimsOf } from './claims.ts';
import type { EmbeddingRoom } from './embedding-room.ts';
import { factsOf, hasWrongNumber } from './evidence.ts';
import { byScore, candidatesOf, createWeights, type Scored, wordScore } from './likeness.ts';
import { cosineAt, type SentenceScale } from './sentence-scale.ts';

/** From here on a sentence counts as supported. */
const SUPPORT_FLOOR = 0.6;
/** From here on words alone settle it, and nothing is embedded. */
const SETTLED = 0.85;
/** A claim whose words are this much there is worth a look at its meaning. */
const WORTH_EMBEDDING = 0.2;
const EMBEDDED_SPANS = 5;
/** A second sentence is taken in only if it says clearly more. */
const SECOND_SENTENCE = 0.08;
/** For the order only: the model's own number decides between equals, and proves nothing. */
const HINT = 0.05;
/** What is left of a score when the words show another statement: never enough. */
const OPPOSED = 0.5;
/** The span that speaks of the same decides, also when it says the contrary, unless another is about as near. */
const OPPOSED_RANK = 0.1;

/** Splits the answer, and finds for each claim the span that says the same. */
async function alignByWords(
  claims: readonly Claim[],
  passages: readonly SourcePassage[],
  signal: AbortSignal | undefined,
): Promise<readonly (readonly Scored[])[]> {
  const breathe = createBreather(signal);
  const candidates = candidatesOf(passages);
  const weigh = createWeights(candidates);
  const all: Scored[][] = [];
  for (const claim of claims) {
    const facts = factsOf(claim.text);
    const scored = candidates
      .filter((candidate) => !hasWrongNumber(facts, candidate.facts))
      .map((candidate) => ({ candidate, ...wordScore(facts, candidate, weigh) }));
    all.push(scored.sort(byScore));
    await breathe();
  }
  return all;
}

function best(scored: readonly Scored[], cited: readonly number[]): Scored | undefined {
  const rank = ({ candidate, likeness, isOpposed }: Scored): number =>
    likeness -
    (isOpposed ? OPPOSED_RANK : 0) -
    (candidate.sentences - 1) * SECOND_SENTENCE +
    (cited.includes(candidate.passage.number) ? HINT : 0);
  let top: Scored | undefined;
  for (const each of scored) if (top === undefined || rank(each) > rank(top)) top = each;
  return top;
}

/** Adds what sentence vectors say, for the claims that words have not settled. */
async function withMeaning(
  claims: readonly Claim[],
  byWords: readonly (readonly Scored[])[],
  embed: (texts: readonly string[]) => ReturnType<EmbeddingRoom['embed']>,
  { unrelated, same }: SentenceScale,
): Promise<readonly (readonly Scored[])[]> {
  const open = claims.flatMap((claim, i) => {
    const scored = byWords[i] ?? [];
    const top = scored[0]?.likeness ?? 0;
    return top >= SETTLED || top < WORTH_EMBEDDING
      ? []
      : [{ claim, i, spans: scored.slice(0, EMBEDDED_SPANS) }];
  });
  if (open.length === 0) return byWords;
  const texts = new Map<string, number>();
  const indexOf = (text: string): number => {
    const known = texts.get(text);
    if (known !== undefined) return known;
    texts.set(text, texts.size);
    return texts.size - 1;
  };
  const textOf = ({ candidate }: Scored): string =>
    candidate.passage.text.slice(candidate.start, candidate.end).replace(/\s+/g, ' ');
  for (const { claim, spans } of open) for (const text of [claim.text, ...spans.map(textOf)]) indexOf(text);
  const vectors = await embed([...texts.keys()]);
  const result = [...byWords];
  for (const { claim, i, spans } of open) {
    result[i] = spans
      .map((scored) => {
        const cosine = cosineAt(vectors, indexOf(claim.text), vectors, indexOf(textOf(scored)));
        const meaning = Math.min(1, Math.max(0, (cosine - unrelated) / Math.max(0.05, same - unrelated)));
        // Vectors do not see a negation, and hardly a name: what words forbid they do not allow.
        const blended = 0.6 * scored.likeness + 0.4 * meaning;
        return {
          ...scored,
          likeness: scored.isOpposed ? scored.likeness : Math.max(scored.likeness, blended),
        };
      })
      .sort(byScore);
  }
  return result;
}

/**
 * For every claim of an answer (see `claimsOf`) the one or two sentences of its passages that support it, or none.
 * Support = share of the claim's content words, by weight, that the span holds; numbers must be there with their units,
 * a contrary statement or an unknown name counts against it; sentence vectors, where there is an embedder, help with other
 * words for the same. The model's own [n] only decides between equals.
 */
export function createAligner(embeddings: EmbeddingRoom) {
  return async function align(
    {
      answer,
      passages,
      embedder,
    }: {
      readonly answer: string;
      readonly passages: readonly SourcePassage[];
      readonly embedder?: ModelSpec;
    },
    options: CallOptions = {},
  ): Promise<readonly SentenceSupport[]> {
    const call = options.signal ? { signal: options.signal } : {};
    const claims = claimsOf(answer);
    let scored = await alignByWords(claims, passages, options.signal);
    if (embedder && passages.length > 0) {
      const scale = await embeddings.scale(embedder, call);
      const embed = (texts: readonly string[]) => embeddings.embed(embedder, 'passage', texts, call);
      scored = await withMeaning(claims, scored, embed, scale);
    }
    return claims.map(({ start, end, cited }, i) => {
      const top = best(scored[i] ?? [], cited);
      const score = top === undefined ? 0 : Math.min(1, top.likeness * (top.isOpposed ? OPPOSED : 1));
      if (top === undefined || score < SUPPORT_FLOOR) return { start, end, source: null, score };
      const { passage } = top.candidate;
      return {
        start,
        end,
        source: passage.number,
        spanStart: passage.start + top.candidate.start,
        spanEnd: passage.start + top.candidate.end,
        score,
      };
    });
  };
}
