import type { WireError } from '#shared/errors.ts';

/** A picture or film of the user's. Its bytes are the blob 'picture:<id>', a small copy (a film's poster) 'thumbnail:<id>'. */
export interface ImageRecord {
  /** SHA-256 of the bytes, hex: the same file is never stored twice. */
  readonly id: string;
  /** With its folders, as it was dropped: 'holiday/beach.jpg'. */
  readonly name: string;
  /** Absent: a picture. */
  readonly kind?: 'video';
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
  /** Of a film. */
  readonly durationSeconds?: number;
  /**
   * Of a film that is ready: when its embedded frames are shown, in milliseconds, rising; each is a row, see `rowIdsOf`. Of an
   * animated picture, too; empty where one frame stands for all of it, absent as long as only its first one was looked at.
   */
  readonly moments?: readonly number[];
  /** Difference hash of 64 bits, 16 hex digits; see core/images. */
  readonly perceptualHash?: string;
  readonly tags: readonly string[];
  /** What the user says that it shows, each in words of its own: what a lesson learns from. Absent: none. */
  readonly captions?: readonly string[];
  /** What a chat model wrote about it: never a caption of the user's, and no lesson learns from it. Absent: none. */
  readonly generatedCaption?: {
    readonly text: string;
    readonly modelId: string;
    readonly modelLabel: string;
    /** The user has changed the words. */
    readonly isEdited?: true;
  };
  /** Why no model could describe it; it is tried again when that is asked for again. */
  readonly generatedCaptionError?: WireError;
  /** The space that holds its vector: the fingerprint of the model that embedded it. */
  readonly spaceId?: string;
  /** What was read in it with OCR: '' where it shows no text. Absent: nobody has looked, or it failed. */
  readonly text?: string;
  /** How sure that was, 0 to 1, over all characters. Absent without text. */
  readonly textConfidence?: number;
  /** Why its text could not be read; it is tried again when that is asked for again. */
  readonly textError?: WireError;
}

export const isFilm = ({ kind }: Pick<ImageRecord, 'kind'>): boolean => kind === 'video';

/** The names of a picture's rows among the vectors: its id; of a film and of an animation one for each moment. */
export const rowIdsOf = (record: Pick<ImageRecord, 'id' | 'kind' | 'moments'>): readonly string[] => {
  const { id, moments = [] } = record;
  return isFilm(record) || moments.length > 0 ? moments.map((milliseconds) => `${id}@${milliseconds}`) : [id];
};

/** An animated picture of which only the first frame was looked at so far. */
export const hasUnseenFrames = ({
  isAnimated,
  moments,
}: Pick<ImageRecord, 'isAnimated' | 'moments'>): boolean => isAnimated === true && moments === undefined;

/** The picture or film that a row belongs to. */
export function ownerOfRow(rowId: string): string {
  const at = rowId.indexOf('@');
  return at < 0 ? rowId : rowId.slice(0, at);
}

/** When the frame of a row is shown; undefined: it is a picture. */
export function secondsOfRow(rowId: string): number | undefined {
  const at = rowId.indexOf('@');
  return at < 0 ? undefined : Number(rowId.slice(at + 1)) / 1000;
}

/** Up to SEGMENT_VECTORS vectors of pictures packed in one row. */
export interface ImageVectorSegment {
  readonly spaceId: string;
  /** 0-based, dense. */
  readonly segment: number;
  /** Row i is imageIds[i], a picture's id or '<film>@<milliseconds>'; a deleted row has ''. */
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
