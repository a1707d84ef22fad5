import type { CallOptions } from '#shared/call.ts';

export interface RasterizeRequest {
  readonly svg: Blob;
  /** For messages. */
  readonly name: string;
  /** Pixels of the bitmap's longer side, whatever size the drawing states. */
  readonly longerSide: number;
}

export interface RasterizedSvg {
  /** Transparent where nothing is drawn. Whoever asked for it closes it. */
  readonly bitmap: ImageBitmap;
  /** What the drawing states, in CSS pixels. */
  readonly width: number;
  readonly height: number;
}

/**
 * Paints drawings. Only a page can: workers have no SVG. Nothing in the drawing runs, and nothing outside of it is asked for.
 * Errors: input/invalid (broken, empty), input/too-large (more elements than are painted).
 */
export interface SvgRasterizer {
  rasterize(request: RasterizeRequest, options?: CallOptions): Promise<RasterizedSvg>;
}
