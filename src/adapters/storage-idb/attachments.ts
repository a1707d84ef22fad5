import type { IDBPTransaction } from 'idb';
import type { Attachment, ImagePart, MessageRecord } from '#core/ports/chat-records.ts';
import type { BenchtopSchema } from './schema.ts';

export type ThreadStores = ('threads' | 'messages' | 'blobs')[];
type Transaction = IDBPTransaction<BenchtopSchema, ThreadStores, 'readwrite'>;

const PREFIX = 'attachment:';

export const attachmentKey = (sha256: string): string => `${PREFIX}${sha256}`;

export const imagesIn = ({ parts }: MessageRecord): readonly ImagePart[] =>
  parts.filter((part) => part.type === 'image');

export async function putAttachments(tx: Transaction, attachments: readonly Attachment[]): Promise<void> {
  for (const { sha256, blob } of attachments)
    await tx.objectStore('blobs').put({ id: attachmentKey(sha256), blob });
}

/** Of these hashes, those that no message and no draft names. Reads rows until each is found: few deletions ask. */
async function unused(tx: Transaction, hashes: ReadonlySet<string>): Promise<ReadonlySet<string>> {
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

/** Takes away those of the pictures that nothing refers to any more; resolves with them. */
export async function dropAttachments(
  tx: Transaction,
  images: readonly ImagePart[],
): Promise<readonly Attachment[]> {
  const blobs = tx.objectStore('blobs');
  const dropped: Attachment[] = [];
  for (const sha256 of await unused(tx, new Set(images.map((image) => image.sha256)))) {
    const row = await blobs.get(attachmentKey(sha256));
    if (row === undefined) continue;
    dropped.push({ sha256, blob: row.blob });
    await blobs.delete(row.id);
  }
  return dropped;
}

export async function dropUnused(tx: Transaction): Promise<void> {
  const blobs = tx.objectStore('blobs');
  const keys = await blobs.getAllKeys(IDBKeyRange.bound(PREFIX, `${PREFIX}\uffff`));
  const left = await unused(tx, new Set(keys.map((key) => key.slice(PREFIX.length))));
  await Promise.all([...left].map((sha256) => blobs.delete(attachmentKey(sha256))));
}
