import type { MLCEngine } from '@mlc-ai/web-llm';
import { AppError } from '#shared/errors.ts';

/** The part of `mlc-chat-config.json` that the template has. */
export interface TemplateConfig {
  readonly stop_str: readonly string[];
  readonly role_templates?: Readonly<Record<string, string | undefined>> | undefined;
  readonly system_prefix_token_ids?: readonly number[] | null | undefined;
}

/**
 * What this adapter uses of WebLLM beside its public API, and all of it: tokens, the KV cache and the figures of one
 * round are private in 0.2.86. The version is pinned without a caret, and `pipelineOf` refuses any other shape.
 */
export interface Tensor {
  toArray(): ArrayLike<number>;
}

export interface Conversation {
  readonly config: TemplateConfig;
  override_system_message?: string | undefined;
  appendMessage(role: 'user' | 'assistant', content: string): void;
  appendReplyHeader(role: 'assistant'): void;
  /** System text, then one string a message, each as it is tokenized. */
  getPromptArray(config: unknown): readonly string[];
}

interface Tvm {
  beginScope(): void;
  endScope(): void;
  detachFromCurrentScope<T>(value: T): T;
  getGlobalFunc(name: string): (...args: readonly unknown[]) => unknown;
  scalar(value: number, dtype: string): unknown;
}

export interface Pipeline {
  readonly tvm: Tvm;
  readonly tokenizer: { encode(text: string): Int32Array };
  readonly config: unknown;
  readonly kvCache?: unknown;
  readonly kvStateKind: string;
  readonly slidingWindowSize: number;
  readonly contextWindowSize: number;
  /** Most tokens in one forward pass. */
  prefillChunkSize: number;
  /** Tokens in the KV cache. */
  filledKVCacheLength: number;
  /** One forward pass; gives the logits after the last token. Inside a tvm scope. */
  embedAndForward(chunk: readonly (readonly number[])[], length: number): Promise<Tensor>;
  /** The tokens that the next prefill computes: [pieces, their number, size of a picture]. */
  getInputData(): Promise<readonly [readonly (readonly number[])[], number, () => number]>;
  resetKVCache(): void;
  updateLogitsOnCPU(logits: Tensor): Tensor;
  sync(): Promise<void>;
  getConversationObject(): Conversation;
  getMessage(): string;
  getFinishReason(): string | undefined;
  getCurRoundCompletionTotalTokens(): number;
  getCurRoundDecodingTotalTokens(): number;
  getCurRoundDecodingTotalTime(): number;
  getCurRoundPrefillTotalTokens(): number;
  getCurRoundPrefillTotalTime(): number;
}

const METHODS = [
  'embedAndForward',
  'getInputData',
  'resetKVCache',
  'updateLogitsOnCPU',
  'sync',
  'getConversationObject',
  'getMessage',
  'getFinishReason',
] as const;

/** The loaded model's pipeline; undefined if the load was stopped. */
export function pipelineOf(engine: MLCEngine, modelId: string): Pipeline | undefined {
  const { loadedModelIdToPipeline } = engine as unknown as {
    readonly loadedModelIdToPipeline: ReadonlyMap<string, Pipeline>;
  };
  const pipeline = loadedModelIdToPipeline.get(modelId);
  const isKnown =
    pipeline === undefined ||
    (METHODS.every((name) => typeof pipeline[name] === 'function') &&
      typeof pipeline.filledKVCacheLength === 'number' &&
      typeof pipeline.tokenizer.encode === 'function');
  if (!isKnown)
    throw new AppError(
      'internal/unexpected',
      'The WebLLM package is not the version that this engine is for.',
    );
  return pipeline;
}

/** An empty conversation in the model's own template. */
export function newConversation(pipeline: Pipeline): Conversation {
  const existing = pipeline.getConversationObject();
  const Template = existing.constructor as new (config: TemplateConfig) => Conversation;
  return new Template(existing.config);
}
