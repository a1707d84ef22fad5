import type { EvalDataset, EvalDocument } from '#core/evals/index.ts';
import type { IngestInput } from '#core/ports/library.ts';
import { corpusCollectionId, type DocumentRecord } from '#core/ports/library-records.ts';
import type { ModelSpec } from '#core/ports/model.ts';
import { createRemoval } from '#features/rag/index.ts';
import type { CallOptions } from '#shared/call.ts';
import { AppError, fromWire } from '#shared/errors.ts';
import { documents } from './counted.ts';
import type { EvalsDependencies, StoredCorpus } from './evals-state.ts';
import { createUndoOffer } from './undo-offer.ts';

/** Files hashed and stored in one call: enough to keep the worker busy, few enough for a bar that moves. */
const FILES_PER_CALL = 64;

/** Lines that a Markdown reader takes for headings or fences. */
const MARKDOWN_STRUCTURE = /^ {0,3}(?:#{1,6}(?:\s|$)|```|~~~|=+\s*$|-+\s*$)/m;

/**
 * A document of the set as a file that the library reads like any other. With a title it is Markdown, so that the title
 * stands above every passage as a heading does; where the text itself would be taken for headings, and without a title,
 * it is plain text. The name is the id.
 */
export function fileOf({ id, title, text }: EvalDocument): File {
  const name = id.replace(/[\\/:*?"<>|]/g, '_');
  const heading = title.replace(/\s+/g, ' ').trim();
  if (heading === '') return new File([text], `${name}.txt`, { type: 'text/plain' });
  if (MARKDOWN_STRUCTURE.test(text))
    return new File([`${heading}\n\n${text}`], `${name}.txt`, { type: 'text/plain' });
  return new File([`# ${heading}\n\n${text}`], `${name}.md`, { type: 'text/markdown' });
}

function hex(bytes: ArrayBuffer): string {
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** SHA-256, as the library names a document. */
async function hashOf(file: Blob): Promise<string> {
  return hex(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()));
}

/** The collection belongs to the contents: the same corpus is not taken in twice, a changed one has a place of its own. */
async function collectionIdOf(hashes: readonly string[]): Promise<string> {
  return corpusCollectionId((await hashOf(new Blob([[...hashes].sort().join('\n')]))).slice(0, 24));
}

type CorpusPhase = 'adding' | 'indexing';

export interface IntakeOptions extends CallOptions {
  readonly onPhase?: (phase: CorpusPhase) => void;
}

/** Takes a corpus into the library the way every document goes: stored, parsed, cut, embedded, indexed, in one job. */
export function createCorpusIntake(deps: EvalsDependencies) {
  const { repositories, library, jobs, now = Date.now } = deps;
  const removal = createRemoval(repositories.library, library);
  const offerUndo = createUndoOffer(deps.notify);

  async function add(
    dataset: EvalDataset,
    collectionId: string,
    files: readonly File[],
    { signal, onProgress }: CallOptions,
  ): Promise<void> {
    const known = (await repositories.library.collections()).some(({ id }) => id === collectionId);
    if (!known)
      await repositories.library.saveCollection({
        id: collectionId,
        name: `Evaluation: ${dataset.name}`,
        createdAt: now(),
      });
    for (let at = 0; at < files.length; at += FILES_PER_CALL) {
      const part = files.slice(at, at + FILES_PER_CALL);
      await library.addFiles({ files: part, collectionId }, signal ? { signal } : {});
      onProgress?.({
        phase: 'process',
        done: Math.min(files.length, at + FILES_PER_CALL),
        total: files.length,
        unit: 'items',
        label: dataset.name,
      });
    }
  }

  /** Runs the ingest as a job, which the tray shows and a crash does not end. */
  async function index(
    dataset: EvalDataset,
    input: IngestInput,
    { signal, onProgress }: CallOptions,
  ): Promise<void> {
    const label = `${input.isAgain ? 'Re-indexing' : 'Indexing'} ${dataset.name}`;
    const id = await jobs.start('ingest', label, input);
    const report = (): void => {
      const progress = jobs.jobs().find((job) => job.id === id)?.progress;
      if (progress) onProgress?.(progress);
    };
    const cancel = (): void => void jobs.cancel(id);
    const unsubscribe = jobs.subscribe(report);
    signal?.addEventListener('abort', cancel, { once: true });
    if (signal?.aborted) cancel();
    try {
      const { state, error } = await jobs.ended(id);
      if (state === 'cancelled') throw new AppError('abort/by-user', 'Cancelled');
      if (state === 'failed')
        throw error
          ? fromWire(error)
          : new AppError('job/interrupted', 'Indexing stopped without saying why. Start it again.');
    } finally {
      unsubscribe();
      signal?.removeEventListener('abort', cancel);
    }
  }

  /** The documents of the set; the user may have put others beside them. */
  async function own(collectionId: string, idsOf: StoredCorpus['idsOf']): Promise<readonly DocumentRecord[]> {
    return (await repositories.library.documents(collectionId)).filter(({ id }) => idsOf.has(id));
  }

  /** Only what is not searchable yet, so that a job which is discarded takes nothing away that was ready before it. */
  async function indexMissing(
    dataset: EvalDataset,
    collectionId: string,
    idsOf: StoredCorpus['idsOf'],
    embedder: ModelSpec,
    options: CallOptions,
  ): Promise<void> {
    const waiting = (await own(collectionId, idsOf)).filter(({ status }) => status !== 'ready');
    if (waiting.length > 0)
      await index(dataset, { documentIds: waiting.map(({ id }) => id), embedder }, options);
    const { documentIds } = await library.stale({ embedder });
    const stale = documentIds.filter((id) => idsOf.has(id));
    if (stale.length > 0) await index(dataset, { documentIds: stale, embedder, isAgain: true }, options);
  }

  return {
    /** Resolves when every document that can be read is searchable. What is there already is not done again. */
    async take(
      dataset: EvalDataset,
      embedder: ModelSpec,
      { onPhase, ...options }: IntakeOptions,
    ): Promise<StoredCorpus> {
      onPhase?.('adding');
      const files = dataset.documents.map(fileOf);
      const idsOf = new Map<string, string[]>();
      for (const [i, file] of files.entries()) {
        const hash = await hashOf(file);
        idsOf.set(hash, [...(idsOf.get(hash) ?? []), dataset.documents[i]?.id ?? '']);
      }
      const collectionId = await collectionIdOf([...idsOf.keys()]);
      await add(dataset, collectionId, files, options);
      onPhase?.('indexing');
      await indexMissing(dataset, collectionId, idsOf, embedder, options);
      const indexed = await own(collectionId, idsOf);
      const ready = new Map(
        indexed.filter(({ status }) => status === 'ready').map((each) => [each.id, each]),
      );
      const unread = [...idsOf].flatMap(([hash, ids]) => (ready.has(hash) ? [] : ids));
      return {
        collectionId,
        idsOf,
        documents: indexed.length,
        chunks: [...ready.values()].reduce((sum, { chunkCount = 0 }) => sum + chunkCount, 0),
        chunkerVersion: indexed.find(({ chunkerVersion }) => chunkerVersion !== undefined)?.chunkerVersion,
        unread,
      };
    },

    /** Takes the documents of the set out of the library, and no other: what the user has put beside them stays. */
    async remove({ collectionId, idsOf }: StoredCorpus, name: string): Promise<void> {
      const collection = (await repositories.library.collections()).find(({ id }) => id === collectionId);
      if (collection === undefined) return;
      const { removed, shared, left, restore } = await removal.part(collection, idsOf.keys());
      const said = [
        `Removed ${documents(removed)} of “${name}” from the library.`,
        ...(shared > 0
          ? [`${documents(shared)} ${shared === 1 ? 'stays' : 'stay'} in other collections.`]
          : []),
        ...(left > 0
          ? [`${documents(left)} of your own ${left === 1 ? 'stays' : 'stay'} in “${collection.name}”.`]
          : []),
      ];
      offerUndo(said.join(' '), restore);
    },
  };
}
