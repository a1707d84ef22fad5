import type { DocumentRecord } from '#core/ports/library-records.ts';
import type { Progress } from '#shared/call.ts';

export interface IngestProgress {
  /** Progress of one document's parser, as progress of all bytes of the job. */
  parsing(document: DocumentRecord): (event: Progress) => void;
  /** Chunks done of the batch that is being embedded. */
  embedding(doneInBatch: number): void;
  /** A batch is done. */
  stored(chunks: number): void;
  /** Every document of the job was read. */
  allRead(): void;
  current(): Progress;
}

/**
 * Two phases that run side by side: reading, in bytes of all documents, and embedding, in chunks. Neither ever goes
 * back. There is no total of chunks: nobody knows it before the last document was read.
 */
export function createIngestProgress(
  documents: readonly DocumentRecord[],
  label: string,
  report: (event: Progress) => void,
): IngestProgress {
  const total = documents.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const shares = new Map<string, number>();
  let embedded = 0;
  let shown = 0;
  let hasEmbedded = false;

  const current = (): Progress => ({ phase: 'embed', done: shown, unit: 'items', label });

  function show(done: number): void {
    shown = Math.max(shown, done);
    hasEmbedded = true;
    report(current());
  }

  function read(documentId: string, sizeBytes: number, label: string): void {
    shares.set(documentId, Math.max(shares.get(documentId) ?? 0, Math.round(sizeBytes)));
    let done = 0;
    for (const share of shares.values()) done += share;
    // Once vectors come, reading goes on beside them and is no longer what is waited for.
    if (!hasEmbedded) report({ phase: 'parse', done: Math.min(done, total), total, unit: 'bytes', label });
  }

  return {
    parsing:
      ({ id, sizeBytes, name }) =>
      ({ done, total: all }) =>
        read(id, all === undefined || all === 0 ? 0 : (done / all) * sizeBytes, name),
    embedding: (doneInBatch) => show(embedded + doneInBatch),
    stored(chunks) {
      embedded += chunks;
      show(embedded);
    },
    allRead() {
      for (const { id, sizeBytes, name } of documents) read(id, sizeBytes, name);
    },
    current,
  };
}
