import { createRoot } from 'react-dom/client';
import { sha256Of } from '#adapters/hash-stream/index.ts';
import { createExactIndex } from '#adapters/index-scan/index.ts';
import { createBm25Index } from '#adapters/lexical-bm25/index.ts';
import { createParsers } from '#adapters/parsers/index.ts';
import { openRepositories } from '#adapters/storage-idb/index.ts';
import { createWebLocks } from '#adapters/web-locks/index.ts';
import { createJobRunner } from '#core/jobs/index.ts';
import { createHashedEmbedder, HASHED, hashedTokenizer } from '#core/rag/hashed-embedder.test-support.ts';
import { createLibrary } from '#core/rag/index.ts';
import { createOverlapReranker } from '#core/rag/overlap-reranker.test-support.ts';
import '#ui/base.css';
import { createEvalsController, type EvalsController, EvalsScreen } from './index.ts';

/** Evaluation over the real library: its database, parsers, chunker, indexes and jobs; only the embedder is a small one. */
export async function makeEvals(
  options: { readonly hasEmbedder?: boolean; readonly wording?: string; readonly draftFails?: boolean } = {},
) {
  const name = `evals-test-${crypto.randomUUID()}`;
  const repositories = await openRepositories({ name });
  const locks = createWebLocks(name);
  const jobs = createJobRunner({ repository: repositories.jobs, changes: repositories.changes, locks });
  const embedder = createHashedEmbedder();
  const library = createLibrary({
    repositories,
    parsers: createParsers(),
    embedder,
    reranker: createOverlapReranker(),
    loadTokenizer: async () => hashedTokenizer,
    placement: async () => ({ device: 'cpu', threads: 1 }),
    createVectorIndex: createExactIndex,
    createLexicalIndex: createBm25Index,
    locks,
    sha256: sha256Of,
    now: Date.now,
  });
  jobs.register('ingest', async (job, { signal, onProgress }) => {
    await library.ingest({ jobId: job.id }, { signal, onProgress });
  });
  let hasEmbedder = options.hasEmbedder ?? true;
  const listeners = new Set<() => void>();
  const asked: string[] = [];
  const downloads = new Map<string, string>();
  const notes: { readonly message: string; readonly undo: (() => void) | undefined }[] = [];
  const makeController = () =>
    createEvalsController({
      repositories,
      library,
      jobs,
      embedder: async () => (hasEmbedder ? HASHED : undefined),
      onModels: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      reranker: async () => ({ ...HASHED, id: 'overlap', task: 'rerank' }),
      draftQuestion: async (passage) =>
        options.draftFails ? undefined : `What about ${passage.split(' ').slice(-2).join(' ')}?`,
      wordings: async (question, kind) => {
        asked.push(`${kind}: ${question}`);
        const text = options.wording ?? question;
        return { also: [{ text, kind: kind === 'hypothetical' ? 'passage' : 'query' }], modelId: 'writer' };
      },
      notify: (message, undo) => notes.push({ message, undo: undo?.onSelect }),
      download: (file, text) => downloads.set(file, text),
    });
  const controller = makeController();
  return {
    repositories,
    library,
    jobs,
    embedder,
    /** As after a reload: the same storage, nothing in memory. */
    makeController,
    /** What the chat model was asked to write. */
    asked,
    controller,
    downloads,
    /** As when the shelf is read, or a download ends. */
    giveEmbedder: () => {
      hasEmbedder = true;
      for (const listener of listeners) listener();
    },
    /** What was said at the foot of the page. */
    notes,
    dispose: async () => {
      controller.dispose();
      await Promise.all(jobs.jobs().map(({ id }) => jobs.ended(id)));
      jobs.dispose();
      repositories.close();
      indexedDB.deleteDatabase(name);
    },
  };
}

export type TestEvals = Awaited<ReturnType<typeof makeEvals>>;

/** A folder as the browser's directory picker gives it. */
export function folder(name: string, files: Readonly<Record<string, string>>): readonly File[] {
  return Object.entries(files).map(([path, text]) => {
    const file = new File([text], path.split('/').at(-1) ?? path);
    Object.defineProperty(file, 'webkitRelativePath', { value: `${name}/${path}` });
    return file;
  });
}

/** Puts the screen into the page; returns what takes it away. */
export function showEvals(controller: EvalsController): () => void {
  const container = document.createElement('div');
  container.style.height = '100vh';
  document.body.append(container);
  const root = createRoot(container);
  root.render(<EvalsScreen controller={controller} onGetEmbedder={() => {}} />);
  return () => {
    root.unmount();
    container.remove();
  };
}
