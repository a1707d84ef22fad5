import { loadExchange, pathTo } from '#core/chat/index.ts';
import type { Attachment, ImagePart } from '#core/ports/chat-records.ts';
import type { ThreadRepository } from '#core/ports/repositories.ts';
import { createId } from '#shared/ids.ts';
import type { ChatDependencies } from './chat-state.ts';

export interface ThreadFile {
  readonly name: string;
  readonly text: string;
}

/** The bytes of these pictures; one that is not stored is left out. */
async function attachmentsOf(
  threads: Pick<ThreadRepository, 'attachment'>,
  images: readonly ImagePart[],
): Promise<readonly Attachment[]> {
  const found = await Promise.all(
    images.map(async ({ sha256 }) => ({ sha256, blob: await threads.attachment(sha256) })),
  );
  return found.flatMap(({ sha256, blob }) => (blob ? [{ sha256, blob }] : []));
}

export async function exportThread(
  { repositories }: ChatDependencies,
  id: string,
  format: 'markdown' | 'json',
): Promise<ThreadFile | undefined> {
  const thread = await repositories.threads.get(id);
  if (thread === undefined) return undefined;
  const [messages, { exportJson, exportMarkdown, picturesOf }] = await Promise.all([
    repositories.threads.messages(id),
    loadExchange(),
  ]);
  const base = thread.title.replace(/[^\p{L}\p{N} _-]/gu, '').trim() || 'chat';
  if (format === 'markdown')
    return { name: `${base}.md`, text: exportMarkdown(thread, pathTo(messages, thread.activeLeafId)) };
  const attachments = await attachmentsOf(repositories.threads, picturesOf(thread, messages));
  return { name: `${base}.json`, text: await exportJson({ thread, messages, attachments }) };
}

export async function importThread(
  { repositories, now = Date.now }: ChatDependencies,
  text: string,
): Promise<string> {
  const exchange = await loadExchange();
  const imported = await exchange.importThread(text, () => createId(now()), now());
  const { thread, messages, attachments } = imported;
  // Documents of another browser are not here: a chat that searched them would find nothing, forever.
  const here = new Set((await repositories.library.collections()).map(({ id }) => id));
  const collectionIds = thread.collectionIds.filter((id) => here.has(id));
  await repositories.threads.save({ thread: { ...thread, collectionIds }, messages, attachments });
  return thread.id;
}
