import type { CallOptions } from '#shared/call.ts';
import type { SourcePassage } from './chat-records.ts';
import type { ModelSpec } from './model.ts';
import type { TokenSpan } from './tokenizer.ts';

/** Chunks of one document. */
export interface PassageSet {
  readonly documentId: string;
  readonly ordinals: readonly number[];
}

export interface PassageMap {
  /** Documents of the map; points name them by their place here. */
  readonly documents: readonly { readonly id: string; readonly name: string }[];
  /** [count × 2], row-major, -1 to 1: near points are alike. */
  readonly points: Float32Array;
  /** [count]: the document of each point. */
  readonly documentOf: Uint32Array;
  /** [count]: the chunk of each point. */
  readonly ordinalOf: Uint32Array;
  /** Share of the vectors' variance that the plane shows, 0 to 1: how much of the truth is flattened away. */
  readonly shownVariance: number;
  /** Passages that were left out because a map of all would be too large. */
  readonly leftOut: number;
}

/** Looks into what was indexed. Errors: model/not-found (no vectors of this embedder), those of the embedder and storage. */
export interface LibraryInsight {
  /** Passages of these collections (none = all) on a plane. */
  map(
    input: { readonly collectionIds: readonly string[]; readonly embedder: ModelSpec },
    options?: CallOptions,
  ): Promise<PassageMap>;
  /** The passages nearest to a chunk by meaning, best first, itself left out. */
  neighbours(
    input: {
      readonly documentId: string;
      readonly ordinal: number;
      readonly limit: number;
      readonly embedder: ModelSpec;
    },
    options?: CallOptions,
  ): Promise<readonly SourcePassage[]>;
  /** A text as the embedder reads it. */
  tokens(
    input: { readonly text: string; readonly embedder: ModelSpec },
    options?: CallOptions,
  ): Promise<{ readonly spans: readonly TokenSpan[]; readonly specialTokens: number }>;
}
