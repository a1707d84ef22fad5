import type { SourcePassage } from '#core/ports/chat-records.ts';
import type { LibraryInsight, PassageMap } from '#core/ports/library-insight.ts';
import type { ModelSpec } from '#core/ports/model.ts';
import type { LibraryRepository } from '#core/ports/repositories.ts';
import { createBreather, throwIfAborted } from '#shared/breathe.ts';
import type { CallOptions } from '#shared/call.ts';
import { AppError } from '#shared/errors.ts';
import type { EmbeddingRoom } from './embedding-room.ts';
import type { PassageIndex } from './passage-index.ts';
import { principalPlane } from './principal-plane.ts';
import { passageOfChunk } from './source-passage.ts';

export interface InsightPorts {
  readonly library: LibraryRepository;
  readonly embeddings: EmbeddingRoom;
  readonly index: PassageIndex;
}

/** Points of a map: beyond that nobody tells them apart, and the vectors would fill the memory. */
const MOST_POINTS = 20_000;

/** Looks into the stored vectors and through the embedder's own tokenizer. */
export function createInsight({ library, embeddings, index }: InsightPorts): LibraryInsight {
  const callOf = ({ signal }: CallOptions): CallOptions => (signal ? { signal } : {});

  async function map(
    input: { readonly collectionIds: readonly string[]; readonly embedder: ModelSpec },
    options: CallOptions = {},
  ): Promise<PassageMap> {
    const { fingerprint, dimension } = await embeddings.load(input.embedder, callOf(options));
    const breathe = createBreather(options.signal);
    const stored = (await library.documents()).filter(
      ({ collectionIds }) =>
        input.collectionIds.length === 0 || collectionIds.some((id) => input.collectionIds.includes(id)),
    );
    const placeOf = new Map(stored.map(({ id }, i) => [id, i]));
    const documentOf: number[] = [];
    const ordinalOf: number[] = [];
    const rows: Float32Array[] = [];
    let leftOut = 0;
    for await (const { documentIds, ordinals, vectors } of library.segments(fingerprint)) {
      for (const [row, documentId] of documentIds.entries()) {
        const place = placeOf.get(documentId);
        if (place === undefined) continue;
        if (rows.length >= MOST_POINTS) {
          leftOut += 1;
          continue;
        }
        documentOf.push(place);
        ordinalOf.push(ordinals[row] ?? 0);
        rows.push(vectors.slice(row * dimension, (row + 1) * dimension));
      }
      await breathe();
    }
    const packed = new Float32Array(rows.length * dimension);
    for (const [i, row] of rows.entries()) packed.set(row, i * dimension);
    const { points, shownVariance } = await principalPlane(packed, dimension, options.signal);
    return {
      documents: stored.map(({ id, name }) => ({ id, name })),
      points,
      documentOf: Uint32Array.from(documentOf),
      ordinalOf: Uint32Array.from(ordinalOf),
      shownVariance,
      leftOut,
    };
  }

  async function vectorOf(
    documentId: string,
    ordinal: number,
    spaceId: string,
  ): Promise<Float32Array | undefined> {
    const snapshot = await library.snapshotDocument(documentId);
    const own = snapshot?.vectors.find((part) => part.spaceId === spaceId && part.ordinals.includes(ordinal));
    if (own === undefined) return undefined;
    const row = own.ordinals.indexOf(ordinal);
    return own.vectors.slice(row * own.dimension, (row + 1) * own.dimension);
  }

  return {
    map,

    async neighbours({ documentId, ordinal, limit, embedder }, options = {}) {
      const { fingerprint } = await embeddings.load(embedder, callOf(options));
      await index.sync(options.signal);
      const vector = await vectorOf(documentId, ordinal, fingerprint);
      const vectors = index.dense(fingerprint);
      if (vector === undefined || vectors === undefined)
        throw new AppError(
          'model/not-found',
          'This passage was not indexed with the current embedding model.',
        );
      const found: SourcePassage[] = [];
      for (const { key, score } of await vectors.search(vector, limit + 1)) {
        const place = index.place(key);
        if (place === undefined || (place.documentId === documentId && place.ordinal === ordinal)) continue;
        const [chunk, document] = await Promise.all([
          library.chunk(place.documentId, place.ordinal),
          library.document(place.documentId),
        ]);
        throwIfAborted(options.signal);
        if (chunk === undefined || document === undefined || found.length >= limit) continue;
        found.push({
          ...passageOfChunk(document, chunk),
          number: found.length + 1,
          score,
          denseScore: score,
          origin: 'dense',
        });
      }
      return found;
    },

    async tokens({ text, embedder }) {
      const tokenizer = await embeddings.tokenizer(embedder);
      return { spans: tokenizer.encode(text), specialTokens: tokenizer.specialTokens };
    },
  };
}
