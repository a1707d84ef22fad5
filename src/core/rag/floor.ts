import type { TextEmbedder } from '#core/ports/text-embedder.ts';
import type { CallOptions } from '#shared/call.ts';
import type { Word } from './words.ts';

/**
 * Questions with a passage that answers them. Every question with every other passage is a pair that has nothing to do
 * with each other: what this embedder makes of both is its scale, which differs from model to model (BGE small calls
 * strangers 0.45, MiniLM 0.05).
 */
const PROBES: readonly (readonly [question: string, passage: string])[] = [
  [
    'How long does bread dough have to rise?',
    'Leave the dough in a warm place for two hours, until it has doubled in size, then shape the loaf.',
  ],
  [
    'When was the bridge over the river opened?',
    'The iron bridge was opened to traffic in May 1884, after six years of work on its two piers.',
  ],
  [
    'Who has to sign a travel expense claim?',
    'Claims for travel expenses are signed by the head of the department and sent to the accounts office.',
  ],
  [
    'Which plants need little light?',
    'Ferns and ivy grow well in the shade and want no more than an hour of sun a day.',
  ],
  [
    'What does the red warning lamp mean?',
    'When the red lamp lights up, the oil pressure is too low: stop the engine at once.',
  ],
  [
    'How is the password of an account reset?',
    'To set a new password, choose “Forgot password” on the login page and follow the link in the e-mail.',
  ],
];

/**
 * How far from strangers towards answers a passage must lie to count as found. A question is compared with many passages,
 * and it is the best of many strangers that must stay below: of sixteen questions that have nothing to do with the sample
 * documents the best passage lies between 0.40 and 0.58 with BGE small (strangers on average 0.35, answers 0.67), of
 * questions that they answer at 0.59 to 0.77. 0.73 of the way is 0.583.
 */
const SHARE_OF_THE_WAY = 0.73;
/** From this share of the way on, words may vouch for a passage: 0.49 with BGE small. */
const NEAR_SHARE = 0.45;

/** What cosine similarity means for one embedder. */
export interface DenseFloor {
  /** A passage at least this similar to the question has to do with it. */
  readonly found: number;
  /** Less similar than `found`, but not a stranger: enough when words agree too. */
  readonly near: number;
}

const mean = (numbers: readonly number[]): number => numbers.reduce((sum, n) => sum + n, 0) / numbers.length;

/** Measures an embedder's scale on fixed probes: twelve short texts, once a model. Errors: those of `embed`. */
export async function measureFloor(
  embedder: TextEmbedder,
  modelId: string,
  options: CallOptions = {},
): Promise<DenseFloor> {
  const embed = (kind: 'query' | 'passage', texts: readonly string[]) =>
    embedder.embed({ modelId, kind, texts }, options);
  const questions = await embed(
    'query',
    PROBES.map(([question]) => question),
  );
  const passages = await embed(
    'passage',
    PROBES.map(([, passage]) => passage),
  );
  const { dimension } = questions;
  const cosine = (q: number, p: number): number => {
    let sum = 0;
    for (let i = 0; i < dimension; i++)
      sum += (questions.vectors[q * dimension + i] ?? 0) * (passages.vectors[p * dimension + i] ?? 0);
    return sum;
  };
  const answers: number[] = [];
  const strangers: number[] = [];
  for (let q = 0; q < PROBES.length; q++)
    for (let p = 0; p < PROBES.length; p++) (q === p ? answers : strangers).push(cosine(q, p));
  const low = mean(strangers);
  const way = mean(answers) - low;
  return { found: low + way * SHARE_OF_THE_WAY, near: low + way * NEAR_SHARE };
}

/** Share of the question's words that a passage must have to be found by words alone. */
const WORDS_ALONE = 0.6;
/** … and with a vector that is near. */
const WORDS_WITH_NEAR = 0.34;

/** Share of the question's content words that stand in a text, 0 to 1; 0 for a question without content words. */
export function wordCoverage(
  question: readonly Word[],
  text: readonly Word[],
): { readonly share: number; readonly count: number } {
  const wanted = new Set(question.filter(({ isStop }) => !isStop).map(({ key }) => key));
  if (wanted.size === 0) return { share: 0, count: 0 };
  const there = new Set<string>();
  for (const { key, isStop } of text) if (!isStop && wanted.has(key)) there.add(key);
  const count = there.size;
  return { share: count / wanted.size, count };
}

/**
 * Whether a passage has to do with the question: similar enough in meaning, or most of its words, or something of both.
 * One word in common is enough only when the question has no other.
 */
export function isFound(
  question: readonly Word[],
  text: readonly Word[],
  denseScore: number | undefined,
  floor: DenseFloor | undefined,
): boolean {
  if (floor !== undefined && denseScore !== undefined && denseScore >= floor.found) return true;
  const { share, count } = wordCoverage(question, text);
  if (share >= WORDS_ALONE && (count > 1 || share === 1)) return true;
  const isNear = floor !== undefined && denseScore !== undefined && denseScore >= floor.near;
  return isNear && share >= WORDS_WITH_NEAR;
}
