import type { Embeddings } from '#core/ports/text-embedder.ts';

/** What the cosine of two statements means for one embedder. Of the embedder, never of one answer. */
export interface SentenceScale {
  /** Usual for two that have nothing to do with each other, and for two that say the same in other words. */
  readonly unrelated: number;
  readonly same: number;
}

// A statement, and the same in other words. No two rows share a subject.
const PROBES: readonly (readonly [string, string])[] = [
  [
    'Leave the dough under a cloth for two hours, until it has doubled in size.',
    'The dough needs to rest for about two hours before baking.',
  ],
  [
    'The tenant is liable for damage to the apartment that goes beyond ordinary wear.',
    'Renters must cover harm to the flat unless it is normal use.',
  ],
  [
    'Starlight is bent by turbulent layers of air, so that its brightness flickers.',
    'Moving air in the atmosphere makes starlight shimmer.',
  ],
  [
    'The guarantee includes parts and labour for defects in manufacture, but not accidents.',
    'Faults from production are repaired free, accidents are excluded.',
  ],
  [
    'Slow breathing activates the vagus nerve and reduces the pulse.',
    'Breathing slowly brings the pulse down.',
  ],
  [
    'Water tomato plants in the early morning, at the root, never on the leaves.',
    'Tomatoes are best watered at the roots at dawn.',
  ],
  [
    'PNG images store an alpha channel, whereas JPEG pictures have none.',
    'Only PNG supports see-through pixels, JPEG does not.',
  ],
  [
    'After the blockade starved the capital, both armies signed an armistice.',
    'The fighting stopped with a ceasefire once the city ran out of food.',
  ],
  [
    'One in five departures leaves the station more than ten minutes behind schedule.',
    'About twenty percent of trains are delayed by over ten minutes.',
  ],
  [
    'Choose “forgotten” on the sign-in page; a link is sent to your e-mail address.',
    'You get a link by e-mail to set a new password.',
  ],
];

/** All texts, in the order in which `scaleOf` wants their vectors; embedded as passages. */
export function scaleProbes(): readonly string[] {
  return [...PROBES.map(([statement]) => statement), ...PROBES.map(([, paraphrase]) => paraphrase)];
}

export function cosineAt(one: Embeddings, i: number, other: Embeddings, j: number): number {
  let sum = 0;
  const { dimension } = one;
  for (let d = 0; d < dimension; d++)
    sum += (one.vectors[i * dimension + d] ?? 0) * (other.vectors[j * dimension + d] ?? 0);
  return sum;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

/**
 * Measured on pairs that say the same and pairs that do not, because every model has a scale of its own: bge's unrelated
 * texts have cosines about 0.4, MiniLM's about 0.05.
 */
export function scaleOf(probes: Embeddings): SentenceScale {
  const count = PROBES.length;
  const same: number[] = [];
  const different: number[] = [];
  for (let i = 0; i < count; i++)
    for (let j = 0; j < count; j++) (i === j ? same : different).push(cosineAt(probes, i, probes, count + j));
  return { unrelated: median(different), same: median(same) };
}
