import type { IDBPTransaction } from 'idb';
import type { Attachment } from '#core/ports/chat-records.ts';
import type { BenchtopSchema } from './schema.ts';

export type ThreadStores = ('threads' | 'messages' | 'blobs')[];
export type ThreadTransaction = IDBPTransaction<BenchtopSchema, ThreadStores, 'readwrite'>;

export const ATTACHMENT_PREFIX = 'attachment:';

export const attachmentKey = (sha256: string): string => `${ATTACHMENT_PREFIX}${sha256}`;

export async function putAttachments(
  tx: ThreadTransaction,
  attachments: readonly Attachment[],
): Promise<void> {
  for (const { sha256, blob } of attachments)
    await tx.objectStore('blobs').put({ id: attachmentKey(sha256), blob });
}
