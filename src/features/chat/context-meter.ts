import { pathTo, planPrompt, reserveFor } from '#core/chat/index.ts';
import type { MessageRecord } from '#core/ports/chat-records.ts';
import type { ChatDependencies, ChatStore } from './chat-state.ts';

const DEBOUNCE_MS = 350;

/** Keeps `context` in the store: what the next question would carry, counted by the model's own tokenizer. */
export function createContextMeter({ engineRoom }: ChatDependencies, store: ChatStore) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let current: AbortController | undefined;

  async function measure(signal: AbortSignal): Promise<void> {
    const { active, messages, engine, running } = store.getState();
    if (active === undefined || engine.status !== 'ready' || Object.keys(running).length > 0) return;
    const { model, loaded } = engine;
    const draft: MessageRecord = {
      id: 'draft',
      threadId: active.id,
      parentId: active.activeLeafId,
      role: 'user',
      parts: [{ type: 'text', text: active.draft }],
      createdAt: 0,
      status: 'complete',
    };
    const path = [...pathTo(messages, active.activeLeafId), draft];
    const contextTokens = loaded.contextTokens;
    const plan = await planPrompt({
      thread: active,
      path,
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

  function schedule(): void {
    clearTimeout(timer);
    timer = setTimeout(() => {
      current?.abort();
      current = new AbortController();
      // A question that is too long says so when it is sent; the meter then shows the last figure.
      measure(current.signal).catch(() => {});
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
