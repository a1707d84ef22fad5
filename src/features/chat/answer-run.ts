import { type AnswerEvent, appendDelta, loadAnswer, loadAnswerCache, loadBook } from '#core/chat/index.ts';
import type { Usage } from '#core/ports/chat-engine.ts';
import type { MessagePart, MessageRecord, ThreadRecord } from '#core/ports/chat-records.ts';
import type { ReadyEngine } from '#core/ports/engine-room.ts';
import type { ModelSpec } from '#core/ports/model.ts';
import { AppError, isAbort, toAppError, toWire } from '#shared/errors.ts';
import type { ChatDependencies } from './chat-state.ts';

const CHECKPOINT_MS = 1000;

export interface AnswerRunInput {
  readonly thread: ThreadRecord;
  /** Up to the question; with `continues`, up to the answer itself. */
  readonly path: readonly MessageRecord[];
  /** The answer's own record, stored before the run starts. */
  readonly message: MessageRecord;
  readonly continues: boolean;
  /** Asked again on purpose: an answer of before will not do. */
  readonly isAgain?: boolean;
  readonly signal: AbortSignal;
  /** Called at most once a frame. */
  readonly onParts: (parts: readonly MessagePart[]) => void;
}

/** One call a frame, with the last value; what is left is delivered by `flush`. */
function createFrameMerge<T>(deliver: (value: T) => void) {
  let pending: { readonly value: T } | undefined;
  let isScheduled = false;
  // A hidden tab has no frames: the timer keeps it going, slowly.
  const schedule = (run: () => void): void => {
    if (typeof requestAnimationFrame === 'function' && globalThis.document?.visibilityState === 'visible')
      requestAnimationFrame(run);
    else setTimeout(run, 100);
  };
  const flush = (): void => {
    isScheduled = false;
    const last = pending;
    pending = undefined;
    if (last) deliver(last.value);
  };
  return {
    push(value: T) {
      pending = { value };
      if (isScheduled) return;
      isScheduled = true;
      schedule(flush);
    },
    flush,
  };
}

interface Progress {
  parts: readonly MessagePart[];
  usage: Usage | undefined;
  finishReason: MessageRecord['finishReason'];
  reasoningStartMs: number | undefined;
}

function withDuration(parts: readonly MessagePart[], durationMs: number): readonly MessagePart[] {
  const index = parts.findLastIndex(({ type }) => type === 'reasoning');
  return parts.map((part, i) =>
    i === index && part.type === 'reasoning' && part.durationMs === undefined
      ? { ...part, durationMs }
      : part,
  );
}

function apply(progress: Progress, event: AnswerEvent, nowMs: number): void {
  switch (event.type) {
    case 'text-delta':
      if (progress.reasoningStartMs !== undefined) {
        progress.parts = withDuration(progress.parts, nowMs - progress.reasoningStartMs);
        progress.reasoningStartMs = undefined;
      }
      progress.parts = appendDelta(progress.parts, event as { type: 'text-delta'; text: string });
      return;
    case 'reasoning-delta':
      progress.reasoningStartMs ??= nowMs;
      progress.parts = appendDelta(progress.parts, event as { type: 'reasoning-delta'; text: string });
      return;
    case 'part': {
      // An answer that goes on is aligned anew; notices may be several.
      const { part } = event;
      const others = progress.parts.filter(({ type }) => type === 'notice' || type !== part.type);
      progress.parts = [...others, part];
      return;
    }
    case 'warning':
      progress.parts = [...progress.parts, { type: 'notice', text: event.message }];
      return;
    case 'planned':
      if (event.plan.leftOut.length > 0)
        progress.parts = [
          ...progress.parts,
          { type: 'notice', text: leftOutNotice(event.plan.leftOut.length) },
        ];
      return;
    case 'finish':
      progress.usage = event.usage;
      progress.finishReason = event.reason;
  }
}

function leftOutNotice(count: number): string {
  return count === 1
    ? 'The oldest message no longer fits the model’s context and was left out.'
    : `The ${count} oldest messages no longer fit the model’s context and were left out.`;
}

interface Asked {
  readonly thread: ThreadRecord;
  readonly path: readonly MessageRecord[];
  readonly ready: ReadyEngine;
  readonly embedder: ModelSpec | undefined;
  readonly reranker: ModelSpec | undefined;
}

/** Answers of before to this question; undefined where the chat does not want them, or chance has a part in them. */
async function knownAnswers({ repositories }: ChatDependencies, { embedder, reranker, ...asked }: Asked) {
  if (asked.thread.searchAids?.reuses !== true) return undefined;
  const { canRepeat, createAnswerCache } = await loadAnswerCache();
  if (!canRepeat(asked.thread)) return undefined;
  const cache = createAnswerCache(repositories);
  const input = { ...asked, ...(embedder ? { embedder } : {}), ...(reranker ? { reranker } : {}) };
  const key = await cache.keyOf(input);
  return {
    find: () => cache.find(key),
    /** Not when the documents changed while it was written: nobody knows which of them it saw. */
    async remember(message: MessageRecord): Promise<void> {
      const isWhole = message.finishReason === 'stop';
      if (isWhole && (await cache.keyOf(input)) === key) await cache.remember(key, message);
    },
  };
}

/**
 * Runs one answer to its end: waits for a model, streams, stores a checkpoint each second and the final message last.
 * Never rejects: what went wrong is in the message. Resolves with the stored record.
 */
export async function runAnswer(deps: ChatDependencies, input: AnswerRunInput): Promise<MessageRecord> {
  const { repositories, engineRoom, now = Date.now } = deps;
  const { thread, signal } = input;
  let message = input.message;
  const progress: Progress = {
    parts: input.message.parts,
    usage: undefined,
    finishReason: undefined,
    reasoningStartMs: undefined,
  };
  const frames = createFrameMerge(input.onParts);
  const save = (change: Partial<MessageRecord>): Promise<void> => {
    message = { ...message, parts: progress.parts, ...change };
    return repositories.threads.save({ messages: [message] });
  };
  const outcome = (): Partial<MessageRecord> => ({
    ...(progress.usage ? { usage: progress.usage } : {}),
    ...(progress.finishReason ? { finishReason: progress.finishReason } : {}),
  });
  try {
    const ready = await engineRoom.whenReady({
      signal,
      ...(thread.modelId ? { modelId: thread.modelId } : {}),
    });
    if (ready.loaded.runsOn === 'remote')
      await repositories.threads.update(thread.id, (stored) => ({ ...stored, hasLeftDevice: true }));
    await save({ status: 'streaming', modelId: ready.model.id });
    const [answer, embedder, reranker] = await Promise.all([loadAnswer(), deps.embedder(), deps.reranker()]);
    const { bookId } = thread;
    const book =
      bookId === undefined ? undefined : await (await loadBook()).openBook(repositories.library, bookId);
    const known = input.continues
      ? undefined
      : await knownAnswers(deps, { thread, path: input.path, ready, embedder, reranker });
    const before = input.isAgain ? undefined : await known?.find();
    if (before) {
      const { id: messageId, createdAt, parts, finishReason } = before;
      progress.parts = parts;
      const repeats = before.repeats ?? { messageId, createdAt };
      await save({ status: 'complete', repeats, ...(finishReason ? { finishReason } : {}) });
      frames.flush();
      return message;
    }
    const events = answer({
      engine: engineRoom.engine,
      ready,
      thread,
      path: input.path,
      continues: input.continues,
      library: deps.library,
      ...(book ? { book } : {}),
      ...(embedder ? { embedder } : {}),
      ...(reranker ? { reranker } : {}),
      attachment: repositories.threads.attachment,
      signal,
    });
    let savedMs = now();
    for await (const event of events) {
      apply(progress, event, now());
      frames.push(progress.parts);
      if (now() - savedMs < CHECKPOINT_MS) continue;
      savedMs = now();
      await save({});
    }
    await save({ status: 'complete', ...outcome() });
    await known?.remember(message).catch(() => undefined); // the answer is there; next time it is written anew
  } catch (error) {
    const isStopped = signal.aborted || isAbort(error);
    // Not by this user's hand: the reason stays with the answer ("… is being loaded instead").
    if (isStopped && !signal.aborted && error instanceof AppError)
      progress.parts = [...progress.parts, { type: 'notice', text: error.message }];
    await save(
      isStopped
        ? { status: 'stopped', finishReason: 'abort' }
        : { status: 'failed', error: toWire(toAppError(error)), ...outcome() },
    ).catch((saveError: unknown) => {
      // The disk refuses even this: the answer stays on the screen with the reason.
      message = { ...message, status: 'failed', error: toWire(toAppError(saveError)) };
    });
  }
  frames.flush();
  return message;
}
