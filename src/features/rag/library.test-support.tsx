import { createPdfPageRenderer } from '#adapters/page-renderer-pdf/index.ts';
import { openRepositories } from '#adapters/storage-idb/index.ts';
import { createWebLocks } from '#adapters/web-locks/index.ts';
import { createJobRunner } from '#core/jobs/index.ts';
import type { ModelSpec } from '#core/ports/model.ts';
import { until } from '#shared/until.test-support.ts';
import { mountScreen } from '#ui/mount.test-support.tsx';
import { toast } from '#ui/toast.tsx';
import type { FolderAccess } from './folders/folder-access.ts';
import { createLibraryController, LibraryScreen, type LibraryScreenProps } from './index.ts';
import { createReferenceLibrary } from './reference-library.test-support.ts';

const EMBEDDER: ModelSpec = {
  id: 'reference',
  task: 'embed-text',
  engine: 'transformers',
  label: 'Reference',
  licence: 'mit',
  contextTokens: 512,
  languages: ['en'],
  needs: { gpu: 'none', shaderF16: false, memoryBytes: 0 },
  files: [],
  sources: [],
  quantization: 'none',
  summary: '',
};

/** A library over a real database of its own, real parsers, real jobs and a real page renderer. */
export async function makeLibrary(
  options: { readonly hasEmbedder?: boolean; readonly folderAccess?: FolderAccess } = {},
) {
  const repositories = await openRepositories({ name: `library-test-${crypto.randomUUID()}` });
  const jobs = createJobRunner({
    repository: repositories.jobs,
    changes: repositories.changes,
    locks: createWebLocks(),
  });
  const notes: string[] = [];
  let undo: (() => void) | undefined;
  let hasEmbedder = options.hasEmbedder ?? true;
  const controller = createLibraryController({
    repositories,
    library: createReferenceLibrary(repositories),
    jobs,
    pages: createPdfPageRenderer(),
    embedder: async () => (hasEmbedder ? EMBEDDER : undefined),
    ...(options.folderAccess ? { folderAccess: options.folderAccess } : {}),
    notify: (message, action) => {
      notes.push(message);
      undo = action?.onSelect;
      toast({ message, ...(action ? { action } : {}) });
    },
  });
  return {
    repositories,
    jobs,
    controller,
    notes,
    undo: () => undo?.(),
    giveEmbedder: () => {
      hasEmbedder = true;
    },
    dispose: async () => {
      controller.dispose();
      // A database that closes under a running job is another test's subject.
      await until(() => jobs.jobs().every(({ state }) => state !== 'running' && state !== 'queued'));
      await new Promise((resolve) => setTimeout(resolve, 50));
      jobs.dispose();
      repositories.close();
    },
  };
}

export type TestLibrary = Awaited<ReturnType<typeof makeLibrary>>;

/** Puts the screen into the page; returns what takes it away. */
export const showScreen = (props: LibraryScreenProps): (() => void) =>
  mountScreen(<LibraryScreen {...props} />).hide;
