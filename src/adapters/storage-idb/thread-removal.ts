import type { Attachment, ImagePart, MessageRecord } from '#core/ports/chat-records.ts';
import {
  ATTACHMENT_PREFIX,
  attachmentKey,
  type ThreadStores,
  type ThreadTransaction,
} from './attachments.ts';
import type { Database } from './open-database.ts';
import { guarded, inTransaction } from './transaction.ts';

const ALL: ThreadStores = ['threads', 'messages', 'blobs'];

const imagesIn = ({ parts }: MessageRecord): readonly ImagePart[] =>
  parts.filter((part) => part.type === 'image');

/** Of these hashes, those that no message and no draft names. Reads rows until each is found: few deletions ask. */
async function unused(tx: ThreadTransaction, hashes: ReadonlySet<string>): Promise<ReadonlySet<string>> {
  const left = new Set(hashes);
  const keep = (images: readonly ImagePart[]): void => {
    for (const { sha256 } of images) left.delete(sha256);
  };
  if (left.size > 0)
    for (const { draftImages = [] } of await tx.objectStore('threads').getAll()) keep(draftImages);
  let cursor = left.size > 0 ? await tx.objectStore('messages').openCursor() : null;
  while (cursor && left.size > 0) {
    keep(imagesIn(cursor.value));
    cursor = await cursor.continue();
  }
  return left;
}

/**
 * Takes away those of the pictures that nothing refers to any more. Resolves with all of them: what still shows one may be gone
 * by the time that its message is put back.
 */
async function dropAttachments(
  tx: ThreadTransaction,
  images: readonly ImagePart[],
): Promise<readonly Attachment[]> {
  const blobs = tx.objectStore('blobs');
  const hashes = new Set(images.map((image) => image.sha256));
  const read: Attachment[] = [];
  for (const sha256 of hashes) {
    const row = await blobs.get(attachmentKey(sha256));
    if (row !== undefined) read.push({ sha256, blob: row.blob });
  }
  for (const sha256 of await unused(tx, hashes)) await blobs.delete(attachmentKey(sha256));
  return read;
}

async function dropUnused(tx: ThreadTransaction): Promise<void> {
  const blobs = tx.objectStore('blobs');
  const keys = await blobs.getAllKeys(IDBKeyRange.bound(ATTACHMENT_PREFIX, `${ATTACHMENT_PREFIX}\uffff`));
  const left = await unused(tx, new Set(keys.map((key) => key.slice(ATTACHMENT_PREFIX.length))));
  await Promise.all([...left].map((sha256) => blobs.delete(attachmentKey(sha256))));
}

/** In one transaction; resolves with the pictures of the messages, and whose messages they were. */
export const removeMessages = (db: Database, ids: readonly string[]) =>
  guarded(() =>
    inTransaction(db.transaction(ALL, 'readwrite'), async (tx) => {
      const store = tx.objectStore('messages');
      const rows = (await Promise.all(ids.map((id) => store.get(id)))).filter((row) => row !== undefined);
      await Promise.all(ids.map((id) => store.delete(id)));
      const attachments = await dropAttachments(tx, rows.flatMap(imagesIn));
      return { attachments, threadIds: rows.map(({ threadId }) => threadId) };
    }),
  );

export const purgeThread = (db: Database, id: string): Promise<void> =>
  guarded(() =>
    inTransaction(db.transaction(ALL, 'readwrite'), async (tx) => {
      const messages = tx.objectStore('messages');
      const thread = await tx.objectStore('threads').get(id);
      const rows = await messages.index('threadId').getAll(id);
      await Promise.all([
        tx.objectStore('threads').delete(id),
        ...rows.map((row) => messages.delete(row.id)),
      ]);
      await dropAttachments(tx, [...rows.flatMap(imagesIn), ...(thread?.draftImages ?? [])]);
    }),
  );

export const dropUnusedAttachments = (db: Database): Promise<void> =>
  guarded(() => inTransaction(db.transaction(ALL, 'readwrite'), dropUnused));
