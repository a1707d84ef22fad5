import type { PictureRegion } from '#core/ports/picture-decoder.ts';

/** Shares of a picture's width and height, 0 to 1. */
export type Place = readonly [x: number, y: number];

/** A part that is smaller than this was a slip of the hand. */
const LEAST_SIDE = 0.04;

const inside = (value: number): number => Math.min(1, Math.max(0, value));

/** The rectangle between two corners, cut at the picture's edges; undefined when it is too small to be meant. */
export function regionBetween([ax, ay]: Place, [bx, by]: Place): PictureRegion | undefined {
  const [left, right] = [inside(Math.min(ax, bx)), inside(Math.max(ax, bx))];
  const [top, bottom] = [inside(Math.min(ay, by)), inside(Math.max(ay, by))];
  const region = { x: left, y: top, width: right - left, height: bottom - top };
  return region.width < LEAST_SIDE || region.height < LEAST_SIDE ? undefined : region;
}
