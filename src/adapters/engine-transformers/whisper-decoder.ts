import { type InferenceSession, Tensor } from 'onnxruntime-web/webgpu';
import type { WhisperConfig } from './whisper-config.ts';

export interface WhisperDecoder {
  /** Logits of the first and of the last of `ids`, which follow what was decoded before. */
  step(ids: readonly number[]): Promise<{ readonly first: Float32Array; readonly last: Float32Array }>;
}

const isOfEncoder = (name: string): boolean => name.includes('.encoder.');

/**
 * Decodes over the states of one window, with a cache of keys and values (a merged export: `use_cache_branch` chooses). Those
 * of the encoder are computed in the first step only, and what later steps give for them is nothing.
 */
export function openWindow(
  session: InferenceSession,
  states: Tensor,
  { heads, headSize }: Pick<WhisperConfig, 'heads' | 'headSize'>,
): WhisperDecoder {
  const caches = session.inputNames.filter((name) => name.startsWith('past_key_values.'));
  const past = new Map<string, Tensor>(
    caches.map((name) => [name, new Tensor('float32', new Float32Array(0), [1, heads, 0, headSize])]),
  );
  let isFirst = true;
  return {
    async step(ids) {
      const feeds: Record<string, Tensor> = {
        input_ids: new Tensor('int64', BigInt64Array.from(ids, BigInt), [1, ids.length]),
        encoder_hidden_states: states,
        use_cache_branch: new Tensor('bool', [!isFirst], [1]),
      };
      for (const [name, tensor] of past) feeds[name] = tensor;
      const outputs = await session.run(feeds);
      for (const name of caches) {
        const output = outputs[name.replace('past_key_values', 'present')];
        if (output === undefined) throw new Error(`The model gives no ${name}: invalid model`);
        if (isFirst || !isOfEncoder(name)) past.set(name, output);
      }
      isFirst = false;
      const { logits } = outputs;
      const size = logits?.dims[2];
      if (logits === undefined || logits.type !== 'float32' || size === undefined)
        throw new Error('The model gives no words: invalid model');
      const data = (await logits.getData()) as Float32Array;
      return { first: data.slice(0, size), last: data.slice(data.length - size) };
    },
  };
}
