/** Texts that go through the model together. */
export interface Batch {
  /** Places of the texts in the request. */
  readonly indexes: readonly number[];
  /** Length that all of them are padded to. */
  readonly tokens: number;
}

export interface BatchLimits {
  /** Tokens in a batch, padding included; one text that is longer makes a batch of its own. */
  readonly batchTokens: number;
  /** How much of a row may be padding, 0 to 1. */
  readonly paddingShare: number;
}

/** One batch is what a query waits for at most, and what an abort waits for. */
const BATCH_TOKENS = 1024;
/**
 * Weights of 8 bits come with activations that are quantized by the range of the whole batch: a text's vector or score
 * would depend on its neighbours (cosine 0.991 to 0.997, measured), and on a CPU a batch is no faster. One text a run
 * (docs/decisions/2026-11-26-embedding-batches.md).
 */
const QUANTIZED_BY_BATCH = /^(q8|int8|uint8|quantized)/i;

/** The `batchTokens` of a model by the format of its weights. */
export function batchTokensFor(dtype: string): number {
  return QUANTIZED_BY_BATCH.test(dtype) ? 0 : BATCH_TOKENS;
}

/**
 * Batches of nearly equal length, longest first, so that little is computed for padding and the most memory is asked
 * for at once. Every index is in exactly one batch.
 */
export function planBatches(lengths: readonly number[], limits: BatchLimits): readonly Batch[] {
  const order = lengths.map((_, index) => index).sort((a, b) => (lengths[b] ?? 0) - (lengths[a] ?? 0));
  const batches: Batch[] = [];
  let indexes: number[] = [];
  let tokens = 0;
  const close = (): void => {
    if (indexes.length > 0) batches.push({ indexes, tokens });
    indexes = [];
  };
  for (const index of order) {
    const length = lengths[index] ?? 0;
    const isFull = (indexes.length + 1) * tokens > limits.batchTokens;
    if (isFull || length < tokens * (1 - limits.paddingShare)) close();
    if (indexes.length === 0) tokens = length;
    indexes.push(index);
  }
  close();
  return batches;
}
