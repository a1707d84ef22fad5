import type { ImageRecord } from '#core/ports/image-records.ts';
import type { PictureFilter } from '#core/ports/pictures.ts';

/** Whether a picture is one that the filter asks for; screens ask the same where nothing is searched for. */
export function passes(picture: ImageRecord, filter: PictureFilter): boolean {
  const { from, before, minSide, folder, tag, within } = filter;
  const at = picture.takenAt ?? picture.addedAt;
  if (from !== undefined && at < from) return false;
  if (before !== undefined && at >= before) return false;
  if (minSide !== undefined && Math.min(picture.width ?? 0, picture.height ?? 0) < minSide) return false;
  if (folder !== undefined && !isBelow(picture.name, folder)) return false;
  if (within !== undefined && !setOf(within).has(picture.id)) return false;
  return tag === undefined || picture.tags.includes(tag);
}

/** A filter is asked once for each picture. */
const sets = new WeakMap<readonly string[], ReadonlySet<string>>();
function setOf(ids: readonly string[]): ReadonlySet<string> {
  const set = sets.get(ids) ?? new Set(ids);
  sets.set(ids, set);
  return set;
}

const isBelow = (name: string, folder: string): boolean => {
  const path = folder.replace(/^\/+|\/+$/g, '');
  return path === '' || name.replace(/^\/+/, '').startsWith(`${path}/`);
};

/** The same for filters that ask for the same. */
export const filterKey = ({ from, before, minSide, folder, tag, within }: PictureFilter): string =>
  JSON.stringify([from, before, minSide, folder, tag, within]);
