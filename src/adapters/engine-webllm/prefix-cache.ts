import type { Pipeline, Tensor } from './library-internals.ts';

/** Prompt tokens through the KV cache, keeping what the last call left there as far as it is the same. */
export interface PrefixCache {
  /** Sets the next prompt; gives how many of its tokens need not be computed again. */
  prepare(tokens: readonly number[], signal: AbortSignal): number;
  /** Off: every prompt is computed whole. */
  setReuse(isOn: boolean): void;
  /** The logits after these tokens, behind what is cached; for checks. */
  forward(tokens: readonly number[]): Promise<Float32Array>;
  /** Leaves the first `count` tokens in the cache. */
  keep(count: number): void;
  /** After a failure: what is in the cache is not known. */
  drop(): void;
}

/** Called with the logits after the last token of each prompt. */
type OnLogits = (logits: ArrayLike<number>) => void;

/**
 * Takes the place of the library's own reuse, which wants the very same conversation, forgets it after an abort or a cut
 * answer, and leaves out the separator behind a reused answer. Here tokens are compared, and the cache is cut back to
 * what both prompts share.
 */
export function createPrefixCache(pipeline: Pipeline, onLogits: OnLogits): PrefixCache {
  const { tvm } = pipeline;
  const forwardChunk = pipeline.embedAndForward.bind(pipeline);
  const clear = pipeline.resetKVCache.bind(pipeline);
  const popTokens = global(pipeline, 'vm.builtin.kv_state_popn');
  const canPop = pipeline.kvStateKind === 'kv_cache' && pipeline.slidingWindowSize === -1;
  let cached: number[] = [];
  let isReusing = true;
  let prompt: readonly number[] = [];
  let signal: AbortSignal | undefined;

  function keep(count: number): void {
    const surplus = cached.length - count;
    if (surplus > 0 && (!canPop || count === 0)) clear();
    else if (surplus > 0) {
      tvm.beginScope();
      popTokens(pipeline.kvCache, tvm.scalar(0, 'int64'), tvm.scalar(surplus, 'int32'));
      tvm.endScope();
    }
    cached = surplus > 0 && !canPop ? [] : cached.slice(0, count);
    pipeline.filledKVCacheLength = cached.length;
  }

  function shared(tokens: readonly number[]): number {
    if (!isReusing) return 0;
    let count = 0;
    const most = tokens.length - 1; // the last one has to be computed: its logits are what comes next
    while (count < most && count < cached.length && cached[count] === tokens[count]) count += 1;
    return canPop || count === cached.length ? count : 0;
  }

  async function forwardTracked(chunk: readonly (readonly number[])[], length: number): Promise<Tensor> {
    if (length > 1) await pipeline.sync(); // chunk by chunk, so that an abort does not wait for the whole prompt
    signal?.throwIfAborted();
    const logits = await forwardChunk(chunk, length);
    cached.push(...chunk.flat());
    if (cached.length === prompt.length) onLogits(await read(pipeline, logits));
    return logits;
  }

  pipeline.resetKVCache = () => {}; // the library clears before each prompt
  pipeline.embedAndForward = forwardTracked;
  pipeline.getInputData = async () => {
    pipeline.filledKVCacheLength = cached.length;
    return [[prompt.slice(cached.length)], prompt.length - cached.length, () => 0];
  };

  return {
    prepare(tokens, abort) {
      signal = abort;
      prompt = tokens;
      keep(shared(tokens));
      return cached.length;
    },
    setReuse(isOn) {
      isReusing = isOn;
    },
    async forward(tokens) {
      tvm.beginScope();
      const logits = await forwardChunk([tokens], tokens.length);
      cached.push(...tokens);
      const values = await read(pipeline, logits);
      tvm.endScope();
      return values;
    },
    keep,
    drop() {
      clear();
      cached = [];
      pipeline.filledKVCacheLength = 0;
    },
  };
}

function global({ tvm }: Pipeline, name: string): (...args: readonly unknown[]) => unknown {
  tvm.beginScope();
  const call = tvm.detachFromCurrentScope(tvm.getGlobalFunc(name));
  tvm.endScope();
  return call;
}

async function read(pipeline: Pipeline, logits: Tensor): Promise<Float32Array> {
  const onCpu = pipeline.updateLogitsOnCPU(logits);
  await pipeline.sync();
  return Float32Array.from(onCpu.toArray());
}
