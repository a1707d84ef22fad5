import type { MessageRecord, ThreadRecord } from '#core/ports/chat-records.ts';
import type { ThreadRepository } from '#core/ports/repositories.ts';
import type { Database } from './open-database.ts';
import { guarded } from './transaction.ts';

const SNIPPET_BEFORE = 40;
const SNIPPET_AFTER = 90;

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

/** Of these threads, those that hold all words of the query. */
export const searchThreads = (
  db: Database,
  threads: readonly ThreadRecord[],
  query: string,
): ReturnType<ThreadRepository['search']> =>
  guarded(async () => {
    const words = fold(compose(query)).split(/\s+/).filter(Boolean);
    if (words.length === 0) return threads.map((thread) => ({ thread, snippet: '' }));
    const found = [];
    for (const thread of threads) {
      const messages = await db.getAllFromIndex('messages', 'threadId', thread.id);
      const texts = messages.map((message) => ({ text: visibleText(message), messageId: message.id }));
      const hit = match({ thread, texts: [{ text: thread.title }, ...texts] }, words);
      if (hit) found.push(hit);
    }
    return found;
  });
