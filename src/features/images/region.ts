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

/** What a key moves or sizes at a time. */
const KEY_STEP = 0.05;

const DIRECTIONS = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
} as const;

export type RegionKey = keyof typeof DIRECTIONS;

export const isRegionKey = (key: string): key is RegionKey => Object.hasOwn(DIRECTIONS, key);

/** Where a key begins: the middle. */
export const MIDDLE: PictureRegion = { x: 0.25, y: 0.25, width: 0.5, height: 0.5 };

/** A step further, or (sizing) its right or lower edge a step on; it stays inside the picture and at least a step wide. */
export function regionMoved(
  { x, y, width, height }: PictureRegion,
  key: RegionKey,
  isSizing: boolean,
): PictureRegion {
  const [across, down] = DIRECTIONS[key];
  // Steps add up to hundredths, not to 0.30000000000000004.
  const between = (value: number, least: number, most: number): number =>
    Math.round(Math.min(most, Math.max(least, value)) * 1e4) / 1e4;
  if (isSizing)
    return {
      x,
      y,
      width: between(width + across * KEY_STEP, Math.min(KEY_STEP, 1 - x), 1 - x),
      height: between(height + down * KEY_STEP, Math.min(KEY_STEP, 1 - y), 1 - y),
    };
  return {
    x: between(x + across * KEY_STEP, 0, 1 - width),
    y: between(y + down * KEY_STEP, 0, 1 - height),
    width,
    height,
  };
}

/** 'left 25 %, top 25 %, 50 % wide, 50 % high' */
export function regionInWords({ x, y, width, height }: PictureRegion): string {
  const percent = (share: number): string => `${Math.round(share * 100)} %`;
  return `left ${percent(x)}, top ${percent(y)}, ${percent(width)} wide, ${percent(height)} high`;
}
