import type { MessageRecord, ThreadRecord } from '#core/ports/chat-records.ts';
import type { ThreadRepository } from '#core/ports/repositories.ts';
import {
  attachmentKey,
  dropAttachments,
  dropUnused,
  imagesIn,
  putAttachments,
  type ThreadStores,
} from './attachments.ts';
import type { AnnouncingFeed } from './change-feed.ts';
import type { Database } from './open-database.ts';
import { guarded, inTransaction } from './transaction.ts';

const SNIPPET_BEFORE = 40;
const SNIPPET_AFTER = 90;

const ROWS: ThreadStores = ['threads', 'messages'];
const ALL: ThreadStores = [...ROWS, 'blobs'];

/** Composed, so that one letter is one position whatever form it was typed in; `fold` keeps these positions. */
const compose = (text: string): string => text.normalize('NFC');

/** Lower case without accents, unit by unit, so that positions stay those of the composed text. */
function fold(text: string): string {
  if (!/[^\0-\x7f]/.test(text)) return text.toLowerCase();
  return text.replace(/[^\0-\x7f]/g, (unit) => unit.normalize('NFD').charAt(0)).toLowerCase();
}

function snippetAround(text: string, at: number): string {
  const start = Math.max(0, at - SNIPPET_BEFORE);
  const end = Math.min(text.length, at + SNIPPET_AFTER);
  return `${start > 0 ? '…' : ''}${text.slice(start, end).replace(/\s+/g, ' ')}${end < text.length ? '…' : ''}`;
}

function visibleText(message: MessageRecord): string {
  return message.parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n');
}

interface Haystack {
  readonly thread: ThreadRecord;
  readonly texts: { readonly text: string; readonly messageId?: string }[];
}

function match({ thread, texts: given }: Haystack, words: readonly string[]) {
  const texts = given.map((entry) => ({ ...entry, text: compose(entry.text) }));
  const folded = texts.map(({ text }) => fold(text));
  if (!words.every((word) => folded.some((text) => text.includes(word)))) return undefined;
  const first = words[0] ?? '';
  const index = folded.findIndex((text) => text.includes(first));
  const { text, messageId } = texts[index] ?? { text: '' };
  const snippet = snippetAround(text, folded[index]?.indexOf(first) ?? 0);
  return { thread, snippet, ...(messageId === undefined ? {} : { messageId }) };
}

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
    removeMessages: (ids) =>
      guarded(async () => {
        const threadIds: string[] = [];
        const dropped = await inTransaction(db.transaction(ALL, 'readwrite'), async (tx) => {
          const store = tx.objectStore('messages');
          const rows = (await Promise.all(ids.map((id) => store.get(id)))).filter((row) => row !== undefined);
          for (const row of rows) threadIds.push(row.threadId);
          await Promise.all(ids.map((id) => store.delete(id)));
          return dropAttachments(tx, rows.flatMap(imagesIn));
        });
        announceMessages(threadIds);
        return dropped;
      }),
    purge: (id) =>
      guarded(async () => {
        await inTransaction(db.transaction(ALL, 'readwrite'), async (tx) => {
          const messages = tx.objectStore('messages');
          const thread = await tx.objectStore('threads').get(id);
          const rows = await messages.index('threadId').getAll(id);
          await Promise.all([
            tx.objectStore('threads').delete(id),
            ...rows.map((row) => messages.delete(row.id)),
          ]);
          await dropAttachments(tx, [...rows.flatMap(imagesIn), ...(thread?.draftImages ?? [])]);
        });
        feed.announce({ store: 'threads', ids: [id] });
        announceMessages([id]);
      }),
    attachment: (sha256) => guarded(async () => (await db.get('blobs', attachmentKey(sha256)))?.blob),
    dropUnusedAttachments: () =>
      guarded(() => inTransaction(db.transaction(ALL, 'readwrite'), (tx) => dropUnused(tx))),
    search: (query) =>
      guarded(async () => {
        const words = fold(compose(query)).split(/\s+/).filter(Boolean);
        const threads = await list();
        if (words.length === 0) return threads.map((thread) => ({ thread, snippet: '' }));
        const found = [];
        for (const thread of threads) {
          const messages = await db.getAllFromIndex('messages', 'threadId', thread.id);
          const texts = messages.map((message) => ({ text: visibleText(message), messageId: message.id }));
          const hit = match({ thread, texts: [{ text: thread.title }, ...texts] }, words);
          if (hit) found.push(hit);
        }
        return found;
      }),
  };
}
