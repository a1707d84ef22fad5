import type { DocumentRecord } from '#core/ports/library-records.ts';
import type { Progress } from '#shared/call.ts';

export type SizedDocument = Pick<DocumentRecord, 'id' | 'name' | 'sizeBytes'>;

export interface IngestProgress {
  /** Progress of one document's parser, as progress of all bytes of the job. */
  parsing(document: SizedDocument): (event: Progress) => void;
  /** So many chunks of a document are stored from an earlier run. */
  found(documentId: string, chunks: number): void;
  /** So many chunks were cut from this share (0 to 1) of a document's text. */
  cut(documentId: string, chunks: number, share: number): void;
  /** Nothing will come of this document. */
  skipped(documentId: string): void;
  /** Chunks done of the batch that is being embedded. */
  embedding(doneInBatch: number): void;
  /** A batch is done. */
  stored(chunks: number): void;
  current(): Progress;
}

/** From this share of the bytes on, what was cut tells how much the rest will give. */
const CREDIBLE_SHARE = 0.02;
const CREDIBLE_CHUNKS = 24;

/**
 * How many chunks there will be: exact for what was cut, in proportion to the text for the document that is being cut, and
 * for what nobody has read yet in proportion to its bytes. Undefined until there is something to go by.
 */
function createChunkEstimate(documents: readonly SizedDocument[]) {
  const bytes = new Map(documents.map(({ id, sizeBytes }) => [id, sizeBytes]));
  const total = documents.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const current = { id: '', chunks: 0, share: 0 };
  let endedBytes = 0;
  let endedChunks = 0;
  let leftOutBytes = 0;

  function end(id: string, chunks: number | undefined): void {
    const size = bytes.get(id);
    if (size === undefined) return;
    bytes.delete(id);
    if (chunks === undefined) leftOutBytes += size;
    else {
      endedBytes += size;
      endedChunks += chunks;
    }
    if (current.id === id) Object.assign(current, { id: '', chunks: 0, share: 0 });
  }

  return {
    end,
    cut(id: string, chunks: number, share: number): void {
      if (share >= 1) end(id, chunks);
      else Object.assign(current, { id, chunks, share });
    },
    expected(): { readonly total: number; readonly isEstimate: boolean } | undefined {
      const readBytes = endedBytes + (bytes.get(current.id) ?? 0) * current.share;
      const readChunks = endedChunks + current.chunks;
      const expected = total - leftOutBytes;
      if (readBytes >= expected) return { total: readChunks, isEstimate: false };
      const isCredible = readBytes >= expected * CREDIBLE_SHARE && readChunks >= CREDIBLE_CHUNKS;
      return isCredible
        ? { total: Math.round((readChunks / readBytes) * expected), isEstimate: true }
        : undefined;
    },
  };
}

/**
 * Two phases that run side by side: reading, in bytes of all documents, and embedding, in chunks. Neither ever goes back:
 * where the estimate of all chunks grows, `share` waits until the work has caught up with it, and `total` tells the truth.
 */
export function createIngestProgress(
  documents: readonly SizedDocument[],
  label: string,
  report: (event: Progress) => void,
): IngestProgress {
  const total = documents.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const estimate = createChunkEstimate(documents);
  const shares = new Map<string, number>();
  let readBytes = 0;
  let embedded = 0;
  let shown = 0;
  let shownShare = 0;
  let hasEmbedded = false;

  function current(): Progress {
    const expected = estimate.expected();
    const event = { phase: 'embed', done: shown, unit: 'items', label } as const;
    if (expected === undefined || expected.total < shown) return event;
    const { total: all, isEstimate } = expected;
    shownShare = Math.max(shownShare, all === 0 ? 1 : shown / all);
    return { ...event, total: all, share: shownShare, ...(isEstimate ? { isEstimate } : {}) };
  }

  function show(done: number): void {
    shown = Math.max(shown, done);
    hasEmbedded = true;
    report(current());
  }

  function read(documentId: string, sizeBytes: number, name: string): void {
    const before = shares.get(documentId) ?? 0;
    const share = Math.max(before, Math.round(sizeBytes));
    shares.set(documentId, share);
    readBytes += share - before;
    // Once vectors come, reading goes on beside them and is no longer what is waited for.
    if (!hasEmbedded)
      report({ phase: 'parse', done: Math.min(readBytes, total), total, unit: 'bytes', label: name });
  }

  return {
    parsing:
      ({ id, sizeBytes, name }) =>
      ({ phase, done, total: all }) => {
        // Reading pictures takes longer than all else, so that it is told by page.
        if (phase === 'recognize' && all !== undefined)
          report({ phase, done, total: all, unit: 'pages', label: name });
        else read(id, all === undefined || all === 0 ? 0 : (done / all) * sizeBytes, name);
      },
    found(_, chunks) {
      embedded += chunks;
      shown = Math.max(shown, embedded);
    },
    cut: estimate.cut,
    skipped: (documentId) => estimate.end(documentId, undefined),
    embedding: (doneInBatch) => show(embedded + doneInBatch),
    stored(chunks) {
      embedded += chunks;
      show(embedded);
    },
    current,
  };
}
