import type {
  ChatCompletionChunk,
  ChatCompletionParams,
  ResultTimings,
  Wllama,
} from '@wllama/wllama/esm/index.js';
import type { GenerateRequest, SamplingSettings } from '#core/ports/chat-engine.ts';
import { AppError } from '#shared/errors.ts';

/** The settings of llama.cpp's server that the package's types leave out. */
type ServerParams = ChatCompletionParams & {
  readonly repeat_penalty: number;
  readonly stop: readonly string[];
  /** Says after each batch how much of the prompt is read. */
  readonly return_progress: boolean;
};

/** How far the prompt is read, one delta of text, or the end with its figures. */
export type Completion =
  | { readonly type: 'text'; readonly text: string; readonly isReasoning: boolean }
  | { readonly type: 'reading'; readonly done: number; readonly total: number }
  | { readonly type: 'end'; readonly reason: 'stop' | 'length'; readonly timings: ResultTimings };

/** The request in the words of llama.cpp's server. Errors: input/invalid (roles, or a schema that is not JSON). */
export function toServerParams(
  { messages, sampling, jsonSchema, continues, mayThink }: GenerateRequest,
  readMessages: ServerParams['messages'],
): ServerParams {
  const last = messages.at(-1)?.role;
  if (last !== (continues === true ? 'assistant' : 'user'))
    throw new AppError(
      'input/invalid',
      continues === true
        ? 'To go on, the last message has to be an answer.'
        : 'The last message has to be a question.',
    );
  return {
    messages: readMessages,
    stream: true,
    cache_prompt: true,
    return_progress: true,
    ...toServerSampling(sampling),
    ...(mayThink === false ? { chat_template_kwargs: { enable_thinking: false } } : {}),
    ...(jsonSchema === undefined
      ? {}
      : {
          response_format: {
            type: 'json_schema',
            json_schema: { name: 'answer', schema: parseSchema(jsonSchema), strict: true },
          },
        }),
  };
}

function toServerSampling(sampling: SamplingSettings) {
  return {
    temperature: sampling.temperature,
    top_p: sampling.topP,
    top_k: sampling.topK,
    min_p: sampling.minP,
    repeat_penalty: sampling.repetitionPenalty,
    max_tokens: sampling.maxTokens > 0 ? sampling.maxTokens : -1,
    stop: sampling.stop.filter((text) => text !== ''),
    ...(sampling.seed === undefined ? {} : { seed: sampling.seed }),
  };
}

function parseSchema(jsonSchema: string): unknown {
  try {
    return JSON.parse(jsonSchema);
  } catch (error) {
    throw new AppError('input/invalid', 'The JSON Schema is not valid JSON.', { cause: error });
  }
}

/**
 * Runs one completion; `signal` stops it after the token (or prompt batch) that is being computed. With an answer to go
 * on from, llama.cpp repeats it first: that part is left out.
 */
export async function* complete(
  wllama: Wllama,
  params: ServerParams,
  prefill: string,
  signal: AbortSignal,
): AsyncGenerator<Completion, void, void> {
  const queue: ChatCompletionChunk[] = [];
  let failure: unknown;
  let isDone = false;
  let wake = (): void => {};
  const running = wllama
    .createChatCompletion({
      ...params,
      abortSignal: signal,
      onData(chunk: ChatCompletionChunk) {
        queue.push(chunk);
        wake();
      },
    } as Parameters<Wllama['createChatCompletion']>[0] & {
      stream: true;
      onData(c: ChatCompletionChunk): void;
    })
    .catch((error: unknown) => {
      failure = error;
    })
    .finally(() => {
      isDone = true;
      wake();
    });
  const dropEcho = createEchoDropper(prefill);
  try {
    while (true) {
      for (const chunk of queue.splice(0)) yield* read(chunk, dropEcho);
      if (isDone && queue.length === 0) break;
      await new Promise<void>((resolve) => {
        wake = resolve;
        if (isDone || queue.length > 0) resolve();
      });
    }
    if (failure !== undefined) throw failure;
  } finally {
    await running; // the slot is free before the next call begins
  }
}

function* read(
  chunk: ChatCompletionChunk,
  dropEcho: (text: string) => string,
): Generator<Completion, void, void> {
  const { prompt_progress: reading } = chunk as { prompt_progress?: { total: number; processed: number } };
  if (reading) yield { type: 'reading', done: reading.processed, total: reading.total };
  const choice = chunk.choices[0];
  const delta = choice?.delta as { content?: string | null; reasoning_content?: string | null } | undefined;
  if (delta?.reasoning_content) yield { type: 'text', text: delta.reasoning_content, isReasoning: true };
  const text = delta?.content ? dropEcho(delta.content) : '';
  if (text !== '') yield { type: 'text', text, isReasoning: false };
  if (chunk.timings !== undefined && choice?.finish_reason)
    yield {
      type: 'end',
      reason: choice.finish_reason === 'length' ? 'length' : 'stop',
      timings: chunk.timings,
    };
}

function createEchoDropper(prefill: string): (text: string) => string {
  let rest = prefill;
  return (text) => {
    if (rest === '') return text;
    const shared = Math.min(rest.length, text.length);
    if (text.slice(0, shared) !== rest.slice(0, shared)) {
      rest = ''; // not the echo: it is all new
      return text;
    }
    rest = rest.slice(shared);
    return text.slice(shared);
  };
}
