import type { PictureInput } from '#core/ports/image-embedder.ts';
import type { PictureRegion } from '#core/ports/picture-decoder.ts';

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Rectangle extends Size {
  readonly x: number;
  readonly y: number;
}

/**
 * Up to this ratio a picture is scaled as the library does (bilinear, without a filter); what is larger is first brought
 * down to it with one, or fine patterns would turn into noise (docs/decisions/2026-11-26-pictures.md).
 */
export const BARE_RATIO = 4;

/** In pixels of a picture of this size; at least one, at most all. */
export function regionOf({ width, height }: Size, region: PictureRegion | undefined): Rectangle {
  if (region === undefined) return { x: 0, y: 0, width, height };
  const clamp = (value: number): number => Math.min(1, Math.max(0, value));
  const side = (start: number, share: number, whole: number): readonly [number, number] => {
    const from = Math.min(Math.floor(clamp(start) * whole), whole - 1);
    const to = Math.max(from + 1, Math.round(clamp(start + share) * whole));
    return [from, to - from];
  };
  const [x, w] = side(region.x, region.width, width);
  const [y, h] = side(region.y, region.height, height);
  return { x, y, width: w, height: h };
}

/** A strip that is longer than this, in its own widths, is painted in its middle only: no canvas holds the rest. */
const LONGEST_STRIP = 8;

/** The part of which anything can reach the middle of a model's input. */
export function middleOf({ x, y, width, height }: Rectangle): Rectangle {
  const most = {
    width: Math.min(width, height * LONGEST_STRIP),
    height: Math.min(height, width * LONGEST_STRIP),
  };
  return { x: x + (width - most.width) / 2, y: y + (height - most.height) / 2, ...most };
}

/** What a picture becomes before the middle is cut out; rounded as the library rounds. */
export function scaledSize({ width, height }: Size, { resize, fit }: PictureInput): Size {
  if (fit === 'stretch') return { width: resize, height: resize };
  const scale = Math.max(resize / width, resize / height);
  const round = (side: number): number => Math.floor(Number((side * scale).toFixed(2)));
  return { width: round(width), height: round(height) };
}

/** How far a source may be brought down, 0 to 1, and still give the model and the thumbnail all they need. */
export function keepShare(
  shown: Size,
  {
    input,
    region,
    thumbnailSize = 0,
  }: {
    readonly input: PictureInput;
    readonly region?: PictureRegion | undefined;
    readonly thumbnailSize?: number | undefined;
  },
): number {
  const part = regionOf(shown, region);
  const forModel = (BARE_RATIO * input.resize) / Math.min(part.width, part.height);
  const forThumbnail = (2 * thumbnailSize) / Math.max(shown.width, shown.height);
  return Math.min(1, Math.max(forModel, forThumbnail));
}

/** The largest size of this shape whose longer side has `most` pixels; never larger than it is. */
export function sizeWithin({ width, height }: Size, most: number): Size {
  const scale = Math.min(1, most / Math.max(width, height));
  return {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
  };
}
