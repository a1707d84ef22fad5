import type { WireError } from '#shared/errors.ts';

/** A picture of the user's. Its bytes are the blob 'picture:<id>', a small copy 'thumbnail:<id>'. */
export interface ImageRecord {
  /** SHA-256 of the bytes, hex: the same file is never stored twice. */
  readonly id: string;
  /** With its folders, as it was dropped: 'holiday/beach.jpg'. */
  readonly name: string;
  readonly mediaType: string;
  readonly sizeBytes: number;
  readonly addedAt: number;
  /** 'ready': embedded and searchable. */
  readonly status: 'queued' | 'ready' | 'failed';
  readonly error?: WireError;
  /** Pixels as shown, the camera's orientation applied. */
  readonly width?: number;
  readonly height?: number;
  /** What the camera wrote: milliseconds since 1970; without a time zone in the file, as if it were UTC. */
  readonly takenAt?: number;
  readonly camera?: string;
  /** Degrees, north and east positive. */
  readonly place?: { readonly latitude: number; readonly longitude: number };
  readonly isAnimated?: boolean;
  /** Difference hash of 64 bits, 16 hex digits; see core/images. */
  readonly perceptualHash?: string;
  readonly tags: readonly string[];
  /** The space that holds its vector: the fingerprint of the model that embedded it. */
  readonly spaceId?: string;
}

/** Up to SEGMENT_VECTORS vectors of pictures packed in one row. */
export interface ImageVectorSegment {
  readonly spaceId: string;
  /** 0-based, dense. */
  readonly segment: number;
  /** Row i belongs to the picture imageIds[i]; a deleted row has ''. */
  readonly imageIds: readonly string[];
  /** Row-major [imageIds.length × dimension], L2-normalised float32. */
  readonly vectors: Float32Array;
}

/** For undo: everything of some pictures. */
export interface ImageSnapshot {
  readonly images: readonly ImageRecord[];
  readonly blobs: readonly { readonly id: string; readonly blob: Blob }[];
  readonly vectors: readonly {
    readonly spaceId: string;
    readonly imageIds: readonly string[];
    readonly vectors: Float32Array;
  }[];
}
