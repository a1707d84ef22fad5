import type { DocumentParser } from '#core/ports/document-parser.ts';
import type { IndexReport, Library } from '#core/ports/library.ts';
import type { Locks } from '#core/ports/locks.ts';
import type { Repositories } from '#core/ports/repositories.ts';
import type { Unpacker } from '#core/ports/unpacker.ts';
import type { CallOptions } from '#shared/call.ts';
import { createAddFiles } from './add-files.ts';
import { createAligner } from './cite.ts';
import { createEmbedQuery } from './embed-query.ts';
import { createEmbeddingRoom, type EmbeddingRoomPorts } from './embedding-room.ts';
import { createIngest } from './ingest.ts';
import { createInsight } from './insight.ts';
import { measureIndex } from './measure-index.ts';
import { createPassageIndex, type PassageIndexPorts } from './passage-index.ts';
import { type CreateOcrParsers, parsersOf } from './recognition.ts';
import { createRerank, type RerankPorts } from './rerank.ts';
import { retrieve } from './retrieve.ts';
import { staleDocuments } from './stale.ts';

export interface LibraryPorts
  extends EmbeddingRoomPorts,
    RerankPorts,
    Pick<PassageIndexPorts, 'createVectorIndex' | 'createLexicalIndex'> {
  readonly repositories: Repositories;
  readonly parsers: readonly DocumentParser[];
  /** Containers whose files become documents; none unless told. */
  readonly unpackers?: readonly Unpacker[];
  /** Text in pictures; without it they cannot be read. */
  readonly ocrParsers?: CreateOcrParsers;
  readonly locks: Locks;
  /** SHA-256 of a file as hex, streamed. */
  sha256(file: Blob, options?: CallOptions): Promise<string>;
  readonly now: () => number;
  /** Told whenever the embedder's worker has ended: what it had loaded is gone. */
  onEmbedderEnd?(listener: () => void): void;
}

/** The documents' back end over its ports: it stores, cuts, embeds, finds and cites. */
export function createLibrary(ports: LibraryPorts): Library {
  const { repositories, parsers, locks, now } = ports;
  const ocr = ports.ocrParsers ? { ocrParsers: ports.ocrParsers } : {};
  const { library, changes } = repositories;
  const embeddings = createEmbeddingRoom(ports);
  ports.onEmbedderEnd?.(embeddings.forgetLoaded);
  const rerank = createRerank(ports);
  const index = createPassageIndex({
    library,
    settings: repositories.settings,
    changes,
    createVectorIndex: ports.createVectorIndex,
    createLexicalIndex: ports.createLexicalIndex,
  });

  const embedQuery = createEmbedQuery({ library, embeddings, index });

  return {
    addFiles: createAddFiles({
      library,
      parsers,
      ...ocr,
      unpackers: ports.unpackers ?? [],
      locks,
      now,
      sha256: ports.sha256,
    }),
    ingest: createIngest({ repositories, parsers, ...ocr, embeddings, now }),
    async stale({ embedder }) {
      return {
        documentIds: await staleDocuments(library, (document) => parsersOf(ports, document), embedder),
      };
    },
    search: (request, options) => retrieve({ library, index, embedQuery, rerank }, request, options),
    ...createInsight({ library, embeddings, index }),
    align: createAligner(embeddings),
    async warm({ embedder }, options) {
      const info = await embeddings.load(embedder, options);
      const call = options?.signal ? { signal: options.signal } : {};
      await Promise.all([embeddings.floor(embedder, call), embeddings.scale(embedder, call)]);
      return info;
    },
    async measureIndex({ collectionIds }, options) {
      await index.sync(options?.signal);
      const accepts = index.acceptsIn(collectionIds);
      const reports: IndexReport[] = [];
      for (const spaceId of index.spaceIds()) {
        const dense = index.dense(spaceId);
        if (dense === undefined) continue;
        const space = { library, spaceId, index: dense, keyOf: index.keyOf, accepts };
        const report = await measureIndex(space, options);
        if (report) reports.push(report);
      }
      return reports;
    },
    forget({ documentIds }) {
      index.forget(documentIds);
      return Promise.resolve();
    },
  };
}
