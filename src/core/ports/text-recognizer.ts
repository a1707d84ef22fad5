import type { CallOptions } from '#shared/call.ts';

/** Rows from the top, one byte a pixel, 0 is black. */
export interface GreyPicture {
  readonly width: number;
  readonly height: number;
  /** [height × width] */
  readonly pixels: Uint8Array<ArrayBuffer>;
}

/** A word where it stands in the picture, in its pixels. */
interface RecognizedWord {
  readonly text: string;
  /** How sure the engine is, 0 to 1. */
  readonly confidence: number;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export interface RecognizedLine {
  /** In reading order; at least one. */
  readonly words: readonly RecognizedWord[];
  /** y on which its letters stand. */
  readonly baseline: number;
  /** From the baseline to the head of its tallest letters. */
  readonly rise: number;
  /** Lines of one paragraph share it; 0, 1, 2 … in reading order. */
  readonly paragraph: number;
}

export interface RecognizedPicture {
  /** In reading order; none where the picture shows no text. */
  readonly lines: readonly RecognizedLine[];
}

/**
 * Reads text from pictures (OCR). One picture at a time; what is not a word of the language is read as well as it can be,
 * with a low confidence. Errors: input/invalid (no such language, a picture of no size), network/failed (the engine or the
 * language could not be fetched), model/load-failed.
 */
export interface TextRecognizer {
  /** Fetches the engine and the language, which is done by itself with the first picture. Progress in bytes. */
  load(input: { readonly language: string }, options?: CallOptions): Promise<void>;
  recognize(
    input: { readonly language: string; readonly picture: GreyPicture },
    options?: CallOptions,
  ): Promise<RecognizedPicture>;
}

/** What was read of the pages of one document before, so that a stopped job goes on where it was. Pages are 1-based. */
export interface RecognizedPages {
  get(page: number): Promise<RecognizedPicture | undefined>;
  set(page: number, picture: RecognizedPicture): Promise<void>;
}

/** What reading text in pictures (OCR) would fetch from our own server. */
export interface RecognitionOffer {
  readonly engineBytes: number;
  /** The first is offered first. */
  readonly languages: readonly { readonly id: string; readonly label: string; readonly sizeBytes: number }[];
  /** Has its files kept, so that it works without a network from then on. */
  readonly keepOffline: () => Promise<void>;
}
