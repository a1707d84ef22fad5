import { pathTo, titleFrom } from '#core/chat/index.ts';
import type { MessageRecord, ThreadRecord } from '#core/ports/chat-records.ts';
import { createId } from '#shared/ids.ts';
import { runAnswer } from './answer-run.ts';
import type { ChatDependencies, ChatState, ChatStore } from './chat-state.ts';
import type { ThreadStore } from './thread-store.ts';

/** Questions and their answers: at most one running answer a thread. */
export function createAsking(deps: ChatDependencies, store: ChatStore, threads: ThreadStore) {
  const { repositories, locks, now = Date.now } = deps;
  const aborts = new Map<string, AbortController>();
  const isRunning = (threadId: string): boolean => aborts.has(threadId);

  function setLive(messageId: string, parts: ChatState['live'][string] | undefined): void {
    const { [messageId]: _, ...rest } = store.getState().live;
    store.setState({ live: parts ? { ...rest, [messageId]: parts } : rest });
  }

  function newMessage(
    thread: ThreadRecord,
    parentId: string | null,
    role: 'user' | 'assistant',
    text: string,
  ): MessageRecord {
    return {
      id: createId(now()),
      threadId: thread.id,
      parentId,
      role,
      parts: text === '' ? [] : [{ type: 'text', text }],
      createdAt: now(),
      status: role === 'user' ? 'complete' : 'waiting',
    };
  }

  /** Runs in this tab only while holding the answer's lock: other tabs see that it is alive. */
  async function run(
    thread: ThreadRecord,
    path: readonly MessageRecord[],
    message: MessageRecord,
    continues = false,
  ): Promise<void> {
    const abort = new AbortController();
    aborts.set(thread.id, abort);
    store.setState({ running: { ...store.getState().running, [thread.id]: message.id } });
    const onParts = (parts: ChatState['live'][string]): void => setLive(message.id, parts);
    try {
      await locks.tryHold(`answer:${message.id}`, async () => {
        const done = await runAnswer(deps, {
          thread,
          path,
          message,
          continues,
          signal: abort.signal,
          onParts,
        });
        const { messages, active } = store.getState();
        if (active?.id === thread.id)
          store.setState({ messages: messages.map((other) => (other.id === done.id ? done : other)) });
      });
    } finally {
      aborts.delete(thread.id);
      const { [thread.id]: _, ...rest } = store.getState().running;
      store.setState({ running: rest });
      setLive(message.id, undefined);
    }
  }

  async function ask(thread: ThreadRecord, parentId: string | null, question: string): Promise<void> {
    const user = newMessage(thread, parentId, 'user', question);
    const reply = { ...newMessage(thread, user.id, 'assistant', ''), createdAt: user.createdAt + 1 };
    const isFirst = thread.hasAutoTitle && thread.activeLeafId === null;
    const changed: ThreadRecord = {
      ...thread,
      ...(isFirst ? { title: titleFrom(question) } : {}),
      activeLeafId: reply.id,
      updatedAt: now(),
      draft: '',
    };
    await threads.save(changed, [user, reply]);
    await run(changed, pathTo([...store.getState().messages, user], user.id), reply);
  }

  const find = (id: string): MessageRecord | undefined =>
    store.getState().messages.find((message) => message.id === id);

  return {
    isRunning,
    stop(threadId: string): void {
      aborts.get(threadId)?.abort();
    },
    async send(): Promise<void> {
      const { active } = store.getState();
      const question = active?.draft.trim() ?? '';
      if (active === undefined || question === '' || isRunning(active.id)) return;
      await ask(active, active.activeLeafId, question);
    },
    /** Another answer to the same question, as a sibling. */
    async regenerate(messageId: string): Promise<void> {
      const { active, messages } = store.getState();
      const old = find(messageId);
      if (!active || old?.role !== 'assistant' || old.parentId === null || isRunning(active.id)) return;
      const reply = newMessage(active, old.parentId, 'assistant', '');
      const changed = { ...active, activeLeafId: reply.id, updatedAt: now() };
      await threads.save(changed, [reply]);
      await run(changed, pathTo(messages, old.parentId), reply);
    },
    /** Goes on where an answer ended or was cut off. */
    async continueAnswer(messageId: string): Promise<void> {
      const { active, messages } = store.getState();
      const message = find(messageId);
      if (!active || message?.role !== 'assistant' || isRunning(active.id)) return;
      const { error: _, ...resumed } = message;
      await run(active, pathTo(messages, messageId), resumed, true);
    },
    /** Asks a changed question on a new branch; the old one stays beside it. */
    async edit(messageId: string, question: string): Promise<void> {
      const { active } = store.getState();
      const message = find(messageId);
      if (!active || message?.role !== 'user' || question.trim() === '' || isRunning(active.id)) return;
      await ask(active, message.parentId, question.trim());
    },
    /** Answers that no living tab is writing: a waiting question is asked again, a cut answer is marked. */
    async recover(): Promise<void> {
      for (const thread of await repositories.threads.list()) {
        const messages = await repositories.threads.messages(thread.id);
        for (const message of messages) {
          if (message.status !== 'waiting' && message.status !== 'streaming') continue;
          if (await locks.isHeld(`answer:${message.id}`)) continue;
          if (message.status === 'waiting' && message.parentId !== null)
            void run(thread, pathTo(messages, message.parentId), message);
          else await repositories.threads.save({ messages: [{ ...message, status: 'interrupted' }] });
        }
      }
    },
    dispose(): void {
      for (const abort of aborts.values()) abort.abort();
    },
  };
}
