import type { ImageEmbedderInfo } from '#core/ports/image-embedder.ts';
import type { ModelSpec } from '#core/ports/model.ts';
import type { LabelScore } from '#core/ports/pictures.ts';
import type { CallOptions } from '#shared/call.ts';
import type { ImageRoom } from './image-room.ts';
import { dot, rowOf } from './vector-math.ts';

/**
 * What a label stands in before it is embedded. Radford et al. 2021 gain 1.3 points by it, since their model saw captions, not
 * words. emoji-clip, which was trained on words, names 0.800 of its 120 pictures with it and 0.808 without: one picture.
 */
const LABEL_TEMPLATE = 'a photo of a {label}';

const promptOf = (label: string): string => LABEL_TEMPLATE.replace('{label}', label);

/** Label vectors that are kept, over all models. */
const KEPT_LABELS = 4000;

/**
 * Scores of one picture over all labels, zero-shot (Radford et al. 2021): logits are `scale × cosine + bias`, with the scale
 * that the model learned in training. That scale is the temperature under which its own training made softmax (CLIP) or
 * sigmoid (SigLIP) a probability, so the scores are calibrated as far as the model is; none is fitted on top of it. With
 * softmax they say how likely a label is *among these labels*: one label alone always has 1.
 */
export function labelScores(
  cosines: readonly number[],
  { scale, bias, kind }: ImageEmbedderInfo['logits'],
): readonly number[] {
  const logits = cosines.map((cosine) => scale * cosine + bias);
  if (kind === 'sigmoid') return logits.map((logit) => 1 / (1 + Math.exp(-logit)));
  const highest = logits.reduce((most, logit) => Math.max(most, logit), Number.NEGATIVE_INFINITY);
  const powers = logits.map((logit) => Math.exp(logit - highest));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

/** The best first; of equals, the first of the list. */
export function bestLabels(
  labels: readonly string[],
  scores: readonly number[],
  limit: number,
): readonly LabelScore[] {
  return labels
    .map((label, i) => ({ label, score: scores[i] ?? 0 }))
    .sort((a, b) => b.score - a.score)
    .slice(0, limit);
}

/** Each label is embedded once a model. */
export function createLabelVectors(room: ImageRoom) {
  const kept = new Map<string, Float32Array>();

  return {
    /** Without blanks and repetitions, trimmed. */
    clean: (labels: readonly string[]): readonly string[] => [
      ...new Set(labels.map((label) => label.trim()).filter((label) => label !== '')),
    ],
    async of(
      model: ModelSpec,
      spaceId: string,
      labels: readonly string[],
      options: CallOptions = {},
    ): Promise<readonly Float32Array[]> {
      const nameOf = (label: string): string => `${spaceId} ${label}`;
      const missing = labels.filter((label) => !kept.has(nameOf(label)));
      if (kept.size + missing.length > KEPT_LABELS) kept.clear();
      const wanted = labels.filter((label) => !kept.has(nameOf(label)));
      if (wanted.length > 0) {
        const { vectors, dimension } = await room.embedTexts(model, wanted.map(promptOf), options);
        for (const [i, label] of wanted.entries())
          kept.set(nameOf(label), rowOf(vectors, i, dimension).slice());
      }
      return labels.map((label) => kept.get(nameOf(label)) ?? new Float32Array(0));
    },
  };
}

export const cosinesOf = (vector: Float32Array, labels: readonly Float32Array[]): readonly number[] =>
  labels.map((label) => dot(vector, label));
