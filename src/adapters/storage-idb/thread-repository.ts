import type { ThreadRepository } from '#core/ports/repositories.ts';
import { attachmentKey, putAttachments, type ThreadStores } from './attachments.ts';
import type { AnnouncingFeed } from './change-feed.ts';
import type { Database } from './open-database.ts';
import { guarded, inTransaction } from './transaction.ts';

const ROWS: ThreadStores = ['threads', 'messages'];
const ALL: ThreadStores = [...ROWS, 'blobs'];

// Chatting takes neither of these: they are fetched when something is removed, or looked for.
const removal = () => import('./thread-removal.ts');

export function createThreadRepository(db: Database, feed: AnnouncingFeed): ThreadRepository {
  const list: ThreadRepository['list'] = ({ includeDeleted = false } = {}) =>
    guarded(async () => {
      const threads = await db.getAllFromIndex('threads', 'updatedAt');
      return threads.reverse().filter(({ deletedAt }) => includeDeleted || deletedAt === undefined);
    });

  const announceMessages = (threadIds: readonly string[]): void => {
    if (threadIds.length > 0) feed.announce({ store: 'messages', ids: [...new Set(threadIds)] });
  };

  return {
    list,
    get: (id) => guarded(() => db.get('threads', id)),
    messages: (threadId) =>
      guarded(async () => {
        const messages = await db.getAllFromIndex('messages', 'threadId', threadId);
        return messages.sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
      }),
    save: ({ thread, messages = [], attachments = [] }) =>
      guarded(async () => {
        // The blobs are locked only where there are some: documents are being stored in them.
        await inTransaction(db.transaction(attachments.length > 0 ? ALL : ROWS, 'readwrite'), async (tx) => {
          await putAttachments(tx, attachments);
          for (const row of messages) await tx.objectStore('messages').put(row);
          if (thread) await tx.objectStore('threads').put(thread);
        });
        if (thread) feed.announce({ store: 'threads', ids: [thread.id] });
        announceMessages(messages.map(({ threadId }) => threadId));
      }),
    update: (id, change, attachments = []) =>
      guarded(async () => {
        const stores: ThreadStores = attachments.length > 0 ? ['threads', 'blobs'] : ['threads'];
        const after = await inTransaction(db.transaction(stores, 'readwrite'), async (tx) => {
          const before = await tx.objectStore('threads').get(id);
          const changed = before && change(before);
          if (changed === undefined) return undefined;
          await putAttachments(tx, attachments);
          await tx.objectStore('threads').put(changed);
          return changed;
        });
        if (after) feed.announce({ store: 'threads', ids: [id] });
        return after;
      }),
    removeMessages: async (ids) => {
      const { attachments, threadIds } = await (await removal()).removeMessages(db, ids);
      announceMessages(threadIds);
      return attachments;
    },
    purge: async (id) => {
      await (await removal()).purgeThread(db, id);
      feed.announce({ store: 'threads', ids: [id] });
      announceMessages([id]);
    },
    attachment: (sha256) => guarded(async () => (await db.get('blobs', attachmentKey(sha256)))?.blob),
    dropUnusedAttachments: async () => (await removal()).dropUnusedAttachments(db),
    search: async (query) => (await import('./thread-search.ts')).searchThreads(db, await list(), query),
  };
}
