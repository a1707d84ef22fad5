import type { MessageRecord, ThreadRecord } from '#core/ports/chat-records.ts';
import type { ThreadRepository } from '#core/ports/repositories.ts';
import type { AnnouncingFeed } from './change-feed.ts';
import type { Database } from './open-database.ts';
import { guarded } from './to-app-error.ts';

const SNIPPET_BEFORE = 40;
const SNIPPET_AFTER = 90;

/** Lower case without accents, character by character, so that positions stay those of the original text. */
function fold(text: string): string {
  let folded = '';
  for (const unit of text.split('')) folded += (unit.normalize('NFD')[0] ?? unit).toLowerCase()[0] ?? unit;
  return folded;
}

function snippetAround(text: string, at: number): string {
  const start = Math.max(0, at - SNIPPET_BEFORE);
  const end = Math.min(text.length, at + SNIPPET_AFTER);
  return `${start > 0 ? '…' : ''}${text.slice(start, end).replace(/\s+/g, ' ')}${end < text.length ? '…' : ''}`;
}

function visibleText(message: MessageRecord): string {
  return message.parts.map((part) => (part.type === 'text' ? part.text : '')).join('\n');
}

interface Haystack {
  readonly thread: ThreadRecord;
  readonly texts: { readonly text: string; readonly messageId?: string }[];
}

function match({ thread, texts }: Haystack, words: readonly string[]) {
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

  return {
    list,
    get: (id) => guarded(() => db.get('threads', id)),
    messages: (threadId) =>
      guarded(async () => {
        const messages = await db.getAllFromIndex('messages', 'threadId', threadId);
        return messages.sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
      }),
    save: ({ thread, messages = [] }) =>
      guarded(async () => {
        const tx = db.transaction(['threads', 'messages'], 'readwrite');
        const writes: Promise<unknown>[] = messages.map((message) => tx.objectStore('messages').put(message));
        if (thread) writes.push(tx.objectStore('threads').put(thread));
        await Promise.all([...writes, tx.done]);
        if (thread) feed.announce({ store: 'threads', ids: [thread.id] });
        const threadIds = [...new Set(messages.map(({ threadId }) => threadId))];
        if (threadIds.length > 0) feed.announce({ store: 'messages', ids: threadIds });
      }),
    update: (id, change) =>
      guarded(async () => {
        const tx = db.transaction('threads', 'readwrite');
        const before = await tx.store.get(id);
        const after = before && change(before);
        if (after) await tx.store.put(after);
        await tx.done;
        if (after) feed.announce({ store: 'threads', ids: [id] });
        return after;
      }),
    removeMessages: (ids) =>
      guarded(async () => {
        const tx = db.transaction('messages', 'readwrite');
        const rows = await Promise.all(ids.map((id) => tx.store.get(id)));
        await Promise.all([...ids.map((id) => tx.store.delete(id)), tx.done]);
        const threadIds = [...new Set(rows.flatMap((row) => (row ? [row.threadId] : [])))];
        if (threadIds.length > 0) feed.announce({ store: 'messages', ids: threadIds });
      }),
    purge: (id) =>
      guarded(async () => {
        const tx = db.transaction(['threads', 'messages'], 'readwrite');
        const keys = await tx.objectStore('messages').index('threadId').getAllKeys(id);
        await Promise.all([
          tx.objectStore('threads').delete(id),
          ...keys.map((key) => tx.objectStore('messages').delete(key)),
          tx.done,
        ]);
        feed.announce({ store: 'threads', ids: [id] });
      }),
    search: (query) =>
      guarded(async () => {
        const words = fold(query).split(/\s+/).filter(Boolean);
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
