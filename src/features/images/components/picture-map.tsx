import { useCallback, useEffect, useRef, useState } from 'react';
import type { PictureMap as MapPoints } from '#core/ports/pictures.ts';
import { ErrorCard } from '#ui/error-card.tsx';
import { formatNumber } from '#ui/format.ts';
import { useLoaded } from '#ui/use-loaded.ts';
import type { ImagesController } from '../images-controller.ts';
import type { ImagesState } from '../images-state.ts';
import { pictureAt, spotOf, thumbnailSide } from '../map-placing.ts';
import { baseName } from '../picture-names.ts';
import { useMapThumbnails } from './use-map-thumbnails.ts';
import styles from './views.module.css';

interface MapProps {
  readonly state: ImagesState;
  readonly controller: ImagesController;
}

function useSize(ref: React.RefObject<HTMLElement | null>) {
  const [size, setSize] = useState({ width: 0, height: 0 });
  useEffect(() => {
    const element = ref.current;
    if (element === null) return;
    const observer = new ResizeObserver(() =>
      setSize({ width: element.clientWidth, height: element.clientHeight }),
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, [ref]);
  return size;
}

function Plane({ map, state, controller }: MapProps & { readonly map: MapPoints }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { width, height } = useSize(canvas);
  const [pointed, setPointed] = useState<number>();
  const side = width === 0 ? 0 : thumbnailSide(map.imageIds.length, width, height);
  const bitmaps = useMapThumbnails(map, side, controller);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!canvas.current || !context || width === 0) return;
    const scale = globalThis.devicePixelRatio || 1;
    canvas.current.width = Math.round(width * scale);
    canvas.current.height = Math.round(height * scale);
    context.scale(scale, scale);
    context.fillStyle = getComputedStyle(canvas.current).color;
    map.imageIds.forEach((id, i) => {
      const { x, y } = spotOf(map, i, width, height);
      const bitmap = bitmaps.get(id);
      const shown = i === pointed ? side * 1.25 : side;
      if (bitmap === undefined || bitmap.width === 0) {
        context.globalAlpha = 0.35;
        context.fillRect(x - 2, y - 2, 4, 4);
        context.globalAlpha = 1;
        return;
      }
      const cut = Math.min(bitmap.width, bitmap.height);
      const [left, top] = [(bitmap.width - cut) / 2, (bitmap.height - cut) / 2];
      context.drawImage(bitmap, left, top, cut, cut, x - shown / 2, y - shown / 2, shown, shown);
      if (i === pointed) context.strokeRect(x - shown / 2, y - shown / 2, shown, shown);
    });
  }, [map, bitmaps, width, height, side, pointed]);
  const at = ({ nativeEvent }: React.MouseEvent): number | undefined =>
    pictureAt(map, { x: nativeEvent.offsetX, y: nativeEvent.offsetY }, side, width, height);
  const name = state.images.find(({ id }) => id === map.imageIds[pointed ?? -1])?.name;
  return (
    <div className={styles.map}>
      <canvas
        ref={canvas}
        role="img"
        aria-label={`Map of ${formatNumber(map.imageIds.length)} pictures: what looks alike lies together. The view “All” shows the same pictures to the keyboard.`}
        className={styles.canvas}
        data-testid="picture-map"
        data-drawn={bitmaps.size}
        onMouseMove={(event) => setPointed(at(event))}
        onMouseLeave={() => setPointed(undefined)}
        onClick={(event) => {
          const id = map.imageIds[at(event) ?? -1];
          if (id !== undefined) controller.open(id);
        }}
      />
      <p className={styles.mapFoot}>
        {name === undefined ? 'Pictures that look alike lie together. Click one to open it.' : baseName(name)}
      </p>
    </div>
  );
}

/** All pictures on a plane, near each other where they are alike. */
export function PictureMap({ state, controller }: MapProps) {
  const loaded = useLoaded(useCallback((signal: AbortSignal) => controller.map(signal), [controller]));
  if (loaded.status === 'loading')
    return (
      <p className={styles.message} role="status">
        Drawing the map…
      </p>
    );
  if (loaded.status === 'failed')
    return (
      <div className={styles.message}>
        <ErrorCard error={loaded.error} />
      </div>
    );
  if (loaded.value.imageIds.length === 0)
    return <p className={styles.message}>Nothing is indexed yet: there is nothing to place.</p>;
  return <Plane map={loaded.value} state={state} controller={controller} />;
}
