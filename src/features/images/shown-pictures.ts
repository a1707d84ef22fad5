import { passes } from '#core/images/index.ts';
import type { ImageRecord } from '#core/ports/image-records.ts';
import type { PictureWordMatch } from '#core/ports/pictures.ts';
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

/** Best first where something is searched for, else newest first; broken ones are listed elsewhere. */
export function shownPictures({
  images,
  query,
  filter,
  search,
}: Pick<ImagesState, 'images' | 'query' | 'filter' | 'search'>): readonly ShownPicture[] {
  if (isEmptyQuery(query) || search.response === undefined)
    return images.flatMap((image) => (image.status !== 'failed' && passes(image, filter) ? [{ image }] : []));
  const byId = new Map(images.map((image) => [image.id, image]));
  return search.response.hits.flatMap(({ imageId, ...hit }) => {
    const image = byId.get(imageId);
    return image ? [{ image, ...hit }] : [];
  });
}

/** Width ÷ height; a square until it is known. */
export const aspectOf = ({ width, height }: ImageRecord): number => (width && height ? width / height : 1);
