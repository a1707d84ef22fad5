import type { Attachment, ImagePart } from '#core/ports/chat-records.ts';
import type { ThreadRepository } from '#core/ports/repositories.ts';

/** The bytes of these pictures; one that is not stored is left out. */
export async function attachmentsOf(
  threads: Pick<ThreadRepository, 'attachment'>,
  images: readonly ImagePart[],
): Promise<readonly Attachment[]> {
  const found = await Promise.all(
    images.map(async ({ sha256 }) => ({ sha256, blob: await threads.attachment(sha256) })),
  );
  return found.flatMap(({ sha256, blob }) => (blob ? [{ sha256, blob }] : []));
}
