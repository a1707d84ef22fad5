import type { CallOptions } from '#shared/call.ts';

/** One page as it is shown. */
export interface PageGeometry {
  /** In points, after turning. */
  readonly width: number;
  readonly height: number;
  /** Degrees clockwise by which the page is turned for display. Boxes of a parser are on the unturned page. */
  readonly rotation: 0 | 90 | 180 | 270;
}

/** An open document whose pages can be painted. `close` gives its memory back; nothing may be called after it. */
export interface OpenPages {
  readonly pageCount: number;
  /** `page` is 1-based. Errors: input/invalid. */
  geometry(page: number): Promise<PageGeometry>;
  /**
   * Paints a page: the canvas gets the page's size times `scale` (device pixels a point). An abort rejects with
   * abort/by-user and leaves the canvas as it is.
   */
  render(page: number, canvas: HTMLCanvasElement, scale: number, options?: CallOptions): Promise<void>;
  close(): Promise<void>;
}

/** Paints pages of documents. Errors: input/invalid, input/password-protected, worker/crashed. */
export interface PageRenderer {
  open(file: Blob, options?: CallOptions): Promise<OpenPages>;
}
