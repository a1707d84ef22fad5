import type { AddedFiles, IngestInput } from '#core/ports/library.ts';
import {
  type CollectionRecord,
  isCorpusCollection,
  type RecognitionChoice,
} from '#core/ports/library-records.ts';
import { isAbort, toAppError, toWire } from '#shared/errors.ts';
import { createId } from '#shared/ids.ts';
import type { LibraryDependencies, LibraryStore } from './library-state.ts';

function documentsOf(input: unknown): readonly string[] {
  return (input as Partial<IngestInput> | undefined)?.documentIds ?? [];
}

/** Files in, jobs out. */
export function createLibraryIntake(deps: LibraryDependencies, store: LibraryStore) {
  const { repositories, library, jobs, notify, now = Date.now } = deps;
  const repository = repositories.library;

  jobs.register('ingest', async (job, { signal, onProgress }) => {
    try {
      await library.ingest({ jobId: job.id }, { signal, onProgress });
    } finally {
      void noteStale();
    }
  });

  /** Writing down recordings; fetched when somebody asks for it, or when a job goes on. */
  const transcription = async () =>
    (await import('./transcription/create-transcription.ts')).createTranscription(deps, { startIngest });
  jobs.register('transcribe', async (job, context) => (await transcription()).run(job, context));

  let embedderId: string | undefined;
  async function noteEmbedder(): Promise<void> {
    const embedder = await deps.embedder();
    const isEmbedderMissing = embedder === undefined;
    if (store.getState().isEmbedderMissing !== isEmbedderMissing) store.setState({ isEmbedderMissing });
    const hasChanged = embedderId !== undefined && embedder !== undefined && embedderId !== embedder.id;
    embedderId = embedder?.id ?? embedderId;
    if (hasChanged) await noteStale();
  }

  /** Looks which documents could be read again; not at the start of the page, because it wakes the library's worker. */
  async function noteStale(): Promise<void> {
    const embedder = await deps.embedder();
    const { stale: _, ...rest } = store.getState();
    if (embedder === undefined || rest.documents.length === 0) return store.setState(rest, true);
    try {
      const { documentIds } = await library.stale({ embedder });
      const { stale: __, ...now } = store.getState();
      const stale = { documentIds, embedderLabel: embedder.label };
      store.setState(documentIds.length > 0 ? { ...now, stale } : now, true);
    } catch {
      // It is an offer: whoever searches or adds meets the same failure with its words.
    }
  }

  async function createCollection(name: string): Promise<CollectionRecord> {
    const collection = { id: createId(now()), name: name.trim() || 'Untitled', createdAt: now() };
    await repository.saveCollection(collection);
    const { collections } = store.getState();
    store.setState({ collections: [...collections, collection], collectionId: collection.id });
    return collection;
  }

  /**
   * Where new files go: the open collection, else the first, else a new one. Never the corpus of an evaluation, whose
   * figures they would change: then the one they go to is opened, so that they are seen.
   */
  async function targetCollection(): Promise<string> {
    const { collectionId } = store.getState();
    if (collectionId !== null && !isCorpusCollection(collectionId)) return collectionId;
    const own = (await repository.collections()).find(({ id }) => !isCorpusCollection(id));
    const id = own?.id ?? (await createCollection('Documents')).id;
    if (collectionId !== null) store.setState({ collectionId: id });
    return id;
  }

  function activeIds(): ReadonlySet<string> {
    const active = jobs
      .jobs()
      .filter(({ kind, state }) => kind === 'ingest' && /^(?:queued|running|paused)$/.test(state));
    return new Set(active.flatMap(({ input }) => documentsOf(input)));
  }

  async function startIngest(
    documentIds: readonly string[],
    { isAgain = false, labelOf }: { isAgain?: boolean; labelOf?: (what: string) => string } = {},
  ): Promise<void> {
    const embedder = await deps.embedder();
    await noteEmbedder();
    if (embedder === undefined || documentIds.length === 0) return;
    const first = await repository.document(documentIds[0] ?? '');
    const isOne = documentIds.length === 1 && first;
    const what = isOne ? first.name : `${documentIds.length} documents`;
    const label =
      labelOf?.(what) ?? (isAgain ? `Re-indexing ${what} with ${embedder.label}` : `Indexing ${what}`);
    const input: IngestInput = { documentIds, embedder, ...(isAgain ? { isAgain } : {}) };
    await jobs.start('ingest', label, input);
  }

  async function take(
    files: readonly File[],
    collectionId: string,
    recognition: RecognitionChoice | undefined,
  ): Promise<AddedFiles> {
    const isFirst = store.getState().documents.length === 0;
    const added = await library.addFiles({ files, collectionId, ...(recognition ? { recognition } : {}) });
    if (isFirst && added.documentIds.length > 0) void deps.persistStorage?.();
    const rejected = added.rejected.map((file) => {
      const source = file.isPicture ? files[file.fileIndex ?? -1] : undefined;
      return { ...file, ...(source ? { source } : {}) };
    });
    store.setState({ rejected: [...store.getState().rejected, ...rejected] });
    const there = added.alreadyThere.length;
    if (there === 1) notify('This document is already in the library.');
    else if (there > 1) notify(`${there} documents are already in the library.`);
    // What was there but never got ready is given another chance.
    const known = new Set(added.alreadyThere);
    const active = activeIds();
    const unfinished = (await repository.documents(collectionId)).filter(
      ({ id, status }) => known.has(id) && status !== 'ready' && !active.has(id),
    );
    await startIngest([...new Set([...added.documentIds, ...unfinished.map(({ id }) => id)])]);
    return added;
  }

  /** Undefined when it did not get through; the store says why. */
  async function takeFiles(
    files: readonly File[],
    collectionId?: string,
    recognition?: RecognitionChoice,
  ): Promise<AddedFiles | undefined> {
    const { addError: _, ...rest } = store.getState();
    store.setState({ ...rest, addingCount: rest.addingCount + files.length }, true);
    try {
      return await take(files, collectionId ?? (await targetCollection()), recognition);
    } catch (error) {
      if (!isAbort(error)) store.setState({ addError: toWire(toAppError(error)) });
      return undefined;
    } finally {
      store.setState({ addingCount: store.getState().addingCount - files.length });
    }
  }

  async function addFiles(files: readonly File[]): Promise<void> {
    if (files.length > 0) await takeFiles(files);
  }

  return {
    addFiles,
    takeFiles,
    startIngest,
    transcription,
    targetCollection,
    createCollection,
    noteEmbedder,
    noteStale,

    /** Reads documents of a former embedder or chunker again; they answer by what they have until that is done. */
    async readAgain(): Promise<void> {
      await noteStale();
      const active = activeIds();
      await startIngest(
        (store.getState().stale?.documentIds ?? []).filter((id) => !active.has(id)),
        { isAgain: true },
      );
    },

    async addSamples(): Promise<void> {
      try {
        const { collection, files } = await (deps.samples ?? (await import('./samples.ts')).fetchSamples)();
        const there = store.getState().collections.find(({ name }) => name === collection);
        if (there) store.setState({ collectionId: there.id });
        else await createCollection(collection);
        await addFiles(files);
      } catch (error) {
        store.setState({ addError: toWire(toAppError(error)) });
      }
    },

    /** Starts what waits: documents that were added without an embedder, or whose job was stopped. */
    async indexWaiting(): Promise<void> {
      const active = activeIds();
      const waiting = (await repository.documents()).filter(
        ({ id, status }) => status !== 'ready' && status !== 'failed' && !active.has(id),
      );
      await startIngest(waiting.map(({ id }) => id));
    },

    async retry(documentId: string): Promise<void> {
      const { requireDocument } = await import('./read-document.ts');
      const { error: _, ...document } = await requireDocument(repository, documentId);
      await repository.commit({ documents: [{ ...document, status: 'queued' }] });
      await startIngest([documentId]);
    },
  };
}
