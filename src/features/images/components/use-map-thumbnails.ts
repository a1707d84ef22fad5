import { useEffect, useState } from 'react';
import type { PictureMap } from '#core/ports/pictures.ts';
import type { ImagesController } from '../images-controller.ts';

/** Pictures that are drawn as themselves; the rest as points, or a large map would hold every thumbnail in memory. */
const MOST_DRAWN = 1500;
/** Thumbnails that are read at once. */
const AT_ONCE = 8;
/** Heights that thumbnails are read in, so that a window that grows a little does not read them all again. */
const HEIGHTS = [24, 48, 96, 144] as const;

const heightFor = (side: number): number => HEIGHTS.find((height) => height >= side * 2) ?? 144;

type Bitmaps = ReadonlyMap<string, ImageBitmap>;

const NONE: Bitmaps = new Map();

/**
 * Small copies for the canvas, filled in as they are read; given back when the map goes or others are needed. One that was
 * given back has no width any more: it must not be drawn. `side` 0: it is not known yet how large they are.
 */
export function useMapThumbnails(map: PictureMap, side: number, controller: ImagesController): Bitmaps {
  const [bitmaps, setBitmaps] = useState(NONE);
  const height = side === 0 ? 0 : heightFor(side);
  useEffect(() => {
    if (height === 0) return;
    const read = new Map<string, ImageBitmap>();
    const waiting = map.imageIds.slice(0, MOST_DRAWN);
    let isGone = false;
    const work = async (): Promise<void> => {
      for (let id = waiting.shift(); id !== undefined && !isGone; id = waiting.shift()) {
        const blob = await controller.thumbnail(id).catch(() => undefined);
        const options: ImageBitmapOptions = { resizeHeight: height, resizeQuality: 'medium' };
        const bitmap = blob && (await createImageBitmap(blob, options).catch(() => undefined));
        if (isGone) bitmap?.close();
        else if (bitmap) read.set(id, bitmap);
        if (!isGone && read.size % AT_ONCE === 0) setBitmaps(new Map(read));
      }
      if (!isGone) setBitmaps(new Map(read));
    };
    for (let i = 0; i < AT_ONCE; i += 1) void work();
    return () => {
      isGone = true;
      setBitmaps(NONE);
      for (const bitmap of read.values()) bitmap.close();
    };
  }, [map, height, controller]);
  return bitmaps;
}
