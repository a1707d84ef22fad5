import { createProgressMeter } from '#core/jobs/index.ts';
import { toAppError, toWire } from '#shared/errors.ts';
import type { LibraryDependencies, LibraryStore } from './library-state.ts';

type Finder = ReturnType<typeof import('./find-near-duplicates.ts').createNearDuplicates>;

const REFRESH_MS = 80;
/** More changed rows than this are read with all others; a batch of an ingest changes at most 48 documents. */
const FEW = 200;

/** Keeps the store as the disk and the job runner are, also when other tabs and workers write. */
export function createLibraryFeed(deps: LibraryDependencies, store: LibraryStore) {
  const { repositories, jobs, now = Date.now } = deps;
  const repository = repositories.library;
  const meter = createProgressMeter();
  let find: Finder | undefined;
  const changed = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let mustReadAll = false;

  /** A part of the page that cannot be fetched is asked for again with the next change. */
  async function noteNearDuplicates(): Promise<void> {
    const { documents, nearDuplicates } = store.getState();
    if (documents.filter(({ signature }) => signature !== undefined).length < 2 && !find) return;
    find ??= (await import('./find-near-duplicates.ts')).createNearDuplicates();
    const found = find(store.getState().documents);
    if (found !== nearDuplicates) store.setState({ nearDuplicates: found });
  }

  async function readAll(): Promise<void> {
    try {
      const [collections, documents] = await Promise.all([repository.collections(), repository.documents()]);
      const { error: _, ...rest } = store.getState();
      store.setState({ ...rest, isLoaded: true, collections, documents }, true);
      noteNearDuplicates().catch(() => {});
    } catch (error) {
      store.setState({ isLoaded: true, error: toWire(toAppError(error)) });
    }
  }

  async function readFew(ids: readonly string[]): Promise<void> {
    const fresh = await Promise.all(ids.map((id) => repository.document(id)));
    const byId = new Map(ids.map((id, i) => [id, fresh[i]] as const));
    const kept = store.getState().documents.flatMap((old) => {
      if (!byId.has(old.id)) return [old];
      const next = byId.get(old.id);
      byId.delete(old.id);
      return next ? [next] : [];
    });
    const added = [...byId.values()].filter((document) => document !== undefined);
    const documents = [...added, ...kept].sort((a, b) => b.addedAt - a.addedAt || (a.id < b.id ? -1 : 1));
    store.setState({ documents });
    noteNearDuplicates().catch(() => {});
  }

  function refresh(): void {
    timer = undefined;
    const ids = [...changed];
    const isFew = !mustReadAll && ids.length <= FEW;
    changed.clear();
    mustReadAll = false;
    void (isFew ? readFew(ids).catch(readAll) : readAll());
  }

  function readJobs(): void {
    const isOpen = (state: string): boolean => state !== 'done' && state !== 'cancelled';
    const mine = jobs
      .jobs()
      .filter(({ kind, state }) => /^(?:ingest|transcribe)$/.test(kind) && isOpen(state));
    const progress = mine.find(({ state }) => state === 'running')?.progress;
    if (progress) meter.note(progress, now());
    const remainingMs = progress ? meter.remainingMs() : undefined;
    const { remainingMs: _, ...rest } = store.getState();
    store.setState({ ...rest, jobs: mine, ...(remainingMs === undefined ? {} : { remainingMs }) }, true);
  }

  const stopChanges = repositories.changes.subscribe(({ store: name, ids }) => {
    if (name !== 'documents' && name !== 'collections') return;
    if (name === 'collections' || ids.length === 0) mustReadAll = true;
    for (const id of ids) changed.add(id);
    timer ??= setTimeout(refresh, REFRESH_MS);
  });
  const stopJobs = jobs.subscribe(readJobs);
  void Promise.resolve(deps.after).then(readAll);
  readJobs();

  return {
    readAll,
    dispose(): void {
      stopChanges();
      stopJobs();
      clearTimeout(timer);
    },
  };
}
