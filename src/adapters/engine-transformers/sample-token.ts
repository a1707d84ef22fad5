import type { SamplingSettings } from '#core/ports/chat-engine.ts';

/** Tokens that a repetition is looked for in, as llama.cpp does. */
const PENALTY_WINDOW = 64;
/** Logits this far below the best one have no chance worth a place in the sort. */
const HOPELESS = 40;

export interface TokenSampler {
  /** The next token; `history` is all that was read and written. Changes the logits. */
  next(logits: Float32Array, history: readonly number[]): number;
}

/**
 * In llama.cpp's order, so that a setting means the same with every engine: penalty, top-k, top-p, min-p, temperature. At
 * temperature 0 the likeliest token is taken; with a seed a draw can be repeated.
 */
export function createTokenSampler(settings: SamplingSettings): TokenSampler {
  const random = createRandom(settings.seed ?? crypto.getRandomValues(new Uint32Array(1))[0] ?? 0);
  return {
    next(logits, history) {
      penalize(logits, history.slice(-PENALTY_WINDOW), settings.repetitionPenalty);
      return settings.temperature > 0 ? draw(logits, settings, random()) : likeliest(logits);
    },
  };
}

/** Keskar et al. 2019 (CTRL), as all engines read it: what was said becomes less likely, whatever its sign. */
function penalize(logits: Float32Array, recent: readonly number[], penalty: number): void {
  if (penalty === 1 || penalty <= 0) return;
  for (const token of new Set(recent)) {
    const value = logits[token];
    if (value !== undefined) logits[token] = value > 0 ? value / penalty : value * penalty;
  }
}

function likeliest(logits: Float32Array): number {
  let best = 0;
  for (let i = 1; i < logits.length; i++) if ((logits[i] ?? 0) > (logits[best] ?? 0)) best = i;
  return best;
}

interface Candidate {
  readonly token: number;
  readonly logit: number;
}

function draw(logits: Float32Array, settings: SamplingSettings, at: number): number {
  const kept = candidates(logits, settings);
  const most = kept[0]?.logit ?? 0;
  const weights = kept.map(({ logit }) => Math.exp((logit - most) / settings.temperature));
  let left = at * weights.reduce((sum, weight) => sum + weight, 0);
  for (const [i, { token }] of kept.entries()) {
    left -= weights[i] ?? 0;
    if (left < 0) return token;
  }
  return kept.at(-1)?.token ?? 0;
}

/** What top-k, top-p and min-p leave, the likeliest first; never empty. */
function candidates(logits: Float32Array, settings: SamplingSettings): readonly Candidate[] {
  const best = logits[likeliest(logits)] ?? 0;
  const floor = best - HOPELESS * Math.max(1, settings.temperature);
  const sorted: Candidate[] = [];
  for (const [token, logit] of logits.entries()) if (logit >= floor) sorted.push({ token, logit });
  sorted.sort((a, b) => b.logit - a.logit);
  const top = settings.topK > 0 ? sorted.slice(0, settings.topK) : sorted;
  const shares = top.map(({ logit }) => Math.exp(logit - best));
  const whole = shares.reduce((sum, share) => sum + share, 0);
  let count = 0;
  let reached = 0;
  while (count < top.length) {
    if (count > 0 && (reached >= settings.topP || (shares[count] ?? 0) < settings.minP)) break;
    reached += (shares[count] ?? 0) / whole;
    count += 1;
  }
  return top.slice(0, count);
}

/** Numbers in [0, 1): mulberry32, good enough for a draw and the same everywhere. */
function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
