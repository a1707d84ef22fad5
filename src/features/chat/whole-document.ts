import { createThread } from '#core/chat/index.ts';
import type { DocumentRecord } from '#core/ports/library-records.ts';
import { createId } from '#shared/ids.ts';
import type { ChatDependencies, ChatStore } from './chat-state.ts';
import type { ThreadStore } from './thread-store.ts';

type Reading = ReturnType<typeof import('./book-reading.ts').createBookReading>;

/** Chats about one whole document. What it takes is fetched with the first of them. */
export function createWholeDocument(deps: ChatDependencies, store: ChatStore, threads: ThreadStore) {
  const { repositories, notify, now = Date.now } = deps;
  let reading: Promise<Reading> | undefined;
  const load = () => import('./book-reading.ts');

  function begin(): void {
    reading ??= load().then(({ createBookReading }) => createBookReading(deps, store));
    reading.catch(() => {
      reading = undefined; // could not be fetched: the question reads the document itself
    });
  }

  const unsubscribe = store.subscribe(({ active }) => {
    if (active?.bookId !== undefined) begin();
  });

  async function orSay<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      notify(error instanceof Error ? error.message : String(error));
      return undefined;
    }
  }

  return {
    documents: async (): Promise<readonly DocumentRecord[]> => (await load()).wholeDocuments(deps),
    /** The open thread is about this document from now on; refused with the figures when it does not fit. */
    async ask(documentId: string): Promise<void> {
      const { active } = store.getState();
      if (!active) return;
      await orSay(async () => {
        await (await load()).checkWhole(deps, active, documentId);
        await threads.change(active.id, ({ within: _, ...thread }) => ({ ...thread, bookId: documentId }));
      });
    },
    /** A new chat about this document; undefined when it does not fit: then that was said. */
    open: (documentId: string): Promise<string | undefined> =>
      orSay(async () => {
        const fresh = { ...createThread(createId(now()), now()), ...deps.newChat?.() };
        const name = await (await load()).checkWhole(deps, fresh, documentId);
        const thread = { ...fresh, title: `Whole: ${name}`, bookId: documentId };
        await repositories.threads.save({ thread });
        return thread.id;
      }),
    async leave(): Promise<void> {
      const { active } = store.getState();
      if (active) await threads.change(active.id, ({ bookId: _, ...thread }) => thread);
    },
    stopReading: (): void => void reading?.then((begun) => begun.stop()),
    dispose(): void {
      unsubscribe();
      void reading?.then((begun) => begun.dispose());
    },
  };
}
