import { type KeyboardEvent, type PointerEvent, type RefObject, useEffect, useRef, useState } from 'react';
import type { PictureMap as MapPoints } from '#core/ports/pictures.ts';
import { formatNumber } from '#ui/format.ts';
import type { ImagesController } from '../images-controller.ts';
import type { ImagesState } from '../images-state.ts';
import { insideLasso, neighbourOnMap, pictureAt, type Spot, thumbnailSide } from '../map-placing.ts';
import { baseName } from '../picture-names.ts';
import { useMapThumbnails } from './use-map-thumbnails.ts';
import { usePlaneDrawing } from './use-plane-drawing.ts';
import styles from './views.module.css';

export interface MapPlaneProps {
  readonly map: MapPoints;
  readonly state: ImagesState;
  readonly controller: ImagesController;
}

/** Less is a click with an unsteady hand. */
const LEAST_DRAG = 6;

function useSize(ref: RefObject<HTMLElement | null>) {
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

const spotUnder = ({ nativeEvent }: React.MouseEvent): Spot => ({
  x: nativeEvent.offsetX,
  y: nativeEvent.offsetY,
});

const adds = ({ ctrlKey, metaKey, shiftKey }: PointerEvent): boolean => ctrlKey || metaKey || shiftKey;

/** A line drawn around pictures; a press that does not move is a click. */
function useLasso(onEnd: (lasso: readonly Spot[], event: PointerEvent) => void) {
  // The line itself: several moves may come before the next drawing.
  const line = useRef<readonly Spot[]>(undefined);
  const [lasso, setLasso] = useState<readonly Spot[]>([]);
  const end = (): readonly Spot[] => {
    const drawn = line.current ?? [];
    line.current = undefined;
    setLasso([]);
    return drawn.length > 1 ? drawn : [];
  };
  return {
    lasso,
    isPressed: (): boolean => line.current !== undefined,
    handlers: {
      onPointerDown(event: PointerEvent) {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        line.current = [spotUnder(event)];
      },
      onPointerMove(event: PointerEvent) {
        const [start] = line.current ?? [];
        if (line.current === undefined || start === undefined) return;
        const spot = spotUnder(event);
        const isFar = Math.hypot(spot.x - start.x, spot.y - start.y) >= LEAST_DRAG;
        if (line.current.length === 1 && !isFar) return;
        line.current = [...line.current, spot];
        setLasso(line.current);
      },
      onPointerUp(event: PointerEvent) {
        if (line.current !== undefined) onEnd(end(), event);
      },
      onPointerCancel: () => void end(),
    },
  };
}

const HINT =
  'Pictures that look alike lie together. Click one to open it; draw a line around some to select them.';
const KEYS =
  'Arrow keys go from picture to picture, with Shift they select it, x selects or releases, Enter opens, Escape clears the selection.';

/** The pictures as they lie; what is selected here is selected in the grid, too. */
export function MapPlane({ map, state, controller }: MapPlaneProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { width, height } = useSize(canvas);
  const [current, setCurrent] = useState<number>();
  const side = width === 0 ? 0 : thumbnailSide(map.imageIds.length, width, height);
  const bitmaps = useMapThumbnails(map, side, controller);
  const { selectedIds } = state;
  const idAt = (place: number | undefined): string | undefined => map.imageIds[place ?? -1];
  const at = (event: React.MouseEvent) => pictureAt(map, spotUnder(event), side, width, height);
  const { lasso, isPressed, handlers } = useLasso((line, event) => {
    const id = idAt(at(event));
    if (line.length > 0) {
      const inside = insideLasso(map, line, width, height).flatMap((place) => idAt(place) ?? []);
      controller.select(adds(event) ? [...selectedIds, ...inside] : inside);
    } else if (id === undefined) controller.clearSelection();
    else if (adds(event)) controller.toggleSelected(id);
    else controller.open(id);
  });
  usePlaneDrawing(canvas, { map, bitmaps, width, height, side, current, selectedIds, lasso });
  const onKeyDown = (event: KeyboardEvent): void => {
    const next = current === undefined ? 0 : neighbourOnMap(map, current, event.key, width, height);
    const id = idAt(current);
    if (event.key.startsWith('Arrow')) {
      const nextId = idAt(next);
      if (nextId !== undefined) setCurrent(next);
      if (event.shiftKey && nextId !== undefined)
        controller.select([...selectedIds, ...(id === undefined ? [] : [id]), nextId]);
    } else if (event.key === 'Escape') controller.clearSelection();
    else if (event.key === 'Enter' && id !== undefined) controller.open(id);
    else if (/^[x ]$/.test(event.key) && id !== undefined) controller.toggleSelected(id);
    else if (event.key === 'a' && (event.ctrlKey || event.metaKey)) controller.select(map.imageIds);
    else return;
    event.preventDefault();
  };
  const id = idAt(current);
  const name = state.images.find((image) => image.id === id)?.name;
  return (
    <div className={styles.map}>
      {/* biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: it has keys of its own, which its name tells */}
      <canvas
        ref={canvas}
        role="application"
        tabIndex={0}
        aria-label={`Map of ${formatNumber(map.imageIds.length)} pictures: what looks alike lies together. ${KEYS}`}
        className={styles.canvas}
        data-testid="picture-map"
        data-drawn={bitmaps.size}
        {...handlers}
        onPointerMove={(event) => {
          handlers.onPointerMove(event);
          if (!isPressed()) setCurrent(at(event));
        }}
        onKeyDown={onKeyDown}
      />
      <p className={styles.mapFoot} role="status">
        {name === undefined ? HINT : `${baseName(name)}${selectedIds.has(id ?? '') ? ', selected' : ''}`}
      </p>
    </div>
  );
}
