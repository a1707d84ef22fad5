import * as v from 'valibot';
import { createStopStringHold } from '#core/chat/index.ts';
import type { GenerateEvent, GenerateRequest, Usage } from '#core/ports/chat-engine.ts';
import { AppError, isAbort } from '#shared/errors.ts';
import { estimateTokens } from './count-tokens.ts';
import { type ServerMessage, toServerMessages } from './prompt-messages.ts';
import type { ServerClient } from './server-client.ts';
import { readServerSentEvents } from './sse.ts';
import { type Chunk, chunkSchema } from './wire.ts';

function requestBody(
  input: GenerateRequest,
  messages: readonly ServerMessage[],
  model: string,
): Record<string, unknown> {
  const { sampling } = input;
  if (input.messages.at(-1)?.role !== (input.continues ? 'assistant' : 'user'))
    throw new AppError(
      'input/invalid',
      input.continues
        ? 'To go on, the last message has to be an answer.'
        : 'The last message has to be a question.',
    );
  let schema: unknown;
  try {
    schema = input.jsonSchema === undefined ? undefined : JSON.parse(input.jsonSchema);
  } catch (error) {
    throw new AppError('input/invalid', 'The JSON schema of this request is not valid JSON.', {
      cause: error,
    });
  }
  return {
    model,
    messages,
    stream: true,
    stream_options: { include_usage: true },
    temperature: sampling.temperature,
    top_p: sampling.topP,
    ...(sampling.maxTokens > 0 ? { max_tokens: sampling.maxTokens } : {}),
    ...(sampling.seed === undefined ? {} : { seed: sampling.seed }),
    ...(sampling.stop.length > 0 ? { stop: sampling.stop } : {}),
    // Not in OpenAI's own format, but in llama.cpp, vLLM, SGLang and Ollama: sent only when the user set them.
    ...(sampling.topK > 0 ? { top_k: sampling.topK } : {}),
    ...(sampling.minP > 0 ? { min_p: sampling.minP } : {}),
    ...(sampling.repetitionPenalty === 1
      ? {}
      : { repetition_penalty: sampling.repetitionPenalty, repeat_penalty: sampling.repetitionPenalty }),
    ...(schema === undefined
      ? {}
      : { response_format: { type: 'json_schema', json_schema: { name: 'answer', schema, strict: true } } }),
    // vLLM and SGLang need to be told; llama.cpp goes on from a trailing assistant message by itself.
    ...(input.continues ? { continue_final_message: true, add_generation_prompt: false } : {}),
  };
}

function parseChunk(payload: string, url: string): Chunk {
  let json: unknown;
  try {
    json = JSON.parse(payload);
  } catch (error) {
    throw new AppError('network/failed', `${url} sent a broken answer.`, { cause: error });
  }
  const parsed = v.safeParse(chunkSchema, json);
  if (!parsed.success) throw new AppError('network/failed', `${url} does not stream like an OpenAI server.`);
  if (parsed.output.error)
    throw new AppError('network/failed', `${url} failed: ${parsed.output.error.message}`);
  return parsed.output;
}

interface Clock {
  readonly startMs: number;
  firstMs: number | undefined;
  pieces: number;
}

function usageOf(
  clock: Clock,
  last: { usage: Chunk['usage']; timings: Chunk['timings'] },
  messages: GenerateRequest['messages'],
): Usage {
  const now = performance.now();
  const firstMs = clock.firstMs ?? now;
  const ttftMs = firstMs - clock.startMs;
  const completionTokens = last.usage?.completion_tokens ?? clock.pieces;
  const promptTokens = last.usage?.prompt_tokens ?? estimateTokens(messages).total;
  const cachedTokens = last.usage?.prompt_tokens_details?.cached_tokens ?? last.timings?.cache_n ?? 0;
  const decodeMs = Math.max(now - firstMs, 1);
  return {
    promptTokens,
    cachedTokens,
    completionTokens,
    ttftMs,
    prefillTokensPerSecond:
      last.timings?.prompt_per_second ?? ((promptTokens - cachedTokens) / Math.max(ttftMs, 1)) * 1000,
    decodeTokensPerSecond:
      last.timings?.predicted_per_second ?? (Math.max(completionTokens - 1, 0) / decodeMs) * 1000,
  };
}

function finishReason(reason: string | undefined): 'stop' | 'length' | 'tool' {
  if (reason === 'length') return 'length';
  return reason === 'tool_calls' ? 'tool' : 'stop';
}

/** One streamed answer of the server, as the port's events. */
export async function* generateRemotely(
  client: ServerClient,
  input: GenerateRequest,
  signal: AbortSignal,
): AsyncGenerator<GenerateEvent, void, void> {
  const clock: Clock = { startMs: performance.now(), firstMs: undefined, pieces: 0 };
  const messages = await toServerMessages(input.messages, client.label);
  signal.throwIfAborted();
  const body = requestBody(input, messages, client.modelName);
  const response = await client.request('chat/completions', body, signal);
  if (response.body === null) throw new AppError('network/failed', `${client.baseUrl} sent an empty answer.`);
  const hold = createStopStringHold(input.sampling.stop);
  let reason: string | undefined;
  let usage: Chunk['usage'];
  let timings: Chunk['timings'];
  let isStopped = false;
  try {
    for await (const payload of readServerSentEvents(response.body)) {
      const chunk = parseChunk(payload, client.baseUrl);
      usage = chunk.usage ?? usage;
      timings = chunk.timings ?? timings;
      const choice = chunk.choices[0];
      reason = choice?.finish_reason ?? reason;
      const reasoning = choice?.delta?.reasoning_content ?? choice?.delta?.reasoning ?? '';
      const text = choice?.delta?.content ?? '';
      if (reasoning === '' && text === '') continue;
      clock.firstMs ??= performance.now();
      clock.pieces += 1;
      if (reasoning !== '') yield { type: 'reasoning-delta', text: reasoning };
      if (text === '' || isStopped) continue;
      const held = hold.push(text);
      isStopped = held.stopped;
      if (held.emit !== '') yield { type: 'text-delta', text: held.emit };
    }
  } catch (error) {
    if (isAbort(error) || error instanceof AppError) throw error;
    throw new AppError('network/failed', `The connection to ${client.baseUrl} broke off. Ask again.`, {
      cause: error,
    });
  }
  const rest = isStopped ? '' : hold.flush();
  if (rest !== '') yield { type: 'text-delta', text: rest };
  if (usage === undefined || usage === null)
    yield {
      type: 'warning',
      code: 'tokens-estimated',
      message: 'The server states no token counts: they are estimated.',
    };
  yield {
    type: 'finish',
    reason: isStopped ? 'stop' : finishReason(reason),
    usage: usageOf(clock, { usage, timings }, input.messages),
  };
}
