import type { PictureMap } from '#core/ports/pictures.ts';

export interface Spot {
  readonly x: number;
  readonly y: number;
}

/** Share of the plane that stays free at each edge. */
const MARGIN = 0.06;

/** Where a picture's middle stands on a plane of so many pixels; up is up. */
export function spotOf({ points }: PictureMap, i: number, width: number, height: number): Spot {
  const across = ((points[i * 2] ?? 0) + 1) / 2;
  const down = (1 - (points[i * 2 + 1] ?? 0)) / 2;
  return {
    x: (MARGIN + across * (1 - 2 * MARGIN)) * width,
    y: (MARGIN + down * (1 - 2 * MARGIN)) * height,
  };
}

/** The side of a thumbnail: many pictures are drawn small, few large. */
export const thumbnailSide = (count: number, width: number, height: number): number =>
  Math.round(Math.min(72, Math.max(10, Math.sqrt((width * height) / Math.max(1, count)) * 0.55)));

/** The picture under a place: the nearest one that covers it. */
export function pictureAt(
  map: PictureMap,
  { x, y }: Spot,
  side: number,
  width: number,
  height: number,
): number | undefined {
  let nearest: number | undefined;
  let distance = Number.POSITIVE_INFINITY;
  for (let i = 0; i < map.imageIds.length; i += 1) {
    const spot = spotOf(map, i, width, height);
    const [across, down] = [Math.abs(spot.x - x), Math.abs(spot.y - y)];
    const far = across + down;
    if (across > side / 2 || down > side / 2 || far >= distance) continue;
    nearest = i;
    distance = far;
  }
  return nearest;
}
