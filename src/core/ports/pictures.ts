import type { CallOptions } from '#shared/call.ts';
import type { RejectedFile } from './library.ts';
import type { ModelSpec } from './model.ts';
import type { PictureRegion } from './picture-decoder.ts';
import type { CaptionedPictures } from './picture-teacher.ts';

/** Input of an 'image-ingest' job. The bytes are in `blobs` as 'picture:<id>' before it starts. */
export interface ImageIngestInput {
  readonly imageIds: readonly string[];
  /** Those of them that were indexed before: what is discarded of a job leaves them. Absent: none. */
  readonly againIds?: readonly string[];
  readonly embedder: ModelSpec;
}

/** Input of an 'image-text' job: whose text is read with OCR. */
export interface ImageTextInput {
  readonly imageIds: readonly string[];
  /** One that the recognition engine has a file of: 'eng'. */
  readonly language: string;
}

/** Input of an 'image-captions' job: what a chat model that sees is to describe. */
export interface ImageCaptionInput {
  readonly imageIds: readonly string[];
  readonly modelId: string;
}

export interface AddedPictures {
  /** Stored and queued; also one that was there and had failed: it is tried again. */
  readonly imageIds: readonly string[];
  /** One entry a file whose bytes were there, or came twice in this call. */
  readonly alreadyThere: readonly string[];
  readonly rejected: readonly RejectedFile[];
}

export interface PictureFilter {
  /** Taken (or, where the file does not say, added) from, and before; milliseconds since 1970. */
  readonly from?: number;
  readonly before?: number;
  /** Shorter side in pixels, at least. */
  readonly minSide?: number;
  /** Names below this folder. */
  readonly folder?: string;
  readonly tag?: string;
  /** Only these. */
  readonly within?: readonly string[];
}

export interface PictureSearch {
  readonly embedder: ModelSpec;
  /** Words; what stands behind a minus is subtracted: 'beach -people'. */
  readonly words?: string;
  /** A stored picture, which is then no hit itself, or a file that is not kept. */
  readonly picture?: ({ readonly imageId: string } | { readonly file: Blob }) & {
    readonly region?: PictureRegion;
  };
  /** Weight of the picture beside the words, 0 to 1; 0.5 unless told. */
  readonly balance?: number;
  readonly filter?: PictureFilter;
  /** Only pictures that show, or hold, what the words say; without it the most similar ones, however little that is. */
  readonly onlyMatches?: true;
  readonly limit: number;
}

/** Where the words of a query stand with a picture. */
export interface PictureWordMatch {
  /** 'text': what was read in it with OCR; 'description': what a model wrote about it. */
  readonly source: 'text' | 'caption' | 'description' | 'tag';
  /** Some words around them, as they stand there; '…' where it was cut. */
  readonly excerpt: string;
}

export interface PictureHit {
  readonly imageId: string;
  /** Cosine similarity to the query, -1 to 1; of a tag's suggestions the probability, 0 to 1. */
  readonly score: number;
  /** Of a film or an animation: when the frame is shown that matches best. */
  readonly seconds?: number;
  /** Its text, captions or tags hold the words of the query: that has moved it up. */
  readonly words?: PictureWordMatch;
}

/** A frame of a film and how well it matches. */
export interface FilmMoment {
  readonly seconds: number;
  /** Cosine similarity to the query, -1 to 1. */
  readonly score: number;
}

export interface PictureResponse {
  readonly hits: readonly PictureHit[];
  /** Pictures that passed the filter. */
  readonly searched: number;
  /** Ids of former models that could not be asked: pictures only they have embedded were left out. Absent: none. */
  readonly unaskedModels?: readonly string[];
  readonly timingsMs: { readonly embed: number; readonly search: number };
}

export interface LabelScore {
  readonly label: string;
  /** Share of 1 over all labels (softmax), or each by itself (sigmoid): see ImageEmbedderInfo.logits. */
  readonly score: number;
}

/** Pictures that are the same or nearly: the first is the best (most pixels, then oldest). */
export interface PictureGroup {
  readonly imageIds: readonly string[];
  /** 'same': perceptual hashes at most a few bits apart; 'alike': embeddings nearly equal too. */
  readonly kind: 'same' | 'alike';
}

export interface PictureMap {
  readonly imageIds: readonly string[];
  /** [imageIds.length × 2], each in -1 to 1. */
  readonly points: Float32Array;
}

export interface Album {
  /** The user's where one was given, else the label that fits best. */
  readonly name: string;
  /** The label that fits best, where the user has given another name. */
  readonly suggestion?: string;
  /** L2-normalised: what the album is told by when its pictures change. */
  readonly centre: Float32Array;
  readonly imageIds: readonly string[];
}

/** What a probe learned about a tag from a few examples. */
export interface TagProbe {
  readonly tag: string;
  /** Cross-validated accuracy on the examples, balanced over both classes; 0.5 is guessing. */
  readonly accuracy: number;
  readonly folds: number;
  /** Pictures that it would tag, best first, the examples left out. */
  readonly suggested: readonly PictureHit[];
}

/** Everything about pictures, off the page. Runs in the images worker beside the image embedder. */
export interface Pictures {
  /**
   * Hashes and stores the files; refuses what is no picture, by name. No decoding. With a full disk, each file that found no
   * room is refused with storage/quota-exceeded; what was stored before is whole.
   */
  add(input: { readonly files: readonly File[] }, options?: CallOptions): Promise<AddedPictures>;
  /**
   * Runs or resumes the job. Broken pictures are recorded, not thrown. `busyShare`: for how much of the time between its
   * first and last batch the embedder was at work, 0 to 1; absent when nothing was embedded.
   */
  ingest(
    input: { readonly jobId: string },
    options?: CallOptions,
  ): Promise<{ readonly ready: number; readonly failed: number; readonly busyShare?: number }>;
  /**
   * Runs or resumes an 'image-text' job: the text of each picture is read and kept with it. One that cannot be read is
   * recorded, not thrown. `withText`: those of them that show any.
   */
  readTexts(
    input: { readonly jobId: string },
    options?: CallOptions,
  ): Promise<{ readonly read: number; readonly withText: number; readonly failed: number }>;
  /**
   * Pictures that are not in this model's space yet, queued ones too, and animations of which only the first frame is; failed
   * ones are not among them. Loads no model.
   */
  stale(
    input: { readonly embedder: ModelSpec },
    options?: CallOptions,
  ): Promise<{
    readonly imageIds: readonly string[];
    /** Those of them that this model has read, but only in their first frame. Absent: none. */
    readonly firstFrameIds?: readonly string[];
  }>;
  /**
   * By similarity. Pictures whose own words (text that was read in them, captions, descriptions by a model, tags) hold those of the query are moved
   * up by reciprocal rank fusion; where none does, the order is that of similarity alone. Names of files do not count.
   */
  search(input: PictureSearch, options?: CallOptions): Promise<PictureResponse>;
  /** Where in one film or animation the query matches, in its order; empty for what stands still or is not embedded. */
  moments(
    input: Pick<PictureSearch, 'embedder' | 'words' | 'picture' | 'balance'> & { readonly imageId: string },
    options?: CallOptions,
  ): Promise<readonly FilmMoment[]>;
  /** What an animated picture shows at one of its moments; undefined where it cannot be taken apart. */
  frame(
    input: { readonly imageId: string; readonly seconds: number },
    options?: CallOptions,
  ): Promise<Blob | undefined>;
  /** The best `limit` labels of each picture, zero-shot; in the order of `imageIds`, empty for one without a vector. */
  labels(
    input: {
      readonly embedder: ModelSpec;
      readonly imageIds: readonly string[];
      readonly labels: readonly string[];
      readonly limit: number;
    },
    options?: CallOptions,
  ): Promise<readonly (readonly LabelScore[])[]>;
  groups(input: { readonly embedder: ModelSpec }, options?: CallOptions): Promise<readonly PictureGroup[]>;
  map(input: { readonly embedder: ModelSpec }, options?: CallOptions): Promise<PictureMap>;
  albums(
    input: { readonly embedder: ModelSpec; readonly count: number; readonly labels: readonly string[] },
    options?: CallOptions,
  ): Promise<readonly Album[]>;
  /** Kept for every later sorting in which an album has nearly this centre; '' gives the suggestion back. */
  renameAlbum(
    input: { readonly embedder: ModelSpec; readonly centre: Float32Array; readonly name: string },
    options?: CallOptions,
  ): Promise<void>;
  /** A linear probe on the embeddings, from examples of both kinds. */
  learnTag(
    input: {
      readonly embedder: ModelSpec;
      readonly tag: string;
      readonly positive: readonly string[];
      readonly negative: readonly string[];
    },
    options?: CallOptions,
  ): Promise<TagProbe>;
  /** Indexed pictures that have captions, with the vectors of both: what a PictureTeacher learns from. */
  captioned(input: { readonly embedder: ModelSpec }, options?: CallOptions): Promise<CaptionedPictures>;
  /** Drops rows of removed pictures from the index in memory. */
  forget(input: { readonly imageIds: readonly string[] }, options?: CallOptions): Promise<void>;
}
