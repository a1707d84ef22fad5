import type { ChatCompletionRequestStreaming } from '@mlc-ai/web-llm';
import { createStopStringHold } from '#core/chat/index.ts';
import type { GenerateRequest, SamplingSettings, Usage } from '#core/ports/chat-engine.ts';
import { AppError } from '#shared/errors.ts';
import type { Pipeline } from './library-internals.ts';
import type { OpenModel } from './open-model.ts';
import { promptOf, tokenizePrompt } from './prompt-tokens.ts';
import { contextExceeded } from './to-app-error.ts';

/** One delta of text (empty while a letter is incomplete), or the end with its figures. */
export type Completion =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'end'; readonly reason: 'stop' | 'length'; readonly usage: Omit<Usage, 'ttftMs'> };

/** Errors: input/invalid, input/unsupported. */
export function checkRequest({ messages, continues, jsonSchema }: GenerateRequest): void {
  if (messages.at(-1)?.role !== (continues === true ? 'assistant' : 'user'))
    throw new AppError(
      'input/invalid',
      continues === true
        ? 'To go on, the last message has to be an answer.'
        : 'The last message has to be a question.',
    );
  if (jsonSchema === undefined) return;
  try {
    JSON.parse(jsonSchema); // a malformed schema would end the grammar's wasm module for good
  } catch (error) {
    throw new AppError('input/invalid', 'The JSON Schema is not valid JSON.', { cause: error });
  }
}

/** Settings that the library does not have, in words; undefined if none of them was asked for. */
export function ignoredSettings({ temperature, topK, minP }: SamplingSettings): string | undefined {
  if (temperature === 0) return undefined; // greedy: they would change nothing
  const names = [...(topK > 0 ? ['top-k'] : []), ...(minP > 0 ? ['min-p'] : [])];
  return names.length === 0 ? undefined : `This engine has no ${names.join(' and no ')}: not used.`;
}

/**
 * Runs one completion. `signal` stops it after the token (or the part of the prompt) that is being computed. Stop strings
 * are looked for here, because the library shows their beginnings before it finds them.
 */
export async function* complete(
  { engine, pipeline, cache, loaded, request: opened }: OpenModel,
  request: GenerateRequest,
  signal: AbortSignal,
): AsyncGenerator<Completion, void, void> {
  const { messages, continues } = promptOf(request, opened.model);
  const tokens = tokenizePrompt(pipeline, messages, continues).all;
  if (tokens.length > pipeline.contextWindowSize && pipeline.slidingWindowSize === -1)
    throw contextExceeded(tokens.length, loaded.contextTokens);
  const cachedTokens = cache.prepare(tokens, signal);
  const hold = createStopStringHold([
    ...request.sampling.stop,
    ...pipeline.getConversationObject().config.stop_str,
  ]);
  let received = 0;
  let isStopped = false;
  const chunks = await engine.chat.completions.create(toLibraryRequest(request, loaded.modelId));
  for await (const { choices } of chunks) {
    const delta = choices[0]?.delta?.content ?? '';
    received += delta.length;
    const { emit, stopped } = hold.push(delta);
    yield { type: 'text', text: emit };
    isStopped = stopped;
    if (isStopped || signal.aborted) break;
  }
  signal.throwIfAborted();
  // Where the library found its own stop string, it took back what it had sent of it.
  const surplus = Math.max(0, received - pipeline.getMessage().length);
  const rest = isStopped ? '' : hold.flush();
  const kept = rest.slice(0, Math.max(0, rest.length - surplus));
  if (kept !== '') yield { type: 'text', text: kept };
  const reason = !isStopped && pipeline.getFinishReason() === 'length' ? 'length' : 'stop';
  yield { type: 'end', reason, usage: usageOf(pipeline, tokens.length, cachedTokens) };
}

/** The messages are a stand-in: the prompt's tokens were handed to the prefix cache. */
function toLibraryRequest(
  { sampling, jsonSchema }: GenerateRequest,
  model: string,
): ChatCompletionRequestStreaming {
  return {
    model,
    messages: [{ role: 'user', content: '' }],
    stream: true,
    temperature: sampling.temperature,
    top_p: Math.min(1, Math.max(sampling.topP, 1e-5)),
    frequency_penalty: 0,
    presence_penalty: 0,
    repetition_penalty: sampling.repetitionPenalty,
    ...(sampling.maxTokens > 0 ? { max_tokens: sampling.maxTokens } : {}),
    ...(sampling.seed === undefined ? {} : { seed: sampling.seed }),
    ...(jsonSchema === undefined ? {} : { response_format: { type: 'json_object', schema: jsonSchema } }),
  };
}

function usageOf(pipeline: Pipeline, promptTokens: number, cachedTokens: number): Omit<Usage, 'ttftMs'> {
  const rate = (tokens: number, seconds: number): number => (seconds > 0 ? tokens / seconds : 0);
  return {
    promptTokens,
    cachedTokens,
    completionTokens: pipeline.getCurRoundCompletionTotalTokens(),
    prefillTokensPerSecond: rate(
      pipeline.getCurRoundPrefillTotalTokens(),
      pipeline.getCurRoundPrefillTotalTime(),
    ),
    decodeTokensPerSecond: rate(
      pipeline.getCurRoundDecodingTotalTokens(),
      pipeline.getCurRoundDecodingTotalTime(),
    ),
  };
}
