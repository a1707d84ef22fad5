import { createProgressMeter } from '#core/jobs/index.ts';
import type { ImageRecord } from '#core/ports/image-records.ts';
import type { JobKind } from '#core/ports/job-records.ts';
import { toAppError, toWire } from '#shared/errors.ts';
import type { ImagesDependencies, ImagesStore } from './images-state.ts';

const REFRESH_MS = 80;
/** More changed rows than this are read with one query. */
const FEW = 40;
const KINDS: ReadonlySet<string> = new Set<JobKind>(['image-ingest', 'image-text', 'image-captions']);

/** Keeps the store as the disk and the job runner are, also when other tabs and workers write. */
export function createImagesFeed(deps: ImagesDependencies, store: ImagesStore, onChanged: () => void) {
  const { repositories, jobs, now = Date.now } = deps;
  const repository = repositories.images;
  const meter = createProgressMeter();
  const changed = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let mustReadAll = false;
  let isDisposed = false;

  function show(images: readonly ImageRecord[]): void {
    if (isDisposed) return;
    const { error: _, ...rest } = store.getState();
    const here = new Set(images.map(({ id }) => id));
    const { openId, selectedIds } = rest;
    store.setState(
      {
        ...rest,
        isLoaded: true,
        images,
        selectedIds: [...selectedIds].every((id) => here.has(id))
          ? selectedIds
          : new Set([...selectedIds].filter((id) => here.has(id))),
        ...(openId !== undefined && !here.has(openId) ? { openId: undefined, isPreviewing: false } : {}),
      },
      true,
    );
    onChanged();
  }

  async function readAll(): Promise<void> {
    try {
      show(await repository.list());
    } catch (error) {
      store.setState({ isLoaded: true, error: toWire(toAppError(error)) });
    }
  }

  async function readFew(ids: readonly string[]): Promise<void> {
    const fresh = await Promise.all(ids.map((id) => repository.get(id)));
    const byId = new Map(ids.map((id, i) => [id, fresh[i]] as const));
    const kept = store.getState().images.flatMap((old) => {
      if (!byId.has(old.id)) return [old];
      const next = byId.get(old.id);
      byId.delete(old.id);
      return next ? [next] : [];
    });
    const added = [...byId.values()].filter((image) => image !== undefined);
    show(
      added.length === 0
        ? kept
        : [...added, ...kept].sort((a, b) => b.addedAt - a.addedAt || (a.id < b.id ? -1 : 1)),
    );
  }

  function refresh(): void {
    timer = undefined;
    const ids = [...changed];
    const isFew = !mustReadAll && ids.length <= FEW && store.getState().isLoaded;
    changed.clear();
    mustReadAll = false;
    void (isFew ? readFew(ids).catch(readAll) : readAll());
  }

  function readJobs(): void {
    const isOpen = (state: string): boolean => state !== 'done' && state !== 'cancelled';
    const mine = jobs.jobs().filter(({ kind, state }) => KINDS.has(kind) && isOpen(state));
    const before = store.getState();
    if (mine.length === 0 && before.jobs.length === 0) return;
    const progress = mine.find(({ state }) => state === 'running')?.progress;
    if (progress) meter.note(progress, now());
    const remainingMs = progress ? meter.remainingMs() : undefined;
    const { remainingMs: _, ...rest } = before;
    store.setState({ ...rest, jobs: mine, ...(remainingMs === undefined ? {} : { remainingMs }) }, true);
    if (mine.length < before.jobs.length) onChanged();
  }

  const stopChanges = repositories.changes.subscribe(({ store: name, ids }) => {
    if (name !== 'images') return;
    if (ids.length === 0) mustReadAll = true;
    for (const id of ids) changed.add(id);
    timer ??= setTimeout(refresh, REFRESH_MS);
  });
  const stopJobs = jobs.subscribe(readJobs);
  void readAll();
  readJobs();

  return {
    readAll,
    dispose(): void {
      isDisposed = true;
      stopChanges();
      stopJobs();
      clearTimeout(timer);
    },
  };
}
