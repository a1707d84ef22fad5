import type { MessageRecord, ThreadRecord } from '#core/ports/chat-records.ts';
import { isRecord } from '#shared/records.ts';
import type { ChatDependencies, ChatStore } from './chat-state.ts';

/** Held by the tab that writes an answer, as long as it does. */
export const lockOf = (messageId: string): string => `answer:${messageId}`;

export const isBeingWritten = ({ status }: MessageRecord): boolean =>
  status === 'waiting' || status === 'streaming';

const STOP_KEY = 'chat.stop';

interface OwnAnswers {
  readonly isOwn: (messageId: string) => boolean;
  readonly onStopWanted: (messageId: string) => void;
  /** Nobody writes it any more, and it has not begun. */
  readonly onAbandoned: (thread: ThreadRecord, message: MessageRecord) => void;
}

/**
 * Answers of the open thread that other tabs write: stops them on request, and notices when their tab is gone. A wish to
 * stop is a setting of its own, which every tab hears: in the message's row the next checkpoint would overwrite it.
 */
export function createOtherTabs(deps: ChatDependencies, store: ChatStore, own: OwnAnswers) {
  const { repositories, locks } = deps;
  const disposed = new AbortController();
  const watched = new Set<string>();

  const written = async (threadId: string): Promise<readonly MessageRecord[]> =>
    (await repositories.threads.messages(threadId)).filter(
      (message) => isBeingWritten(message) && !own.isOwn(message.id),
    );

  async function look({ id, threadId }: MessageRecord): Promise<MessageRecord | undefined> {
    const stored = (await repositories.threads.messages(threadId)).find((message) => message.id === id);
    if (stored?.status !== 'streaming') return stored;
    await repositories.threads.save({ messages: [{ ...stored, status: 'interrupted' }] });
    return undefined;
  }

  /** Waits for the answer's lock: it is free when the answer is over, or its tab. */
  async function watch(message: MessageRecord): Promise<void> {
    watched.add(message.id);
    try {
      const left = await locks.hold(lockOf(message.id), () => look(message), disposed.signal);
      const thread = left?.status === 'waiting' && (await repositories.threads.get(message.threadId));
      if (left && thread && thread.deletedAt === undefined) own.onAbandoned(thread, left);
    } finally {
      watched.delete(message.id);
    }
  }

  const unsubscribeStore = store.subscribe(({ messages }, before) => {
    if (messages === before.messages) return;
    for (const message of messages)
      if (isBeingWritten(message) && !own.isOwn(message.id) && !watched.has(message.id))
        watch(message).catch(() => undefined); // disposed, or the database is closed: the next start looks again
  });

  async function hearStop(): Promise<void> {
    const wish = await repositories.settings.get(STOP_KEY);
    if (!isRecord(wish) || !Array.isArray(wish.messageIds)) return;
    for (const id of wish.messageIds) if (typeof id === 'string') own.onStopWanted(id);
  }

  const unsubscribeChanges = repositories.changes.subscribe(({ store: changed, ids }) => {
    if (changed === 'settings' && (ids.length === 0 || ids.includes(STOP_KEY)))
      hearStop().catch(() => undefined);
  });

  return {
    async stop(threadId: string): Promise<void> {
      const messageIds = (await written(threadId)).map(({ id }) => id);
      if (messageIds.length > 0) await repositories.settings.set(STOP_KEY, { messageIds });
    },
    /** Resolves when no other tab writes in the thread. */
    async settled(threadId: string): Promise<void> {
      for (const { id } of await written(threadId))
        await locks.hold(lockOf(id), async () => undefined, disposed.signal);
    },
    dispose(): void {
      disposed.abort();
      unsubscribeStore();
      unsubscribeChanges();
    },
  };
}
