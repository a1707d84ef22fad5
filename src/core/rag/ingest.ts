import * as v from 'valibot';
import type { DocumentParser } from '#core/ports/document-parser.ts';
import type { JobRecord } from '#core/ports/job-records.ts';
import type { IngestInput } from '#core/ports/library.ts';
import type { ChunkRecord, DocumentRecord, SpaceRecord } from '#core/ports/library-records.ts';
import type { DocumentUpdate, Repositories } from '#core/ports/repositories.ts';
import type { CallOptions } from '#shared/call.ts';
import { AppError, type ErrorCode, isAbort, toAppError, toWire } from '#shared/errors.ts';
import { throwIfAborted } from './breathe.ts';
import { CHUNKER_VERSION, chunkDocument, embeddingText, limitsOf } from './chunk.ts';
import type { EmbeddingRoom } from './embedding-room.ts';
import { createIngestProgress, type IngestProgress } from './ingest-progress.ts';
import { readStored } from './read-stored.ts';

/** Enough to sort by length; a question waits for one of the embedder's own batches, not for all of this. */
const BATCH_CHUNKS = 48;

/** These would meet every later document, too: the job ends with them. All others belong to one document. */
const ENDS_JOB = /^(?:storage\/(?:quota-exceeded|version-blocked)|model\/|worker\/|capability\/|network\/)/;

export interface IngestPorts {
  readonly repositories: Repositories;
  readonly parsers: readonly DocumentParser[];
  readonly embeddings: EmbeddingRoom;
  readonly now: () => number;
}

const inputSchema = v.object({
  documentIds: v.array(v.string()),
  embedder: v.looseObject({ id: v.string() }),
});

function inputOf(job: JobRecord): IngestInput {
  if (!v.is(inputSchema, job.input))
    throw new AppError('job/interrupted', 'This job does not say what to index. Remove it and start again.');
  return job.input as unknown as IngestInput;
}

/** One chunk, or the end of a document. */
type Item =
  | { readonly documentId: string; readonly chunk: ChunkRecord }
  | { readonly documentId: string; readonly chunkCount: number };

interface Run extends IngestPorts {
  readonly job: JobRecord;
  readonly input: IngestInput;
  readonly space: SpaceRecord;
  readonly maxInputTokens: number;
  readonly progress: IngestProgress;
  readonly signal: AbortSignal | undefined;
  readonly failed: Set<string>;
  readonly ready: Set<string>;
}

/** A change of a document, without the error of an earlier try. */
function updateOf(id: string, change: Partial<DocumentRecord>): DocumentUpdate {
  return { id, change: ({ error: _, ...stored }) => ({ ...stored, ...change }) };
}

async function fail(run: Run, document: DocumentRecord, error: AppError): Promise<void> {
  run.failed.add(document.id);
  const failed = updateOf(document.id, { status: 'failed', error: toWire(error) });
  await run.repositories.library.commit({ updates: [failed] });
}

/** How many chunks of a document are stored with vectors of this space; what was cut or embedded otherwise is taken out. */
async function storedCount(run: Run, document: DocumentRecord, parser: DocumentParser): Promise<number> {
  const { library } = run.repositories;
  if (document.embeddedCount === 0 && document.chunkCount === undefined) return 0;
  const stored = await library.snapshotDocument(document.id);
  if (stored === undefined) return 0;
  const rows = stored.vectors.filter(({ spaceId }) => spaceId === run.space.id);
  const ordinals = new Set(rows.flatMap((row) => row.ordinals));
  const isWhole =
    document.chunkerVersion === CHUNKER_VERSION &&
    document.parserId === parser.id &&
    document.parserVersion === parser.version &&
    ordinals.size === document.embeddedCount &&
    Array.from(ordinals).every((ordinal) => ordinal < document.embeddedCount) &&
    stored.chunks.length === document.embeddedCount;
  if (isWhole) return document.embeddedCount;
  const { chunkCount: _, error: __, ...rest } = stored.document;
  const blobs = stored.blobs.filter(({ id }) => id.startsWith('original:'));
  await library.restoreDocument({
    document: { ...rest, status: 'parsing', embeddedCount: 0 },
    blobs,
    chunks: [],
    vectors: [],
  });
  return 0;
}

async function* itemsOf(run: Run, document: DocumentRecord): AsyncGenerator<Item, void, void> {
  const { library } = run.repositories;
  const onParse = run.progress.parsing(document);
  await library.commit({ updates: [updateOf(document.id, { status: 'parsing' })] });
  const { parsed, parser } = await readStored(library, run.parsers, document, {
    onProgress: onParse,
    ...(run.signal ? { signal: run.signal } : {}),
  });
  const stored = await storedCount(run, document, parser);
  const read: Partial<DocumentRecord> = {
    status: 'embedding',
    parserId: parser.id,
    parserVersion: parser.version,
    chunkerVersion: CHUNKER_VERSION,
    pages: parsed.pages,
    characterCount: parsed.text.length,
    embeddedCount: stored,
    ...(parsed.title === undefined ? {} : { title: parsed.title }),
  };
  const text = new Blob([parsed.text], { type: 'text/plain' });
  await library.commit({
    updates: [updateOf(document.id, read)],
    blobs: [{ id: `text:${document.id}`, blob: text }],
  });

  let chunkCount = 0;
  const tokenizer = await run.embeddings.tokenizer(run.input.embedder);
  for await (const chunk of chunkDocument({
    documentId: document.id,
    parsed,
    tokenizer,
    maxInputTokens: run.maxInputTokens,
    passagePrefix: run.input.embedder.prompt?.passage ?? '',
    ...(run.signal ? { signal: run.signal } : {}),
  })) {
    chunkCount++;
    if (chunk.ordinal >= stored) yield { documentId: document.id, chunk };
  }
  yield { documentId: document.id, chunkCount };
}

/** A document that is ready in this space already. */
async function isReady(run: Run, document: DocumentRecord): Promise<boolean> {
  if (document.status !== 'ready' || document.chunkerVersion !== CHUNKER_VERSION) return false;
  const stored = await run.repositories.library.snapshotDocument(document.id);
  const inSpace = stored?.vectors.filter(({ spaceId }) => spaceId === run.space.id) ?? [];
  return inSpace.reduce((sum, { ordinals }) => sum + ordinals.length, 0) === document.chunkCount;
}

/** Batches over all documents of the job: small documents share one, a large one fills many. */
async function* batchesOf(run: Run): AsyncGenerator<readonly Item[], void, void> {
  let batch: Item[] = [];
  for (const id of run.input.documentIds) {
    throwIfAborted(run.signal);
    const document = await run.repositories.library.document(id);
    if (document === undefined) continue; // removed while it waited
    if (await isReady(run, document)) {
      run.ready.add(id);
      continue;
    }
    try {
      for await (const item of itemsOf(run, document)) {
        batch.push(item);
        if (batch.length < BATCH_CHUNKS) continue;
        yield batch;
        batch = [];
      }
    } catch (error) {
      const failure = toAppError(error);
      if (isAbort(failure) || ENDS_JOB.test(failure.code satisfies ErrorCode)) throw failure;
      await fail(run, document, failure);
    }
  }
  run.progress.allRead();
  if (batch.length > 0) yield batch;
}

async function embedBatch(run: Run, batch: readonly Item[]): Promise<Float32Array> {
  const { embedder } = run.input;
  const tokenizer = await run.embeddings.tokenizer(embedder);
  const { headingTokens } = limitsOf({
    tokenizer,
    maxInputTokens: run.maxInputTokens,
    passagePrefix: embedder.prompt?.passage ?? '',
  });
  const texts = batch.flatMap((item) =>
    'chunk' in item ? [embeddingText(item.chunk, tokenizer, headingTokens)] : [],
  );
  if (texts.length === 0) return new Float32Array(0);
  const { vectors } = await run.embeddings.embed(embedder, 'passage', texts, {
    ...(run.signal ? { signal: run.signal } : {}),
    onProgress: ({ done }) => run.progress.embedding(done),
  });
  return vectors;
}

/** Rows, vectors, the documents' counters and the cursor: all of the batch or nothing. */
async function store(run: Run, batch: readonly Item[], vectors: Float32Array): Promise<void> {
  const { dimension, id: spaceId } = run.space;
  const chunks = batch.flatMap((item) => ('chunk' in item ? [item.chunk] : []));
  const ready = new Set<string>();
  const updates = [...new Set(batch.map(({ documentId }) => documentId))].map((id): DocumentUpdate => {
    const added = chunks.filter(({ documentId }) => documentId === id).length;
    const end = batch.find((item) => item.documentId === id && 'chunkCount' in item);
    return {
      id,
      change: (stored) => {
        const embeddedCount = stored.embeddedCount + added;
        if (end === undefined || !('chunkCount' in end)) return { ...stored, embeddedCount };
        const { chunkCount } = end;
        // Removed and added again meanwhile: its first part is missing, the next job embeds it.
        if (embeddedCount !== chunkCount) return { ...stored, embeddedCount, chunkCount };
        ready.add(id);
        return { ...stored, embeddedCount, chunkCount, status: 'ready' };
      },
    };
  });
  run.progress.stored(chunks.length);
  await run.repositories.library.commit({
    updates,
    chunks,
    space: run.space,
    ...(chunks.length === 0 ? {} : { vectors: { spaceId, dimension, chunkKeys: chunks, vectors } }),
    job: {
      ...run.job,
      cursor: { documentId: batch.at(-1)?.documentId, ready: run.ready.size, failed: run.failed.size },
      progress: run.progress.current(),
      updatedAt: run.now(),
    },
  });
  for (const id of ready) run.ready.add(id);
}

/** Embeds one batch while the next is read and the one before is written. */
async function runBatches(whole: Run): Promise<void> {
  const stop = new AbortController();
  const signal = whole.signal ? AbortSignal.any([whole.signal, stop.signal]) : stop.signal;
  const run: Run = { ...whole, signal };
  const batches = batchesOf(run);
  const ahead = (): Promise<IteratorResult<readonly Item[]>> => {
    const next = batches.next();
    next.catch(() => {}); // thrown where it is awaited
    return next;
  };
  let next = ahead();
  let writing: Promise<void> = Promise.resolve();
  try {
    for (let { done, value } = await next; !done && value; { done, value } = await next) {
      next = ahead();
      const vectors = await embedBatch(run, value);
      await writing;
      throwIfAborted(run.signal);
      writing = store(run, value, vectors);
      writing.catch(() => {});
    }
  } finally {
    stop.abort(); // what reads ahead must not go on behind a job that has ended
    await Promise.allSettled([next, writing]);
  }
  await writing;
}

/** The 'ingest' job: resumes from what is stored, which the cursor only names. */
export function createIngest(ports: IngestPorts) {
  return async function ingest(
    { jobId }: { readonly jobId: string },
    { signal, onProgress }: CallOptions = {},
  ): Promise<{ readonly ready: number; readonly failed: number }> {
    throwIfAborted(signal);
    const { repositories, embeddings, now } = ports;
    const job = await repositories.jobs.get(jobId);
    if (job === undefined) throw new AppError('job/interrupted', 'This job is no longer in the list.');
    const input = inputOf(job);
    const info = await embeddings.load(input.embedder, {
      ...(signal ? { signal } : {}),
      ...(onProgress ? { onProgress } : {}),
    });
    const known = (await repositories.library.spaces()).find(({ id }) => id === info.fingerprint);
    const space: SpaceRecord = known ?? {
      id: info.fingerprint,
      modelId: info.modelId,
      dimension: info.dimension,
      metric: 'cosine',
      createdAt: now(),
    };
    const documents = await Promise.all(input.documentIds.map((id) => repositories.library.document(id)));
    const progress = createIngestProgress(
      documents.filter((document) => document !== undefined),
      job.label,
      onProgress ?? (() => {}),
    );
    const run: Run = {
      ...ports,
      job,
      input,
      space,
      progress,
      signal,
      maxInputTokens: info.maxInputTokens,
      failed: new Set(),
      ready: new Set(),
    };
    await runBatches(run);
    return { ready: run.ready.size, failed: run.failed.size };
  };
}
