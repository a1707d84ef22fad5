import { downloadBytes, type ModelSpec } from '#core/ports/model.ts';

/** Context that `needs.memoryBytes` and WebLLM's own figures are stated for, in tokens (or the model's own, if smaller). */
const DEFAULT_CONTEXT_TOKENS = 4096;

/** Bits a weight takes on disk, scales included, by the name of the quantization. */
export function bitsPerWeight(quantization: string): number {
  const q = quantization.toLowerCase();
  if (q.startsWith('q0f32') || q === 'f32' || q === 'fp32') return 32;
  if (q.startsWith('q0f16') || q === 'f16' || q === 'bf16' || q === 'fp16') return 16;
  const webllm = /^q(\d)f(?:16|32)/.exec(q);
  if (webllm) return Number(webllm[1]) + 0.5;
  const gguf = /^(?:iq|q)(\d)/.exec(q);
  if (gguf) return Number(gguf[1]) + 0.8;
  return 16;
}

/** Bytes to download: stated, or estimated from the parameters. Undefined if neither is known. */
export function downloadEstimate(
  model: ModelSpec,
): { readonly bytes: number; readonly isEstimate: boolean } | undefined {
  const stated = downloadBytes(model);
  if (stated !== undefined) return { bytes: stated, isEstimate: false };
  if (model.parameters === undefined) return undefined;
  return { bytes: Math.round((model.parameters * bitsPerWeight(model.quantization)) / 8), isEstimate: true };
}

/** Bytes of weights that are read for one token. */
export function weightBytes(model: ModelSpec): number {
  return downloadEstimate(model)?.bytes ?? model.needs.memoryBytes;
}

/**
 * Bytes of KV cache one token takes, estimated from the parameter count: 24 kB for a 135M model, about 150 kB at 8B
 * (grouped-query attention, 16-bit cache; twice that where the library computes in 32 bits).
 */
export function kvBytesPerToken(model: ModelSpec): number {
  const billions = (model.parameters ?? (weightBytes(model) * 8) / bitsPerWeight(model.quantization)) / 1e9;
  const bytes = 22_000 + 16_000 * billions;
  return Math.round(/f32/.test(model.quantization) ? bytes * 2 : bytes);
}

/** Resident memory with a context of `contextTokens`: weights, buffers and KV cache. An estimate. */
export function residentBytes(model: ModelSpec, contextTokens: number): number {
  if (model.task !== 'chat') return model.needs.memoryBytes;
  const statedFor = Math.min(DEFAULT_CONTEXT_TOKENS, model.contextTokens);
  const bytes = model.needs.memoryBytes + (contextTokens - statedFor) * kvBytesPerToken(model);
  return Math.max(Math.round(weightBytes(model) * 1.05), Math.round(bytes));
}
