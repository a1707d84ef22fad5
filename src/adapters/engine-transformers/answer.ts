import { createStopStringHold } from '#core/chat/index.ts';
import type { GenerateEvent, GenerateRequest, Usage } from '#core/ports/chat-engine.ts';
import { throwIfAborted } from '#shared/breathe.ts';
import type { CallOptions } from '#shared/call.ts';
import { AppError } from '#shared/errors.ts';
import { breathe } from './breathe.ts';
import { checkChatRequest } from './chat-prompt.ts';
import { garbageError, isGarbage } from './check-gpu.ts';
import type { OpenChatModel } from './open-chat-model.ts';
import { createTokenSampler } from './sample-token.ts';
import { createTokenText } from './token-text.ts';

/** Tokens of the prompt's end that a first word is decoded behind. */
const WORDS_BEFORE = 4;

/** One answer, token by token; between two of them an abort may come. Errors: those of ChatEngine.generate. */
export async function* answer(
  model: OpenChatModel,
  request: GenerateRequest,
  calledAt: number,
  { signal, onProgress }: CallOptions,
): AsyncGenerator<GenerateEvent, void, void> {
  const { reader, loaded } = model;
  const { label } = model.request.model;
  checkChatRequest(request);
  const prompt = await model.prompts.make(request, signal);
  const total = prompt.ids.length;
  if (total >= loaded.contextTokens) throw contextExceeded(total, loaded.contextTokens);
  throwIfAborted(signal);
  const startedAt = performance.now();
  const cachedTokens = await reader.reuse(prompt);
  let done = cachedTokens;
  let logits = await reader.read(prompt, {
    signal,
    onRead(tokens) {
      done = Math.max(done, tokens);
      onProgress?.({ phase: 'process', done, total, unit: 'tokens', label });
    },
  });
  const firstAt = performance.now();
  const { sampling } = request;
  const sampler = createTokenSampler(sampling);
  const text = createTokenText(model.textOf, prompt.ids.slice(-WORDS_BEFORE));
  const hold = createStopStringHold(sampling.stop);
  const room = loaded.contextTokens - total;
  const most = sampling.maxTokens > 0 ? Math.min(sampling.maxTokens, room) : room;
  if (prompt.opensThinking) yield { type: 'text-delta', text: '<think>\n' };
  const warning = model.takeWarning();
  if (warning !== undefined) yield warning;
  let reason: 'stop' | 'length' = 'length';
  let count = 0;
  let lastAt = firstAt;
  while (true) {
    if (isGarbage(logits)) throw garbageError(label);
    const token = sampler.next(logits, reader.ids);
    lastAt = performance.now();
    if (model.ends.has(token)) {
      reason = 'stop';
      break;
    }
    count += 1;
    const { emit, stopped } = hold.push(text.push(token));
    if (emit !== '') yield { type: 'text-delta', text: emit };
    if (stopped) reason = 'stop';
    if (stopped || count >= most) break;
    await breathe();
    throwIfAborted(signal);
    logits = await reader.step(token);
  }
  const rest = hold.push(text.flush());
  const tail = rest.emit + (rest.stopped ? '' : hold.flush());
  if (tail !== '') yield { type: 'text-delta', text: tail };
  const usage: Usage = {
    promptTokens: total,
    cachedTokens,
    completionTokens: count,
    ttftMs: firstAt - calledAt,
    prefillTokensPerSecond: rate(total - cachedTokens, firstAt - startedAt),
    decodeTokensPerSecond: rate(count - 1, lastAt - firstAt),
  };
  yield { type: 'finish', reason, usage };
}

function rate(tokens: number, ms: number): number {
  return tokens > 0 && ms > 0 ? (tokens * 1000) / ms : 0;
}

function contextExceeded(promptTokens: number, contextTokens: number): AppError {
  return new AppError(
    'model/context-exceeded',
    `The prompt has ${promptTokens} tokens and the context holds ${contextTokens}. Shorten it, or load the model with a larger context.`,
    { details: { promptTokens, contextTokens } },
  );
}
