import type { PassageMap, PassageSet } from '#core/ports/library-insight.ts';

/** x and y, both -1 to 1. */
export type Point = readonly [number, number];

/** Whether a point lies in a polygon: even-odd rule, by the crossings of a ray to the right. */
export function isInside([x, y]: Point, polygon: readonly Point[]): boolean {
  let inside = false;
  for (let i = 0, j = polygon.length - 1; i < polygon.length; j = i, i += 1) {
    const [ax, ay] = polygon[i] ?? [0, 0];
    const [bx, by] = polygon[j] ?? [0, 0];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
  }
  return inside;
}

const pointAt = ({ points }: PassageMap, i: number): Point => [points[i * 2] ?? 0, points[i * 2 + 1] ?? 0];

export function pointsInside(map: PassageMap, polygon: readonly Point[]): ReadonlySet<number> {
  const found = new Set<number>();
  if (polygon.length < 3) return found;
  for (let i = 0; i < map.documentOf.length; i += 1) if (isInside(pointAt(map, i), polygon)) found.add(i);
  return found;
}

/** The point nearest to a place, unless it is further away than `reach`. */
export function nearestPoint(map: PassageMap, [x, y]: Point, reach: number): number | undefined {
  let nearest: number | undefined;
  let distance = reach;
  for (let i = 0; i < map.documentOf.length; i += 1) {
    const [px, py] = pointAt(map, i);
    const far = Math.hypot(px - x, py - y);
    if (far > distance) continue;
    nearest = i;
    distance = far;
  }
  return nearest;
}

/** Whether a line stays where it began: pressed, not drawn, though no hand is quite still. */
export function isTap([first, ...others]: readonly Point[], reach: number): boolean {
  return first !== undefined && others.every(([x, y]) => Math.hypot(x - first[0], y - first[1]) <= reach);
}

/** Chosen points as passages, by document. */
export function passagesOf(map: PassageMap, chosen: Iterable<number>): readonly PassageSet[] {
  const ordinals = new Map<string, number[]>();
  for (const i of chosen) {
    const id = map.documents[map.documentOf[i] ?? -1]?.id;
    if (id !== undefined) ordinals.set(id, [...(ordinals.get(id) ?? []), map.ordinalOf[i] ?? 0]);
  }
  return [...ordinals].map(([documentId, list]) => ({ documentId, ordinals: list }));
}
