import { createStore } from 'zustand/vanilla';
import type { DocumentLink, TextBox } from '#core/ports/document-parser.ts';
import type { IngestInput } from '#core/ports/library.ts';
import type { ChunkRecord, DocumentRecord } from '#core/ports/library-records.ts';
import type { OpenPages } from '#core/ports/page-renderer.ts';
import { AppError, toAppError } from '#shared/errors.ts';
import type { Folders } from './folders/create-folders.ts';
import { createLaterRemoval } from './later-removal.ts';
import { createLibraryFeed } from './library-feed.ts';
import { createLibraryInside } from './library-inside.ts';
import { createLibraryIntake } from './library-intake.ts';
import { createLibrarySearch } from './library-search.ts';
import {
  type DocumentTarget,
  initialState,
  type LibraryDependencies,
  type LibraryState,
  type SearchMode,
  type ShownRejection,
  type Span,
} from './library-state.ts';
import type { TextWindow } from './read-document.ts';

export type LibraryController = ReturnType<typeof createLibraryController>;

/** Everything the library screen can do. Ports in, a store out; knows nothing of React. */
export function createLibraryController(deps: LibraryDependencies) {
  const { repositories, library, jobs, notify } = deps;
  const repository = repositories.library;
  const store = createStore<LibraryState>(() => initialState);
  const intake = createLibraryIntake(deps, store);
  const feed = createLibraryFeed(deps, store);
  const searching = createLibrarySearch(deps, store);
  const removal = createLaterRemoval(repository, library);
  const reading = () => import('./read-document.ts');
  void intake.noteEmbedder();
  let folders: Promise<Folders> | undefined;

  function offerUndo(message: string, restore: () => Promise<void>): void {
    let back: (() => Promise<void>) | undefined = restore;
    notify(message, {
      label: 'Undo',
      onSelect: () => {
        back?.().catch((error: unknown) => notify(`Could not be restored: ${toAppError(error).message}`));
        back = undefined;
      },
      onGone: () => {
        back = undefined; // the copy held in memory goes with it
      },
    });
  }

  async function original(documentId: string): Promise<Blob> {
    const blob = await repository.blob(`original:${documentId}`);
    if (blob) return blob;
    throw new AppError('storage/corrupt', 'The original of this document is missing. Add it again.');
  }

  return {
    store,
    ...intake,
    reload: feed.readAll,

    /** The folders that are remembered; fetched when the screen is, because the page starts without them. */
    folders(): Promise<Folders> {
      folders ??= import('./folders/create-folders.ts').then(({ createFolders }) =>
        createFolders({
          deps,
          store,
          takeFiles: intake.takeFiles,
          targetCollection: intake.targetCollection,
          removal,
          offerUndo,
        }),
      );
      folders.catch(() => {
        folders = undefined; // a part of the page that cannot be fetched is asked for again
      });
      return folders;
    },

    /** Reading text in pictures; fetched when somebody asks for it. */
    recognition: async () =>
      (await import('./recognition/create-recognition.ts')).createRecognition(deps, store, intake),

    /** Text or a table from the clipboard becomes a document. */
    async addPasted(file: File): Promise<void> {
      const added = await intake.takeFiles([file]);
      const [id] = added?.documentIds ?? [];
      if (id !== undefined) offerUndo(`Added “${file.name}”.`, async () => void (await removal.document(id)));
    },

    pauseJob: (id: string): Promise<void> => jobs.pause(id),
    resumeJob: (id: string): Promise<void> => jobs.resume(id),
    stopJob: (id: string): Promise<void> => jobs.cancel(id),
    dismissJob: (id: string): Promise<void> => jobs.dismiss(id),

    /** Stops a job and takes out what it has indexed; the files stay and wait. */
    async discardJob(id: string): Promise<void> {
      const job = jobs.jobs().find((other) => other.id === id);
      await jobs.cancel(id);
      if (job === undefined) return;
      const { count, restore } = await removal.indexed(job);
      await feed.readAll();
      if ((job.input as Partial<IngestInput>).isAgain)
        return void notify(
          'Stopped. Documents that were read again keep their new reading, the others answer as before.',
        );
      const what = `Discarded what was indexed of ${count} ${count === 1 ? 'document' : 'documents'}.`;
      if (restore) offerUndo(what, restore);
      else if (count > 0) notify(`${what} It is too much to be kept for undo: index them again.`);
    },

    /** The user wants both of two documents that are nearly the same. */
    async keepBoth(id: string, otherId: string): Promise<void> {
      const keep = (isKept: boolean): Promise<void> =>
        repository.commit({
          updates: [
            {
              id,
              change: ({ keptBeside = [], ...stored }) => {
                const others = keptBeside.filter((other) => other !== otherId);
                return { ...stored, keptBeside: isKept ? [...others, otherId] : others };
              },
            },
          ],
        });
      await keep(true);
      offerUndo('Both documents are kept.', () => keep(false));
    },

    dismissRejected(file: ShownRejection): void {
      store.setState({ rejected: store.getState().rejected.filter((other) => other !== file) });
    },
    dismissAddError(): void {
      const { addError: _, ...rest } = store.getState();
      store.setState(rest, true);
    },

    selectCollection(collectionId: string | null): void {
      store.setState({ collectionId });
      const { query, mode, status } = store.getState().search;
      if (status !== 'idle') void searching.run(query, mode);
    },

    async renameCollection(id: string, name: string): Promise<void> {
      const collection = store.getState().collections.find((other) => other.id === id);
      const trimmed = name.trim();
      if (!collection || trimmed === '' || trimmed === collection.name) return;
      const renamed = { ...collection, name: trimmed };
      await repository.saveCollection(renamed);
      store.setState({
        collections: store.getState().collections.map((other) => (other.id === id ? renamed : other)),
      });
    },

    async removeCollection(id: string): Promise<void> {
      const collection = store.getState().collections.find((other) => other.id === id);
      if (!collection) return;
      const restore = await removal.collection(collection);
      if (store.getState().collectionId === id) store.setState({ collectionId: null });
      await feed.readAll();
      offerUndo(`Deleted the collection “${collection.name}”.`, restore);
    },

    async removeDocument(id: string): Promise<void> {
      const { documents, target } = store.getState();
      const name = documents.find((document) => document.id === id)?.name ?? 'document';
      const restore = await removal.document(id);
      store.setState({
        documents: store.getState().documents.filter((document) => document.id !== id),
        ...(target?.documentId === id ? { target: undefined } : {}),
      });
      if (restore) offerUndo(`Deleted ${name}.`, restore);
    },

    search: (query: string): Promise<void> => searching.run(query, store.getState().search.mode),
    setSearchMode: (mode: SearchMode): Promise<void> => searching.run(store.getState().search.query, mode),
    countPassages: searching.countPassages,
    focusSearch(): void {
      store.setState({ searchFocusCount: store.getState().searchFocusCount + 1 });
    },

    open(target: DocumentTarget): void {
      store.setState({ target });
    },
    close(): void {
      store.setState({ target: undefined });
    },

    ...createLibraryInside(deps, store),

    document: async (id: string): Promise<DocumentRecord> =>
      (await reading()).requireDocument(repository, id),
    chunk: (documentId: string, ordinal: number): Promise<ChunkRecord | undefined> =>
      repository.chunk(documentId, ordinal),
    boxes: async (documentId: string, span: Span): Promise<readonly TextBox[]> =>
      (await reading()).readBoxes(repository, documentId, span),
    async text(documentId: string, near: number): Promise<TextWindow> {
      const { readText, requireDocument } = await reading();
      return readText(repository, await requireDocument(repository, documentId), near);
    },

    links: async (documentId: string): Promise<readonly DocumentLink[]> =>
      (await reading()).readLinks(repository, documentId),
    original,

    /** Opens the original for painting; the caller closes it. */
    openPages: async (documentId: string, signal?: AbortSignal): Promise<OpenPages> =>
      deps.pages.open(await original(documentId), signal ? { signal } : {}),

    dispose(): void {
      void folders?.then((each) => each.dispose());
      feed.dispose();
      searching.dispose();
    },
  };
}
