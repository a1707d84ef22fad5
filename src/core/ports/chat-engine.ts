import type { CallOptions } from '#shared/call.ts';
import type { ModelSpec } from './model.ts';

/**
 * A picture as an engine is given it: the encoded bytes of a JPEG or PNG, upright (no orientation left in its EXIF), at most
 * 1536 pixels a side; other formats are turned into these before. A Blob, so that the bytes stay where they
 * are until the engine reads them.
 */
export interface PromptImage {
  readonly blob: Blob;
  readonly mediaType: 'image/jpeg' | 'image/png';
  /** In pixels. */
  readonly width: number;
  readonly height: number;
}

/** What an engine is given: plain text by role. Parts of stored messages are flattened to this by core/chat. */
export interface PromptMessage {
  readonly role: 'system' | 'user' | 'assistant';
  /** For an assistant message of a reasoning model: verbatim, with its `<think>` block, so that a cached prefix matches. */
  readonly content: string;
  /** Pictures of a user message; they come before its text. Only for a model that `seesImages`. */
  readonly images?: readonly PromptImage[];
}

export interface SamplingSettings {
  /** 0 is greedy and repeatable. */
  readonly temperature: number;
  readonly topP: number;
  /** 0 switches it off. */
  readonly topK: number;
  readonly minP: number;
  /** 1 switches it off. */
  readonly repetitionPenalty: number;
  /** Most tokens in one answer; 0 = up to the end of the context. */
  readonly maxTokens: number;
  readonly seed?: number;
  /** A generated text ends before the first of these; none of their characters is ever emitted. */
  readonly stop: readonly string[];
}

export interface LoadRequest {
  readonly model: ModelSpec;
  /** KV cache size in tokens: at most model.contextTokens. */
  readonly contextTokens: number;
  /** 'gpu' fails with capability/webgpu-missing where there is none: the planner decides, never the engine in silence. */
  readonly device: 'gpu' | 'cpu';
  /** CPU threads; more than 1 only where the page is cross-origin isolated. */
  readonly threads: number;
}

/** What is loaded and what runs where: shown to the user as it is. */
export interface LoadedModel {
  readonly modelId: string;
  readonly contextTokens: number;
  readonly runsOn: 'webgpu' | 'wasm' | 'remote';
  readonly threads: number;
  /** For people: 'WASM, 2 threads', 'WebGPU, NVIDIA Ampere', 'http://127.0.0.1:8000'. */
  readonly placeLabel: string;
  readonly loadMs: number;
  /** Messages may bring pictures. */
  readonly seesImages?: true;
}

export interface GenerateRequest {
  readonly modelId: string;
  /** Ends with a user message; with `continues`, ends with the assistant message to go on from. */
  readonly messages: readonly PromptMessage[];
  readonly sampling: SamplingSettings;
  /** Go on writing the last (assistant) message instead of starting a new one. */
  readonly continues?: boolean;
  /**
   * False asks for an answer at once, without a block of reasoning before it. Models without such a switch, and servers
   * (which may refuse a setting that they do not know), think all the same.
   */
  readonly mayThink?: false;
  /** JSON Schema text: the answer is forced to match it where the engine can, else input/unsupported. */
  readonly jsonSchema?: string;
}

export interface Usage {
  /** Whole prompt, reused tokens included. */
  readonly promptTokens: number;
  /** Of these, how many came from the KV cache. */
  readonly cachedTokens: number;
  readonly completionTokens: number;
  /** From the call to the first token, in milliseconds. */
  readonly ttftMs: number;
  /** New prompt tokens a second; 0 if nothing was prefilled. */
  readonly prefillTokensPerSecond: number;
  readonly decodeTokensPerSecond: number;
}

type WarningCode =
  | 'kv-reuse-differs' // a reused turn and a fresh turn disagree: reuse was switched off
  | 'sampling-ignored' // the engine has no such setting
  | 'tokens-estimated'; // no tokenizer at hand: figures are estimates

export type GenerateEvent =
  | { readonly type: 'text-delta' | 'reasoning-delta'; readonly text: string }
  | { readonly type: 'tool-call'; readonly id: string; readonly name: string; readonly input: unknown }
  | { readonly type: 'warning'; readonly code: WarningCode; readonly message: string }
  | { readonly type: 'finish'; readonly reason: 'stop' | 'length' | 'tool' | 'abort'; readonly usage: Usage };

export interface TokenCount {
  /** Tokens of each message with its share of the template. */
  readonly perMessage: readonly number[];
  readonly total: number;
  /** False when the engine has no tokenizer and this is an estimate. */
  readonly isExact: boolean;
}

/**
 * A chat model behind one door.
 *
 * Order of events: (text|reasoning|warning)* then exactly one `finish`. An aborted `generate` rejects with abort/by-user
 * within one token, and the engine takes the next call at once. Errors: model/not-found, model/integrity,
 * model/out-of-memory, model/device-lost, model/context-exceeded, model/load-failed, capability/webgpu-missing,
 * input/unsupported (a picture for a model that sees none, too), input/invalid (a picture that cannot be decoded), network/*.
 */
export interface ChatEngine {
  /** Loads a model; one that is loaded before is unloaded first. Loading what is loaded already returns at once. */
  load(input: LoadRequest, options?: CallOptions): Promise<LoadedModel>;
  /** `onProgress` says how many prompt tokens are read, where the engine can tell. */
  generate(input: GenerateRequest, options?: CallOptions): AsyncIterable<GenerateEvent>;
  /** Counted with the model's own tokenizer and chat template. */
  countTokens(
    input: { readonly modelId: string; readonly messages: readonly PromptMessage[] },
    options?: CallOptions,
  ): Promise<TokenCount>;
  unload(input: { readonly modelId: string }, options?: CallOptions): Promise<void>;
}
