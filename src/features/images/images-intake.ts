import type { ImageRecord } from '#core/ports/image-records.ts';
import type { ImageIngestInput } from '#core/ports/pictures.ts';
import { isAbort, toAppError, toWire } from '#shared/errors.ts';
import type { ImagesDependencies, ImagesStore } from './images-state.ts';
import { chosenEmbedder } from './ready-embedder.ts';

const isWaiting = ({ status }: ImageRecord): boolean => status === 'queued';

/** Files in, jobs out. */
export function createImagesIntake(deps: ImagesDependencies, store: ImagesStore) {
  const { repositories, pictures, jobs, notify } = deps;
  const repository = repositories.images;

  function activeIds(): ReadonlySet<string> {
    const active = jobs
      .jobs()
      .filter(({ kind, state }) => kind === 'image-ingest' && /^(?:queued|running|paused)$/.test(state));
    return new Set(active.flatMap(({ input }) => (input as Partial<ImageIngestInput>)?.imageIds ?? []));
  }

  async function startIngest(ids: readonly string[]): Promise<void> {
    const active = activeIds();
    const imageIds = ids.filter((id) => !active.has(id));
    if (imageIds.length === 0) return;
    const embedder = await chosenEmbedder(deps);
    const first = imageIds.length === 1 ? await repository.get(imageIds[0] ?? '') : undefined;
    const label = `Indexing ${first?.name ?? `${imageIds.length} pictures`}`;
    const ready = new Set(
      (await repository.list()).flatMap(({ id, status }) => (status === 'ready' ? [id] : [])),
    );
    const againIds = imageIds.filter((id) => ready.has(id));
    const input: ImageIngestInput = { imageIds, embedder, ...(againIds.length > 0 ? { againIds } : {}) };
    await jobs.start('image-ingest', label, input);
  }

  /** Shows what goes wrong where files are added. */
  async function told(act: () => Promise<void>): Promise<void> {
    const { addError: _, ...rest } = store.getState();
    store.setState(rest, true);
    try {
      await act();
    } catch (error) {
      if (!isAbort(error)) store.setState({ addError: toWire(toAppError(error)) });
    }
  }

  async function take(files: readonly File[]): Promise<void> {
    const isFirst = store.getState().images.length === 0;
    const added = await pictures.add({ files });
    if (isFirst && added.imageIds.length > 0) void deps.persistStorage?.();
    store.setState({ rejected: [...store.getState().rejected, ...added.rejected] });
    const there = added.alreadyThere.length;
    if (there > 0)
      notify(there === 1 ? 'This picture is already here.' : `${there} pictures are already here.`);
    // What was there but never got ready is given another chance.
    const known = await Promise.all(added.alreadyThere.map((id) => repository.get(id)));
    const unfinished = known.flatMap((image) => (image && image.status !== 'ready' ? [image.id] : []));
    await startIngest([...new Set([...added.imageIds, ...unfinished])]);
  }

  const addFiles = (files: readonly File[]): Promise<void> =>
    told(async () => {
      if (files.length === 0) return;
      store.setState({ addingCount: store.getState().addingCount + files.length });
      try {
        await take(files);
      } finally {
        store.setState({ addingCount: store.getState().addingCount - files.length });
      }
    });

  /** Looks which pictures today's model has not seen; it wakes the worker, so only where there are pictures. */
  async function noteStale(): Promise<void> {
    const { stale: _, ...rest } = store.getState();
    const embedder = await deps.embedder();
    const isBusy = rest.jobs.some(({ state }) => state === 'running' || state === 'queued');
    if (embedder === undefined || isBusy || !rest.images.some(({ status }) => status === 'ready'))
      return store.setState(rest, true);
    try {
      const { imageIds, firstFrameIds = [] } = await pictures.stale({ embedder });
      const { stale: __, ...now } = store.getState();
      const stale = { imageIds, firstFrameIds, embedderLabel: embedder.label };
      store.setState(imageIds.length > 0 ? { ...now, stale } : now, true);
    } catch {
      // It is an offer: whoever searches or adds meets the same failure with its words.
    }
  }

  return {
    addFiles,
    noteStale,

    addSamples: (): Promise<void> =>
      told(async () => {
        const samples = deps.samples ?? (await import('./samples.ts')).fetchSamplePictures;
        await addFiles(await samples());
      }),

    /** Starts what waits: its job was stopped, or another model has read it. */
    indexWaiting: (): Promise<void> =>
      told(async () => {
        const { images, stale } = store.getState();
        const waiting = images.filter(isWaiting).map(({ id }) => id);
        await startIngest([...new Set([...waiting, ...(stale?.imageIds ?? [])])]);
        await noteStale();
      }),

    /** Reads a broken picture once more. */
    retry: (ids: readonly string[]): Promise<void> =>
      told(async () => {
        await repository.commit({
          updates: ids.map((id) => ({
            id,
            change: ({ error: _, ...stored }) => ({ ...stored, status: 'queued' as const }),
          })),
        });
        await startIngest(ids);
      }),
  };
}
