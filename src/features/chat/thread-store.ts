import { createThread } from '#core/chat/index.ts';
import type { MessageRecord, ThreadRecord } from '#core/ports/chat-records.ts';
import { createId } from '#shared/ids.ts';
import type { ChatDependencies, ChatState, ChatStore } from './chat-state.ts';

const DRAFT_SAVE_MS = 400;
/** A deleted thread whose toast is gone with its tab is purged at the next start. */
const UNDO_MS = 30_000;

/** Reads threads and messages into the store and keeps them in step with other tabs. */
export function createThreadStore(deps: ChatDependencies, store: ChatStore) {
  const { repositories, now = Date.now } = deps;
  let draftTimer: ReturnType<typeof setTimeout> | undefined;
  let pendingDraft: { readonly id: string; readonly draft: string } | undefined;

  async function reloadThreads(): Promise<void> {
    const threads = await repositories.threads.list();
    const { active } = store.getState();
    const fresh = active && threads.find(({ id }) => id === active.id);
    store.setState({
      threads,
      isLoaded: true,
      ...(fresh && active ? { active: { ...fresh, draft: active.draft } } : {}),
    });
  }

  async function reloadMessages(): Promise<void> {
    const { active } = store.getState();
    if (active === undefined) return;
    const messages = await repositories.threads.messages(active.id);
    if (store.getState().active?.id === active.id) store.setState({ messages });
  }

  const reloadCollections = async (): Promise<void> =>
    store.setState({ collections: await repositories.library.collections() });

  async function saveDraft(): Promise<void> {
    clearTimeout(draftTimer);
    const pending = pendingDraft;
    pendingDraft = undefined;
    if (pending === undefined) return;
    const { active } = store.getState();
    const stored = await repositories.threads.update(pending.id, (thread) => ({
      ...thread,
      draft: pending.draft,
    }));
    // A new thread is stored with its first letters, so that a reload loses none of them.
    if (!stored && active?.id === pending.id && pending.draft.trim() !== '')
      await repositories.threads.save({ thread: { ...active, draft: pending.draft } });
  }

  const unsubscribe = repositories.changes.subscribe(({ store: changed, ids }) => {
    if (changed === 'threads') void reloadThreads();
    if (changed === 'collections') void reloadCollections();
    const { active } = store.getState();
    if (changed === 'messages' && active && ids.includes(active.id)) void reloadMessages();
  });

  return {
    reloadThreads,
    reloadMessages,
    saveDraft,
    async start(): Promise<void> {
      const all = await repositories.threads.list({ includeDeleted: true });
      for (const { id, deletedAt } of all)
        if (deletedAt !== undefined && now() - deletedAt > UNDO_MS) await repositories.threads.purge(id);
      await Promise.all([reloadThreads(), reloadCollections()]);
    },
    /** Opens a stored thread, or a new one for undefined or an id that is not there. */
    async open(id: string | undefined): Promise<void> {
      await saveDraft();
      const { active } = store.getState();
      if (id !== undefined && active?.id === id) return;
      const stored = id === undefined ? undefined : await repositories.threads.get(id);
      const found = stored && stored.deletedAt === undefined ? stored : undefined;
      const messages = found ? await repositories.threads.messages(found.id) : [];
      const fresh = found ?? inheriting(createThread(createId(), now()), store.getState());
      store.setState({ active: fresh, messages, context: undefined });
    },
    setDraft(draft: string): void {
      const { active } = store.getState();
      if (active === undefined) return;
      store.setState({ active: { ...active, draft } });
      pendingDraft = { id: active.id, draft };
      clearTimeout(draftTimer);
      draftTimer = setTimeout(() => void saveDraft(), DRAFT_SAVE_MS);
    },
    /** Changes the open thread or a listed one; an unsaved thread is changed in memory only. */
    async change(id: string, change: (thread: ThreadRecord) => ThreadRecord): Promise<void> {
      const { active } = store.getState();
      if (active?.id === id) store.setState({ active: change(active) });
      await repositories.threads.update(id, change);
    },
    async save(thread: ThreadRecord, messages: readonly MessageRecord[]): Promise<void> {
      clearTimeout(draftTimer);
      pendingDraft = undefined;
      await repositories.threads.save({ thread, messages });
      await reloadThreads();
      store.setState({ active: thread });
      await reloadMessages();
    },
    dispose(): void {
      clearTimeout(draftTimer);
      unsubscribe();
    },
  };
}

/** A new chat goes on with the sampling, the documents and the model of the last one. */
function inheriting(thread: ThreadRecord, { threads }: ChatState): ThreadRecord {
  const last = threads[0];
  if (last === undefined) return thread;
  const { sampling, collectionIds } = last;
  return { ...thread, sampling, collectionIds };
}

export type ThreadStore = ReturnType<typeof createThreadStore>;
