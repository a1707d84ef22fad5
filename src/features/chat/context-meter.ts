import { loadBook, loadPlan, loadPromptImages, pathTo } from '#core/chat/index.ts';
import type { MessageRecord } from '#core/ports/chat-records.ts';
import { AppError } from '#shared/errors.ts';
import type { ChatDependencies, ChatStore } from './chat-state.ts';

const DEBOUNCE_MS = 350;

/** Keeps `context` in the store: what the next question would carry, counted by the model's own tokenizer. */
export function createContextMeter({ engineRoom, repositories }: ChatDependencies, store: ChatStore) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let current: AbortController | undefined;

  async function bookOf(documentId: string): Promise<string> {
    const { bookPrompt, openBook } = await loadBook();
    const { name, passages } = await openBook(repositories.library, documentId);
    return bookPrompt(name, passages);
  }

  async function measure(signal: AbortSignal): Promise<void> {
    const { active, messages, engine, running } = store.getState();
    if (active === undefined || engine.status !== 'ready' || Object.keys(running).length > 0) return;
    const { model, loaded } = engine;
    const draft: MessageRecord = {
      id: 'draft',
      threadId: active.id,
      parentId: active.activeLeafId,
      role: 'user',
      parts: [...(active.draftImages ?? []), { type: 'text', text: active.draft }],
      createdAt: 0,
      status: 'complete',
    };
    const path = [...pathTo(messages, active.activeLeafId), draft];
    const contextTokens = loaded.contextTokens;
    const hasImages = path.some(({ parts }) => parts.some(({ type }) => type === 'image'));
    const images = hasImages
      ? await (await loadPromptImages())(path, { model, loaded }, repositories.threads.attachment)
      : undefined;
    const { planPrompt, reserveFor } = await loadPlan();
    const plan = await planPrompt({
      thread: active,
      path,
      ...(active.bookId === undefined ? {} : { book: await bookOf(active.bookId) }),
      ...(images ? { imageOf: images.imageOf } : {}),
      contextTokens,
      reserveTokens: reserveFor(contextTokens, active.sampling.maxTokens),
      countTokens: (prompt) =>
        engineRoom.engine.countTokens({ modelId: model.id, messages: prompt }, { signal }),
    });
    if (!signal.aborted)
      store.setState({
        context: {
          usedTokens: plan.promptTokens,
          contextTokens,
          isExact: plan.isExact,
          leftOut: plan.leftOut,
        },
      });
  }

  /** A question that is too long alone is refused when it is sent; the meter is full before. */
  function showExcess(error: unknown): void {
    const { active, messages } = store.getState();
    if (!(error instanceof AppError) || error.code !== 'model/context-exceeded' || !active) return;
    const { promptTokens, contextTokens, isExact = true } = error.details;
    if (typeof promptTokens !== 'number' || typeof contextTokens !== 'number') return;
    const leftOut = pathTo(messages, active.activeLeafId).map(({ id }) => id);
    store.setState({
      context: { usedTokens: promptTokens, contextTokens, isExact: isExact === true, leftOut },
    });
  }

  function schedule(): void {
    clearTimeout(timer);
    timer = setTimeout(() => {
      current?.abort();
      current = new AbortController();
      const { signal } = current;
      measure(signal).catch((error: unknown) => signal.aborted || showExcess(error));
    }, DEBOUNCE_MS);
  }

  const unsubscribe = store.subscribe((state, before) => {
    const isSame =
      state.active === before.active &&
      state.messages === before.messages &&
      state.engine === before.engine &&
      state.running === before.running;
    if (!isSame) schedule();
  });
  return {
    dispose() {
      clearTimeout(timer);
      current?.abort();
      unsubscribe();
    },
  };
}
