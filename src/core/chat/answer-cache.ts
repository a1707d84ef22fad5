import * as v from 'valibot';
import type { MessageRecord, ThreadRecord } from '#core/ports/chat-records.ts';
import type { ReadyEngine } from '#core/ports/engine-room.ts';
import type { DocumentRecord } from '#core/ports/library-records.ts';
import type { ModelSpec } from '#core/ports/model.ts';
import type { Repositories } from '#core/ports/repositories.ts';
import { imagesOf, textOf } from './parts.ts';

const hashesIn = (message: MessageRecord): readonly string[] => imagesOf(message).map(({ sha256 }) => sha256);

/** All that an answer from documents depends on. */
export interface AnswerKeyInput {
  readonly thread: ThreadRecord;
  /** Up to and with the question. */
  readonly path: readonly MessageRecord[];
  readonly ready: ReadyEngine;
  readonly embedder?: ModelSpec;
  readonly reranker?: ModelSpec;
  /** Every document that could be a source, as it is stored now. */
  readonly documents: readonly DocumentRecord[];
}

/** The same words are the same question, however they are spaced, capitalised or ended. */
export function normalizedQuestion(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[\s?.!]+$/u, '');
}

/** Another when the document is another, or was read, cut or embedded otherwise, or is called otherwise in the prompt. */
const versionOf = (document: DocumentRecord) => [
  document.id,
  document.name,
  document.status,
  document.parserId ?? '',
  document.parserVersion ?? 0,
  document.chunkerVersion ?? 0,
  document.spaceId ?? '',
  document.chunkCount ?? 0,
  document.embeddedCount,
];

const modelKey = (model: ModelSpec | undefined) =>
  model ? [model.id, model.files.map(({ path, sha256 }) => [path, sha256 ?? ''])] : null;

/** Whether the same question would be answered the same: from documents, and without chance. */
export function canRepeat({ collectionIds, within, bookId, sampling, searchAids }: ThreadRecord): boolean {
  const hasSources = collectionIds.length > 0 || within !== undefined || bookId !== undefined;
  return (
    searchAids?.reuses === true && hasSources && (sampling.temperature === 0 || sampling.seed !== undefined)
  );
}

/**
 * SHA-256, hex, over all that the answer depends on. It holds the version of every document in reach, so that adding,
 * removing or reading one otherwise makes it another key in the very transaction that changes the documents; undoing the
 * removal brings the key back.
 */
export async function answerKey(input: AnswerKeyInput): Promise<string> {
  const { thread, path, ready, embedder, reranker, documents } = input;
  const { reuses: _, ...aids } = thread.searchAids ?? {};
  const at = path.findLastIndex(({ role }) => role === 'user');
  const [question] = path.slice(at);
  const versions = documents.map((document) => JSON.stringify(versionOf(document))).sort();
  const parts = [
    normalizedQuestion(question ? textOf(question) : ''),
    path.slice(0, Math.max(0, at)).map((message) => [message.role, textOf(message), ...hashesIn(message)]),
    thread.systemPrompt,
    Object.entries(thread.sampling).sort(([a], [b]) => a.localeCompare(b)),
    Object.entries(aids).sort(([a], [b]) => a.localeCompare(b)),
    thread.bookId ?? [
      [...thread.collectionIds].sort(),
      (thread.within ?? []).map(({ documentId, ordinals }) => [documentId, ...ordinals]).sort(),
    ],
    [modelKey(ready.model), ready.loaded.contextTokens, ready.loaded.runsOn],
    [modelKey(embedder), modelKey(aids.reranks ? reranker : undefined)],
    [...new Set(versions)],
    ...(question ? hashesIn(question) : []),
  ];
  const bytes = new TextEncoder().encode(JSON.stringify(parts));
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

const SETTING = 'answer-cache';
const MOST_ENTRIES = 300;
const entriesSchema = v.array(v.object({ key: v.string(), threadId: v.string(), messageId: v.string() }));

/**
 * Answers given before, by key. Only where they stand is kept: an answer is read from its chat, so that it goes with it,
 * and no text is stored twice.
 */
export function createAnswerCache({
  library,
  settings,
  threads,
}: Pick<Repositories, 'library' | 'settings' | 'threads'>) {
  async function entries() {
    const parsed = v.safeParse(entriesSchema, await settings.get(SETTING));
    return parsed.success ? parsed.output : [];
  }

  async function documentsOf({
    collectionIds,
    within,
    bookId,
  }: ThreadRecord): Promise<readonly DocumentRecord[]> {
    const ids = bookId !== undefined ? [bookId] : within?.map(({ documentId }) => documentId);
    if (ids === undefined)
      return (await Promise.all(collectionIds.map((id) => library.documents(id)))).flat();
    return (await Promise.all(ids.map((id) => library.document(id)))).filter((found) => found !== undefined);
  }

  return {
    keyOf: async (input: Omit<AnswerKeyInput, 'documents'>): Promise<string> =>
      answerKey({ ...input, documents: await documentsOf(input.thread) }),
    /** A complete answer to the same, or undefined. */
    async find(key: string): Promise<MessageRecord | undefined> {
      const entry = (await entries()).find((each) => each.key === key);
      if (entry === undefined) return undefined;
      const thread = await threads.get(entry.threadId);
      if (thread === undefined || thread.deletedAt !== undefined) return undefined;
      const messages = await threads.messages(entry.threadId);
      return messages.find(({ id, status }) => id === entry.messageId && status === 'complete');
    },
    async remember(key: string, { threadId, id }: MessageRecord): Promise<void> {
      const others = (await entries()).filter((each) => each.key !== key);
      await settings.set(SETTING, [{ key, threadId, messageId: id }, ...others].slice(0, MOST_ENTRIES));
    },
  };
}
