import type { ImageRecord } from '#core/ports/image-records.ts';
import type { PictureFilter, PictureWordMatch } from '#core/ports/pictures.ts';
import { type ImagesState, isEmptyQuery } from './images-state.ts';

/** A picture as the grid shows it. */
export interface ShownPicture {
  readonly image: ImageRecord;
  /** Cosine similarity to what is searched for. */
  readonly score?: number;
  /** Of a film or an animation: when it matches best. */
  readonly seconds?: number;
  /** Its own words hold those that are searched for. */
  readonly words?: PictureWordMatch;
}

/** As a search filters; when nothing is searched for, nobody else does. */
function passesFilter(image: ImageRecord, filter: PictureFilter): boolean {
  const { from, before, minSide, folder, tag } = filter;
  const date = image.takenAt ?? image.addedAt;
  if (from !== undefined && date < from) return false;
  if (before !== undefined && date >= before) return false;
  if (minSide !== undefined && Math.min(image.width ?? 0, image.height ?? 0) < minSide) return false;
  if (folder !== undefined && !image.name.startsWith(`${folder}/`)) return false;
  return tag === undefined || image.tags.includes(tag);
}

/** Best first where something is searched for, else newest first; broken ones are listed elsewhere. */
export function shownPictures({
  images,
  query,
  filter,
  search,
}: Pick<ImagesState, 'images' | 'query' | 'filter' | 'search'>): readonly ShownPicture[] {
  if (isEmptyQuery(query) || search.response === undefined)
    return images.flatMap((image) =>
      image.status !== 'failed' && passesFilter(image, filter) ? [{ image }] : [],
    );
  const byId = new Map(images.map((image) => [image.id, image]));
  return search.response.hits.flatMap(({ imageId, ...hit }) => {
    const image = byId.get(imageId);
    return image ? [{ image, ...hit }] : [];
  });
}

/** Width ÷ height; a square until it is known. */
export const aspectOf = ({ width, height }: ImageRecord): number => (width && height ? width / height : 1);
