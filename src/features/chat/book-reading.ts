import { loadBook } from '#core/chat/index.ts';
import type { ThreadRecord } from '#core/ports/chat-records.ts';
import type { DocumentRecord } from '#core/ports/library-records.ts';
import { isAbort, toAppError } from '#shared/errors.ts';
import type { BookState, ChatDependencies, ChatState, ChatStore } from './chat-state.ts';

const DEBOUNCE_MS = 350;

/** What the reading depends on: when it is another, what was read is of no use. */
function wishOf({ active, engine }: ChatState): string | undefined {
  if (active?.bookId === undefined) return undefined;
  const at = engine.status === 'ready' ? `${engine.model.id} ${engine.loaded.contextTokens}` : engine.status;
  return JSON.stringify([active.id, active.bookId, active.systemPrompt, at]);
}

/**
 * Keeps `book` in the store, and has the loaded model read the document of the open thread ahead of the first question. A
 * reading that is stopped is not begun again by itself: the next question reads what is missing.
 */
export function createBookReading({ engineRoom, repositories }: ChatDependencies, store: ChatStore) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let current: AbortController | undefined;
  let wish: string | undefined;
  let loaded: unknown;

  const show = (book: BookState | undefined): void => store.setState({ book });

  async function read(signal: AbortSignal): Promise<void> {
    const { active, engine } = store.getState();
    if (active?.bookId === undefined) return;
    const { openBook, readBook } = await loadBook();
    const book = await openBook(repositories.library, active.bookId);
    if (signal.aborted) return;
    const known = { documentId: book.documentId, name: book.name };
    // A server would be sent the document before anyone asked; an answer that is under way reads it itself.
    const isAnswering = store.getState().running[active.id] !== undefined;
    if (engine.status !== 'ready' || engine.loaded.runsOn === 'remote' || isAnswering)
      return show({ ...known, status: 'waiting' });
    const { model, loaded: place } = engine;
    const ready = { model, loaded: place };
    try {
      const { documentTokens, usage } = await readBook(
        { engine: engineRoom.engine, ready, thread: active, book },
        {
          signal,
          onProgress: ({ done, total }) => {
            if (signal.aborted) return;
            show({ ...known, status: 'reading', doneTokens: done, ...(total ? { totalTokens: total } : {}) });
          },
        },
      );
      if (signal.aborted) return;
      const tokens = { doneTokens: documentTokens, totalTokens: documentTokens };
      show({ ...known, status: 'read', ...tokens, cachedTokens: usage.cachedTokens });
    } catch (error) {
      if (signal.aborted) return;
      if (isAbort(error)) show({ ...known, status: 'stopped' });
      else show({ ...known, status: 'refused', message: toAppError(error).message });
    }
  }

  function begin(): void {
    current?.abort();
    current = new AbortController();
    const { signal } = current;
    read(signal).catch((error: unknown) => {
      const { active } = store.getState();
      if (signal.aborted || active?.bookId === undefined) return;
      const { message } = toAppError(error);
      show({ documentId: active.bookId, name: 'Document', status: 'refused', message });
    });
  }

  function follow(state: ChatState): void {
    const next = wishOf(state);
    const place = state.engine.status === 'ready' ? state.engine.loaded : undefined;
    if (next === wish && place === loaded) return;
    const isOther = state.book !== undefined && state.book.documentId !== state.active?.bookId;
    wish = next;
    loaded = place;
    clearTimeout(timer);
    current?.abort();
    if (isOther) show(undefined);
    if (next !== undefined) timer = setTimeout(begin, DEBOUNCE_MS);
  }

  const unsubscribe = store.subscribe(follow);
  follow(store.getState());
  return {
    stop(): void {
      const { book } = store.getState();
      current?.abort();
      if (book?.status === 'reading') show({ ...book, status: 'stopped' });
    },
    dispose(): void {
      clearTimeout(timer);
      current?.abort();
      unsubscribe();
    },
  };
}

/** Documents that can be asked about as a whole. */
export async function wholeDocuments({ repositories }: ChatDependencies): Promise<readonly DocumentRecord[]> {
  const documents = await repositories.library.documents();
  return documents
    .filter(({ status, chunkCount }) => status === 'ready' && (chunkCount ?? 0) > 0)
    .sort((a, b) => a.name.localeCompare(b.name));
}

/**
 * The name of a document that can be asked about as a whole. Rejects with what is in the way: with a model loaded, also
 * when it is too long for the model's context.
 */
export async function checkWhole(
  { engineRoom, repositories }: ChatDependencies,
  thread: ThreadRecord,
  documentId: string,
): Promise<string> {
  const { fitBook, openBook } = await loadBook();
  const book = await openBook(repositories.library, documentId);
  const state = engineRoom.state();
  // Without a model nobody knows yet: it is counted as soon as one is loaded.
  if (state.status === 'ready') {
    const { model, loaded } = state;
    await fitBook({ engine: engineRoom.engine, ready: { model, loaded }, thread, book });
  }
  return book.name;
}
