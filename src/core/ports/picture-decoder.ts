import type { CallOptions } from '#shared/call.ts';
import type { PictureInput } from './image-embedder.ts';

/** A part of a picture, in shares of its width and height as shown, 0 to 1. */
export interface PictureRegion {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface DecodedPicture {
  readonly mediaType: string;
  /** As shown, the orientation of EXIF applied. */
  readonly width: number;
  readonly height: number;
  readonly isAnimated: boolean;
  /** RGB bytes of the model's input, [height × width × 3]; transparent parts are white. */
  readonly pixels: Uint8Array;
  /** JPEG; its longer side has `thumbnailSize` pixels at most. Absent when none was asked for. */
  readonly thumbnail?: Blob;
  /** 9 × 8 luminances, row by row, for the perceptual hash. */
  readonly luminances: Uint8Array;
  readonly takenAt?: number;
  readonly camera?: string;
  readonly place?: { readonly latitude: number; readonly longitude: number };
}

export interface DecodeRequest {
  readonly file: Blob;
  /** For messages. */
  readonly name: string;
  readonly input: PictureInput;
  readonly thumbnailSize?: number;
  /** Only this part becomes the model's input. */
  readonly region?: PictureRegion;
}

/**
 * Files to pixels, off the page. Errors: input/invalid (broken, empty), input/unsupported (no picture, or a format this
 * browser lacks), input/too-large (more pixels than fit, from the header, before anything is decoded).
 * Several may be asked for at once: large ones it decodes one at a time, so that their memory does not add up.
 */
export interface PictureDecoder {
  decode(request: DecodeRequest, options?: CallOptions): Promise<DecodedPicture>;
  /** By the first bytes; undefined: this is no picture. */
  sniff(head: Uint8Array, name: string): string | undefined;
}
