import { createThread } from '#core/chat/index.ts';
import type { Attachment, MessageRecord, ThreadRecord } from '#core/ports/chat-records.ts';
import { toAppError } from '#shared/errors.ts';
import { createId } from '#shared/ids.ts';
import type { ChatDependencies, ChatState, ChatStore } from './chat-state.ts';

const DRAFT_SAVE_MS = 400;
/** A deleted thread whose toast is gone with its tab is purged at the next start. */
const UNDO_MS = 30_000;

/** Reads threads and messages into the store and keeps them in step with other tabs. */
export function createThreadStore(deps: ChatDependencies, store: ChatStore) {
  const { repositories, notify, now = Date.now } = deps;
  let latestOpen = 0;
  let draftTimer: ReturnType<typeof setTimeout> | undefined;
  let pendingDraft: { readonly id: string; readonly draft: string } | undefined;

  /** Changes of this tab that are under way: until they are stored, the open thread is newer than its row. */
  let writes = 0;

  let latestWrite: Promise<unknown> = Promise.resolve();
  /** What looks at a row first and then writes it, one after the other: two at once would each store what they saw. */
  function inTurn<T>(write: () => Promise<T>): Promise<T> {
    const turn = latestWrite.then(write);
    latestWrite = turn.catch(() => undefined);
    return turn;
  }

  /** Changes a thread where it is stored; one that is not yet is stored as it is shown, with the change. */
  const put = (
    thread: ThreadRecord,
    change: (thread: ThreadRecord) => ThreadRecord,
    attachments: readonly Attachment[] = [],
  ): Promise<void> =>
    inTurn(async () => {
      if (await repositories.threads.update(thread.id, change, attachments)) return;
      const { active } = store.getState();
      const shown = active?.id === thread.id ? active : thread;
      await repositories.threads.save({ thread: change(shown), attachments });
    });

  async function reloadThreads(): Promise<void> {
    const threads = await repositories.threads.list();
    const { active, threads: before } = store.getState();
    const fresh = active && threads.find(({ id }) => id === active.id);
    const isNewer = fresh !== undefined && writes === 0;
    store.setState({
      threads,
      isLoaded: true,
      ...(isNewer && active ? { active: { ...fresh, draft: active.draft } } : {}),
    });
    if (active && !fresh && before.some(({ id }) => id === active.id)) await leaveDeleted(active.id);
  }

  async function leaveDeleted(id: string): Promise<void> {
    const stored = await repositories.threads.get(id);
    if (store.getState().active?.id !== id || (stored && stored.deletedAt === undefined)) return;
    pendingDraft = undefined;
    await open(undefined);
    notify('This chat was deleted in another tab.');
  }

  async function reloadMessages(): Promise<void> {
    const { active } = store.getState();
    if (active === undefined) return;
    const messages = await repositories.threads.messages(active.id);
    const { active: shown, messages: before } = store.getState();
    if (shown?.id === active.id) store.setState({ messages: keepSame(before, messages) });
  }

  const reloadCollections = async (): Promise<void> =>
    store.setState({ collections: await repositories.library.collections() });

  let hasSaid = false;
  /** Once: a full disk refuses every letter. */
  function sayOnce(error: unknown): void {
    if (!hasSaid) notify(`What you type is not kept over a reload: ${toAppError(error).message}`);
    hasSaid = true;
  }

  async function saveDraft(): Promise<void> {
    clearTimeout(draftTimer);
    const pending = pendingDraft;
    pendingDraft = undefined;
    if (pending === undefined) return;
    const { active } = store.getState();
    const withDraft = (thread: ThreadRecord): ThreadRecord => ({ ...thread, draft: pending.draft });
    // A new thread is stored with its first letters, so that a reload loses none of them.
    if (active?.id === pending.id && pending.draft.trim() !== '') await put(active, withDraft);
    else await repositories.threads.update(pending.id, withDraft);
  }

  /**
   * Opens a stored thread, or a new one for undefined or an id that is not there: one whose question was begun and never
   * sent goes on where it was left.
   */
  async function open(id: string | undefined): Promise<void> {
    await saveDraft();
    if (id !== undefined && store.getState().active?.id === id) return;
    latestOpen += 1;
    const wish = latestOpen;
    const stored = id === undefined ? undefined : await repositories.threads.get(id);
    const found = stored && stored.deletedAt === undefined ? stored : await begun();
    const messages = found ? await repositories.threads.messages(found.id) : [];
    if (wish !== latestOpen) return;
    const fresh =
      found ?? inheriting({ ...createThread(createId(), now()), ...deps.newChat?.() }, store.getState());
    store.setState({ active: fresh, messages, context: undefined, refusedPictures: [] });
  }

  async function begun(): Promise<ThreadRecord | undefined> {
    const isBegun = ({ activeLeafId, draft, draftImages = [], hasAutoTitle }: ThreadRecord): boolean =>
      activeLeafId === null && (draft.trim() !== '' || draftImages.length > 0) && hasAutoTitle;
    for (const thread of (await repositories.threads.list()).filter(isBegun))
      if ((await repositories.threads.messages(thread.id)).length === 0) return thread;
    return undefined;
  }

  const unsubscribe = repositories.changes.subscribe(({ store: changed, ids }) => {
    const { active } = store.getState();
    const isOpen = changed === 'messages' && active !== undefined && ids.includes(active.id);
    const work = [
      ...(changed === 'threads' ? [reloadThreads()] : []),
      ...(changed === 'collections' ? [reloadCollections()] : []),
      ...(isOpen ? [reloadMessages()] : []),
    ];
    // A closed database is told to the user by whoever opened it: here nothing can be read any more.
    Promise.all(work).catch(() => undefined);
  });

  return {
    reloadThreads,
    reloadMessages,
    saveDraft,
    put,
    async start(): Promise<void> {
      const all = await repositories.threads.list({ includeDeleted: true });
      for (const { id, deletedAt } of all)
        if (deletedAt !== undefined && now() - deletedAt > UNDO_MS) await repositories.threads.purge(id);
      await Promise.all([reloadThreads(), reloadCollections()]);
    },
    open,
    async close(): Promise<void> {
      await saveDraft();
      store.setState({ active: undefined, messages: [], context: undefined });
    },
    setDraft(draft: string): void {
      const { active } = store.getState();
      if (active === undefined) return;
      store.setState({ active: { ...active, draft } });
      pendingDraft = { id: active.id, draft };
      clearTimeout(draftTimer);
      draftTimer = setTimeout(() => void saveDraft().catch(sayOnce), DRAFT_SAVE_MS);
    },
    /** Changes the open thread or a listed one; an unsaved thread is changed in memory only. */
    async change(id: string, change: (thread: ThreadRecord) => ThreadRecord): Promise<void> {
      const { active } = store.getState();
      if (active?.id === id) store.setState({ active: change(active) });
      writes += 1;
      try {
        await repositories.threads.update(id, change);
      } catch (error) {
        notify(`This was not stored: ${toAppError(error).message}`);
      } finally {
        writes -= 1;
      }
      if (writes === 0) await reloadThreads().catch(sayOnce);
    },
    /** Stores new messages with what they change in their thread; what other tabs changed in it stays. */
    async save(
      thread: ThreadRecord,
      change: (thread: ThreadRecord) => ThreadRecord,
      messages: readonly MessageRecord[],
    ): Promise<void> {
      await saveDraft();
      const saved = await inTurn(async () => {
        const stored = (await repositories.threads.get(thread.id)) ?? thread;
        const changed = { ...change(stored), updatedAt: now() };
        await repositories.threads.save({ thread: changed, messages });
        return changed;
      });
      const { active } = store.getState();
      if (active?.id === thread.id) store.setState({ active: { ...saved, draft: active.draft } });
      await Promise.all([reloadThreads(), reloadMessages()]);
    },
    dispose(): void {
      clearTimeout(draftTimer);
      unsubscribe();
    },
  };
}

/** Rows that are as they were keep their identity: what is on the screen is not drawn again each second. */
function keepSame(
  before: readonly MessageRecord[],
  fresh: readonly MessageRecord[],
): readonly MessageRecord[] {
  const known = new Map(before.map((message) => [message.id, message]));
  return fresh.map((message) => {
    const old = known.get(message.id);
    return old && JSON.stringify(old) === JSON.stringify(message) ? old : message;
  });
}

/** A new chat begins with what the settings say, and answers from the documents of the last one. */
function inheriting(thread: ThreadRecord, { threads }: ChatState): ThreadRecord {
  const last = threads[0];
  if (last === undefined) return thread;
  return { ...thread, collectionIds: last.collectionIds };
}

export type ThreadStore = ReturnType<typeof createThreadStore>;
