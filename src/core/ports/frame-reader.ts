import type { CallOptions } from '#shared/call.ts';

/** One picture of a film. */
export interface FilmFrame {
  /** When it is shown, from the film's start. */
  readonly seconds: number;
  /** RGB bytes of 9 × 8 areas' means, row by row: what changes when the scene does. */
  readonly colours: Uint8Array;
  /** As shown, lossless; its longer side has 1280 pixels at most. To be asked for before the next frame is. */
  picture(): Promise<Blob>;
}

export interface OpenFilm {
  readonly mediaType: string;
  /** Pixels as shown, the camera's orientation applied. */
  readonly width: number;
  readonly height: number;
  readonly durationSeconds: number;
  /** What shows the pictures: the browser's decoder, off the page, or a <video> of the page's. */
  readonly runsOn: 'webcodecs' | 'video-element';
  /**
   * What is shown at each of these seconds, which rise; a picture that is shown at several comes once. Ends with an error,
   * input/invalid, where the file ends before the film does.
   */
  frames(seconds: readonly number[], options?: CallOptions): AsyncIterable<FilmFrame>;
  /** Frees the decoder; whatever runs ends. */
  close(): void;
}

/**
 * Films to pictures. Errors: input/invalid (broken, cut off), input/unsupported (no pictures in it, or a codec this browser
 * lacks, which the message names).
 */
export interface FrameReader {
  open(
    request: { readonly file: Blob /** For messages. */; readonly name: string },
    options?: CallOptions,
  ): Promise<OpenFilm>;
  /** By the first bytes; undefined: this is no film. */
  sniff(head: Uint8Array): string | undefined;
}

/** Animated pictures to frames. */
export interface AnimationReader {
  /**
   * Frames from the first on, in their order, spread over the whole; how many are looked at is bounded, however many there
   * are. None where this browser cannot take the format apart. Errors: input/invalid (broken, behind what was yielded).
   */
  frames(
    request: {
      readonly file: Blob;
      /** For messages. */
      readonly name: string;
      readonly mediaType: string;
    },
    options?: CallOptions,
  ): AsyncIterable<FilmFrame>;
}
