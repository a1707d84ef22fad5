import type { DocumentParser, ParsedDocument } from '#core/ports/document-parser.ts';
import {
  type BlobRecord,
  type DocumentRecord,
  type NextReading,
  nextId,
} from '#core/ports/library-records.ts';
import { CHUNKER_VERSION, chunkDocument } from './chunk.ts';
import { type IngestItem, type IngestRun, updateOf } from './ingest-run.ts';
import { signatureOf } from './minhash.ts';
import { readStored } from './read-stored.ts';
import { awaitsRecognition, parsersOf } from './recognition.ts';
import { isSameReading, isTodaysReading } from './stale.ts';

/** Whether chunks 0 to `count` are stored, and nothing else: what else is there comes from a cut-off or another reading. */
async function isWhole({ repositories }: IngestRun, rowId: string, count: number): Promise<boolean> {
  const chunks = await repositories.library.chunks(rowId);
  return chunks.length === count && chunks.every(({ ordinal }, i) => ordinal === i);
}

/** How many chunks of a next reading are stored; one that was begun with something else is taken out. */
async function storedNext(run: IngestRun, document: DocumentRecord, parser: DocumentParser): Promise<number> {
  const { next, id } = document;
  const isGood =
    next?.spaceId === run.space.id &&
    isSameReading(next, parser) &&
    (await isWhole(run, nextId(id), next.embeddedCount));
  if (isGood) return next.embeddedCount;
  await run.repositories.library.dropNext(id);
  return 0;
}

/** How many chunks of a document are stored with vectors of this space; what was cut or embedded otherwise is taken out. */
async function storedCount(
  run: IngestRun,
  document: DocumentRecord,
  parser: DocumentParser,
): Promise<number> {
  const { library } = run.repositories;
  if (document.embeddedCount === 0 && document.chunkCount === undefined) return 0;
  const stored = await library.snapshotDocument(document.id);
  if (stored === undefined) return 0;
  const rows = stored.vectors.filter(({ spaceId }) => spaceId === run.space.id);
  const ordinals = new Set(rows.flatMap((row) => row.ordinals));
  const isGood =
    isSameReading(document, parser) &&
    ordinals.size === document.embeddedCount &&
    Array.from(ordinals).every((ordinal) => ordinal < document.embeddedCount) &&
    (await isWhole(run, document.id, document.embeddedCount));
  if (isGood) return document.embeddedCount;
  const { chunkCount: _, error: __, spaceId: ___, ...rest } = stored.document;
  const blobs = stored.blobs.filter(({ id }) => /^(?:original|transcript):/.test(id));
  await library.restoreDocument({
    document: { ...rest, status: 'parsing', embeddedCount: 0 },
    blobs,
    chunks: [],
    vectors: [],
  });
  return 0;
}

/** An empty list as well: an earlier reading may have had some. */
function linksOf({ links }: ParsedDocument, rowId: string): BlobRecord[] {
  if (links === undefined) return [];
  return [{ id: `links:${rowId}`, blob: new Blob([JSON.stringify(links)], { type: 'application/json' }) }];
}

/** Reads a document and cuts it; what is stored of it already is left out. One that answers goes on answering. */
export async function* itemsOf(
  run: IngestRun,
  document: DocumentRecord,
): AsyncGenerator<IngestItem, void, void> {
  const { library } = run.repositories;
  const isNext = document.status === 'ready';
  const rowId = isNext ? nextId(document.id) : document.id;
  const call = run.signal ? { signal: run.signal } : {};
  if (!isNext) await library.commit({ updates: [updateOf(document.id, { status: 'parsing' })] });
  const onProgress = run.progress.parsing(document);
  const { parsed, parser } = await readStored(run, document, { onProgress, ...call });
  const stored = await (isNext ? storedNext : storedCount)(run, document, parser);
  const signature = await signatureOf(parsed.text, run.signal);
  const reading: NextReading = {
    spaceId: run.space.id,
    parserId: parser.id,
    parserVersion: parser.version,
    chunkerVersion: CHUNKER_VERSION,
    pages: parsed.pages,
    characterCount: parsed.text.length,
    embeddedCount: stored,
    ...(parsed.title === undefined ? {} : { title: parsed.title }),
    ...(parsed.source === undefined ? {} : { source: parsed.source }),
    ...(parsed.times === undefined ? {} : { times: parsed.times }),
    ...(signature ? { signature } : {}),
  };
  await library.commit({
    updates: [updateOf(document.id, isNext ? { next: reading } : { ...reading, status: 'embedding' })],
    blobs: [
      { id: `text:${rowId}`, blob: new Blob([parsed.text], { type: 'text/plain' }) },
      ...linksOf(parsed, rowId),
    ],
  });

  const item = { documentId: document.id, isNext };
  let chunkCount = 0;
  run.progress.found(document.id, stored);
  const tokenizer = await run.embeddings.tokenizer(run.input.embedder);
  for await (const chunk of chunkDocument({
    documentId: rowId,
    parsed,
    tokenizer,
    maxInputTokens: run.maxInputTokens,
    passagePrefix: run.input.embedder.prompt?.passage ?? '',
    ...call,
  })) {
    chunkCount++;
    run.progress.cut(document.id, chunkCount, chunk.end / parsed.text.length);
    if (chunk.ordinal >= stored) yield { ...item, chunk };
  }
  run.progress.cut(document.id, chunkCount, 1);
  yield { ...item, chunkCount };
}

/** A document that is ready in this space already, read as today's parser and chunker would. Rows of older versions do not say so; their vectors do. */
export async function isReady(run: IngestRun, document: DocumentRecord): Promise<boolean> {
  if (document.status !== 'ready' || !isTodaysReading(document, parsersOf(run, document))) return false;
  if (awaitsRecognition(document, run.ocrParsers)) return false;
  if (document.spaceId !== undefined) return document.spaceId === run.space.id;
  const { library } = run.repositories;
  const stored = await library.snapshotDocument(document.id);
  const inSpace = stored?.vectors.filter(({ spaceId }) => spaceId === run.space.id) ?? [];
  const count = inSpace.reduce((sum, { ordinals }) => sum + ordinals.length, 0);
  if (count !== document.chunkCount) return false;
  await library.commit({ updates: [updateOf(document.id, { spaceId: run.space.id })] });
  return true;
}
