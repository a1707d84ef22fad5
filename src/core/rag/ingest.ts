import type { DocumentRecord, SpaceRecord } from '#core/ports/library-records.ts';
import type { DocumentUpdate } from '#core/ports/repositories.ts';
import { throwIfAborted } from '#shared/breathe.ts';
import type { CallOptions } from '#shared/call.ts';
import { AppError, type ErrorCode, isAbort, toAppError, toWire } from '#shared/errors.ts';
import { embeddingText, limitsOf } from './chunk.ts';
import { isReady, itemsOf } from './ingest-items.ts';
import { createIngestProgress, type SizedDocument } from './ingest-progress.ts';
import { type IngestItem, type IngestPorts, type IngestRun, inputOf, updateOf } from './ingest-run.ts';

export type { IngestPorts };

/** Enough to sort by length; a question waits for one of the embedder's own batches, not for all of this. */
const BATCH_CHUNKS = 48;

/** These would meet every later document, too: the job ends with them. All others belong to one document. */
const ENDS_JOB = /^(?:storage\/(?:quota-exceeded|version-blocked)|model\/|worker\/|capability\/|network\/)/;

/** A document that answers already goes on answering with what it has. */
async function fail(run: IngestRun, document: DocumentRecord, error: AppError): Promise<void> {
  const { library } = run.repositories;
  run.failed.add(document.id);
  run.progress.skipped(document.id);
  const isAnswering = document.status === 'ready';
  if (isAnswering) await library.dropNext(document.id);
  const change = { ...(isAnswering ? {} : { status: 'failed' as const }), error: toWire(error) };
  await library.commit({ updates: [updateOf(document.id, change)] });
}

/** Batches over all documents of the job: small documents share one, a large one fills many. */
async function* batchesOf(run: IngestRun): AsyncGenerator<readonly IngestItem[], void, void> {
  let batch: IngestItem[] = [];
  for (const id of run.input.documentIds) {
    throwIfAborted(run.signal);
    const document = await run.repositories.library.document(id);
    if (document === undefined) {
      run.progress.skipped(id); // removed while it waited
      continue;
    }
    if (await isReady(run, document)) {
      run.ready.add(id);
      run.progress.found(id, document.chunkCount ?? 0);
      run.progress.cut(id, document.chunkCount ?? 0, 1);
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
  if (batch.length > 0) yield batch;
}

const chunksOf = (batch: readonly IngestItem[]) =>
  batch.flatMap((item) => ('chunk' in item ? [item.chunk] : []));

/** Names the document whose text the embedder made no vector of. */
async function named(run: IngestRun, batch: readonly IngestItem[], error: unknown): Promise<unknown> {
  if (!(error instanceof AppError) || typeof error.details.row !== 'number') return error;
  const item = batch.filter((other) => 'chunk' in other)[error.details.row];
  const document = item && (await run.repositories.library.document(item.documentId));
  if (document === undefined) return error;
  const { what } = error.details;
  return new AppError(
    error.code,
    `The embedding model gave ${what} for a passage of “${document.name}”; nothing of it was stored. Try again; if it happens again, choose another embedding model.`,
    { details: { ...error.details, documentId: document.id }, cause: error },
  );
}

async function embedBatch(run: IngestRun, batch: readonly IngestItem[]): Promise<Float32Array> {
  const { embedder } = run.input;
  const tokenizer = await run.embeddings.tokenizer(embedder);
  const { headingTokens } = limitsOf({
    tokenizer,
    maxInputTokens: run.maxInputTokens,
    passagePrefix: embedder.prompt?.passage ?? '',
  });
  const texts = chunksOf(batch).map((chunk) => embeddingText(chunk, tokenizer, headingTokens));
  if (texts.length === 0) return new Float32Array(0);
  try {
    const { vectors } = await run.embeddings.embed(embedder, 'passage', texts, {
      ...(run.signal ? { signal: run.signal } : {}),
      onProgress: ({ done }) => run.progress.embedding(done),
    });
    return vectors;
  } catch (error) {
    throw await named(run, batch, error);
  }
}

/** Counts what a batch adds to a document, as the document is in the moment of the write. */
function countedIn(batch: readonly IngestItem[], id: string, ends: Set<string>): DocumentUpdate {
  const own = batch.filter(({ documentId }) => documentId === id);
  const added = chunksOf(own).length;
  const end = own.find((item) => 'chunkCount' in item);
  const chunkCount = end && 'chunkCount' in end ? end.chunkCount : undefined;
  const isNext = own[0]?.isNext ?? false;
  return {
    id,
    change: (stored) => {
      if (isNext) {
        // Removed and put back meanwhile: its next reading begins anew with the next job.
        if (stored.next === undefined) return stored;
        const embeddedCount = stored.next.embeddedCount + added;
        if (embeddedCount === chunkCount) ends.add(id);
        return { ...stored, next: { ...stored.next, embeddedCount } };
      }
      const embeddedCount = stored.embeddedCount + added;
      if (chunkCount === undefined) return { ...stored, embeddedCount };
      // Removed and added again meanwhile: its first part is missing, the next job embeds it.
      if (embeddedCount !== chunkCount) return { ...stored, embeddedCount, chunkCount };
      ends.add(id);
      return { ...stored, embeddedCount, chunkCount, status: 'ready' };
    },
  };
}

/** Rows, vectors, the documents' counters and the cursor: all of the batch or nothing. Then what is complete answers. */
async function store(run: IngestRun, batch: readonly IngestItem[], vectors: Float32Array): Promise<void> {
  const { dimension, id: spaceId } = run.space;
  const { library } = run.repositories;
  const chunks = chunksOf(batch);
  const ends = new Set<string>();
  run.progress.stored(chunks.length);
  await library.commit({
    updates: [...new Set(batch.map(({ documentId }) => documentId))].map((id) => countedIn(batch, id, ends)),
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
  for (const { documentId, isNext } of batch) {
    if (!ends.delete(documentId)) continue;
    if (isNext)
      await library.switchDocument(documentId, ({ error: _, ...stored }) => ({
        ...stored,
        ...stored.next,
        chunkCount: stored.next?.embeddedCount ?? 0,
      }));
    run.ready.add(documentId);
  }
}

/** Embeds one batch while the next is read and the one before is written. */
async function runBatches(whole: IngestRun): Promise<void> {
  const stop = new AbortController();
  const signal = whole.signal ? AbortSignal.any([whole.signal, stop.signal]) : stop.signal;
  const run: IngestRun = { ...whole, signal };
  const batches = batchesOf(run);
  const ahead = (): Promise<IteratorResult<readonly IngestItem[]>> => {
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

/** Only what progress needs: the records of a large job are not held while it runs. */
async function sizesOf({ repositories }: IngestPorts, ids: readonly string[]): Promise<SizedDocument[]> {
  const sizes: SizedDocument[] = [];
  for (const id of ids) {
    const document = await repositories.library.document(id);
    if (document) sizes.push({ id, name: document.name, sizeBytes: document.sizeBytes });
  }
  return sizes;
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
    const space: SpaceRecord = {
      id: info.fingerprint,
      modelId: info.modelId,
      dimension: info.dimension,
      metric: 'cosine',
      createdAt: now(),
      ...known,
      embedder: input.embedder,
    };
    const sizes = await sizesOf(ports, input.documentIds);
    const progress = createIngestProgress(sizes, job.label, onProgress ?? (() => {}));
    const run: IngestRun = {
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
    await repositories.library.dropEmptySpaces(space.id);
    return { ready: run.ready.size, failed: run.failed.size };
  };
}
