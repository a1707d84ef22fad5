import { type Array as JaxArray, nn, numpy as np } from '@jax-js/jax';
import type { ProjectionSettings } from '#core/ports/projection-trainer.ts';

/** Added to the logit of what does not belong together, so that it weighs nothing: e^-10,000 is 0. */
const FAR = 1e4;
const TINY = 1e-12;

/**
 * The loss of a batch as a function of `down` [d × r] and `up` [r × d]. `texts` and `pictures` are [batch × d] of length 1;
 * `together` is [batch × batch], 1 where the text of the row may be a caption of the picture of the column.
 * jax-js counts references by hand: each use of an array but the last takes its `ref`.
 */
export function contrastiveLoss({ loss, scale, bias }: Pick<ProjectionSettings, 'loss' | 'scale' | 'bias'>) {
  return (
    down: JaxArray,
    up: JaxArray,
    texts: JaxArray,
    pictures: JaxArray,
    together: JaxArray,
  ): JaxArray => {
    const moved = texts.ref.add(np.matmul(np.matmul(texts, down), up));
    const lengths = np.sqrt(np.sum(np.square(moved.ref), -1, { keepdims: true }).add(TINY));
    const cosines = np.matmul(moved.div(lengths), np.transpose(pictures));
    return loss === 'infonce'
      ? infoNce(cosines.mul(scale), together)
      : pairwise(cosines.mul(scale).add(bias), together);
  };
}

/** Both ways: -log of the share that a text's pictures, and a picture's texts, have in the softmax over the batch. */
function infoNce(logits: JaxArray, together: JaxArray): JaxArray {
  const right = logits.ref.add(together.sub(1).mul(FAR));
  const ofTexts = np.mean(nn.logsumexp(logits.ref, 1).sub(nn.logsumexp(right.ref, 1)));
  const ofPictures = np.mean(nn.logsumexp(logits, 0).sub(nn.logsumexp(right, 0)));
  return ofTexts.add(ofPictures).mul(0.5);
}

/** Σ log(1 + e^-z·logit) over all two, z = ±1, for each text of the batch. */
function pairwise(logits: JaxArray, together: JaxArray): JaxArray {
  const sign = together.mul(2).sub(1);
  return np.mean(np.sum(nn.softplus(logits.mul(sign).mul(-1)), 1));
}
