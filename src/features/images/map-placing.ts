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

/** Pictures whose middle lies inside a line that is drawn around them; its end is joined to its beginning (even-odd rule). */
export function insideLasso(
  map: PictureMap,
  lasso: readonly Spot[],
  width: number,
  height: number,
): readonly number[] {
  return map.imageIds.flatMap((_, i) => {
    const { x, y } = spotOf(map, i, width, height);
    let isInside = false;
    for (const [at, a] of lasso.entries()) {
      const b = lasso.at(at - 1) ?? a;
      if (a.y > y !== b.y > y && x < ((b.x - a.x) * (y - a.y)) / (b.y - a.y) + a.x) isInside = !isInside;
    }
    return isInside ? [i] : [];
  });
}

const DIRECTIONS: Readonly<Record<string, Spot>> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};
/** What lies aside counts as farther off than what lies ahead. */
const ASIDE = 2;

/** The next picture in the direction of an arrow key; undefined where there is none, or the key is no arrow. */
export function neighbourOnMap(
  map: PictureMap,
  from: number,
  key: string,
  width: number,
  height: number,
): number | undefined {
  const direction = DIRECTIONS[key];
  if (direction === undefined) return undefined;
  const here = spotOf(map, from, width, height);
  let next: number | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < map.imageIds.length; i += 1) {
    const { x, y } = spotOf(map, i, width, height);
    const ahead = (x - here.x) * direction.x + (y - here.y) * direction.y;
    const aside = Math.abs((x - here.x) * direction.y) + Math.abs((y - here.y) * direction.x);
    const far = ahead + ASIDE * aside;
    if (i === from || ahead <= 0 || far >= least) continue;
    [next, least] = [i, far];
  }
  return next;
}
