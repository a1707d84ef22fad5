import { createBreather } from '#shared/breathe.ts';

/** Numbers of a signature: similarity is estimated with a standard error of at most 1 / (2 √128) = 0.044. */
const SIGNATURE_SIZE = 128;
/** As in `copies.ts`: long enough that two texts about one thing share few, short enough to survive an edit. */
const SHINGLE_WORDS = 4;
/** Signatures of two seeds do not compare: this never changes. */
const SEED = 0x5eed1997;

const WORD = /[\p{L}\p{M}\p{N}]+/gu;

/** The finalizer of MurmurHash3: every bit of the input moves every bit of the output. */
function mix(value: number): number {
  let h = value ^ (value >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

const SEEDS = Uint32Array.from({ length: SIGNATURE_SIZE }, (_, i) => mix(SEED + i * 0x9e3779b9));

function hashOf(word: string): number {
  let h = 2166136261;
  for (let i = 0; i < word.length; i++) h = Math.imul(h ^ word.charCodeAt(i), 16777619);
  return mix(h);
}

function addShingle(signature: Uint32Array, words: readonly number[]): void {
  let shingle = 0;
  for (const word of words) shingle = mix(Math.imul(shingle, 31) ^ word);
  for (let i = 0; i < SIGNATURE_SIZE; i++) {
    const h = mix(shingle ^ (SEEDS[i] ?? 0));
    if (h < (signature[i] ?? 0)) signature[i] = h;
  }
}

/**
 * MinHash signature of a text (Broder, On the resemblance and containment of documents, 1997): 128 minima of seeded hashes
 * over its shingles of four words. Case and punctuation do not count. Undefined for a text without words.
 */
export async function signatureOf(text: string, signal?: AbortSignal): Promise<Uint32Array | undefined> {
  const signature = new Uint32Array(SIGNATURE_SIZE).fill(0xffffffff);
  const breathe = createBreather(signal);
  const last: number[] = [];
  let count = 0;
  for (const [word] of text.matchAll(WORD)) {
    count++;
    last.push(hashOf(word.toLowerCase()));
    if (last.length < SHINGLE_WORDS) continue;
    addShingle(signature, last);
    last.shift();
    await breathe();
  }
  if (count === 0) return undefined;
  if (count < SHINGLE_WORDS) addShingle(signature, last);
  return signature;
}

/** Estimated share of shingles that two texts have in common (Jaccard), 0 to 1. */
export function similarityOf(a: Uint32Array, b: Uint32Array): number {
  let same = 0;
  for (let i = 0; i < SIGNATURE_SIZE; i++) if (a[i] === b[i]) same++;
  return same / SIGNATURE_SIZE;
}
