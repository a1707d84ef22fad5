import { createRoot } from 'react-dom/client';
import { createPdfPageRenderer } from '#adapters/page-renderer-pdf/index.ts';
import { openRepositories } from '#adapters/storage-idb/index.ts';
import { createWebLocks } from '#adapters/web-locks/index.ts';
import { createJobRunner } from '#core/jobs/index.ts';
import type { ModelSpec } from '#core/ports/model.ts';
import '#ui/base.css';
import { Toaster, toast } from '#ui/toast.tsx';
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
export async function makeLibrary(options: { readonly hasEmbedder?: boolean } = {}) {
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
export function showScreen(props: LibraryScreenProps): () => void {
  const container = document.createElement('div');
  container.style.height = '100vh';
  document.body.append(container);
  const root = createRoot(container);
  root.render(
    <>
      <LibraryScreen {...props} />
      <Toaster />
    </>,
  );
  return () => {
    root.unmount();
    container.remove();
  };
}

/** Polls until the condition holds. */
export async function until<T>(
  check: () => T | undefined | false | Promise<T | undefined | false>,
): Promise<T> {
  for (let i = 0; i < 400; i++) {
    const value = await check();
    if (value !== undefined && value !== false) return value;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error('It did not happen in ten seconds');
}
