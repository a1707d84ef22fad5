import type { CallOptions } from '#shared/call.ts';

interface GrabbedFrame {
  /** When it is shown, from the film's start. */
  readonly seconds: number;
  /** As shown; its longer side has 1280 pixels at most. Whoever asked for it closes it. */
  readonly bitmap: ImageBitmap;
}

/**
 * Frames of films by way of a page's <video>, for browsers without WebCodecs: workers have no <video>. Errors:
 * input/unsupported (the browser shows no pictures of that file), input/invalid (it stops in the middle).
 */
export interface FilmGrabber {
  /** Whether the browser shows pictures of it at all, and their size. */
  measure(
    input: { readonly file: Blob; readonly name: string },
    options?: CallOptions,
  ): Promise<{ readonly width: number; readonly height: number }>;
  /** What is shown at each of these seconds. */
  grab(
    input: { readonly file: Blob; readonly name: string; readonly seconds: readonly number[] },
    options?: CallOptions,
  ): AsyncIterable<GrabbedFrame>;
}
