import { type CSSProperties, type PointerEvent, useCallback, useMemo, useRef, useState } from 'react';
import type { PassageMap, PassageSet } from '#core/ports/library-insight.ts';
import { Button } from '#ui/button.tsx';
import { ErrorCard } from '#ui/error-card.tsx';
import { formatNumber } from '#ui/format.ts';
import { useLoaded } from '#ui/use-loaded.ts';
import type { LibraryController } from '../library-controller.ts';
import styles from '../map.module.css';
import { isTap, nearestPoint, type Point, passagesOf, pointsInside } from '../map-geometry.ts';
import { hueOf, useMapCanvas } from './use-map-canvas.ts';

export interface CollectionMapProps {
  readonly controller: LibraryController;
  readonly collectionId: string | null;
  readonly onAskWithin: (passages: readonly PassageSet[]) => void;
}

/** How near the pointer must be to a point, on the scale of the map; a finger hides what it touches. */
const REACH = 0.03;
const TOUCH_REACH = 0.1;

const reachOf = ({ pointerType }: PointerEvent): number => (pointerType === 'touch' ? TOUCH_REACH : REACH);

/** Every passage of the collection as a point, coloured by document; a drawn line chooses what to ask. */
export function CollectionMap({ controller, collectionId, onAskWithin }: CollectionMapProps) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: another collection is another map
  const load = useCallback((signal: AbortSignal) => controller.map(signal), [controller, collectionId]);
  const loaded = useLoaded(load);
  if (loaded.status === 'loading')
    return (
      <p className={styles.note} role="status">
        Drawing the map…
      </p>
    );
  if (loaded.status === 'failed') return <ErrorCard error={loaded.error} />;
  if (loaded.value.documentOf.length === 0)
    return (
      <p className={styles.note}>
        Nothing here is indexed yet. Each passage becomes a point; passages that say the same lie together.
      </p>
    );
  return <Plane map={loaded.value} controller={controller} onAskWithin={onAskWithin} />;
}

interface PlaneProps {
  readonly map: PassageMap;
  readonly controller: LibraryController;
  readonly onAskWithin: (passages: readonly PassageSet[]) => void;
}

function Plane({ map, controller, onAskWithin }: PlaneProps) {
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set());
  const [line, setLine] = useState<readonly Point[]>([]);
  const [pointed, setPointed] = useState<number>();
  const canvas = useRef<HTMLCanvasElement>(null);
  const placeAt = useMapCanvas(canvas, { map, chosen, line, pointed });
  const isDrawing = useRef(false);

  const open = (point: number): void => {
    const id = map.documents[map.documentOf[point] ?? -1]?.id;
    if (id !== undefined) void controller.openPassage(id, map.ordinalOf[point] ?? 0);
  };
  const end = (event: PointerEvent<HTMLCanvasElement>): void => {
    if (!isDrawing.current) return;
    isDrawing.current = false;
    setLine([]);
    const reach = reachOf(event);
    if (!isTap(line, reach)) {
      const inside = pointsInside(map, line);
      if (inside.size > 0) setChosen(inside);
      return;
    }
    // Looked for here: a finger does not hover, so nothing was pointed at before.
    const point = nearestPoint(map, placeAt(event), reach);
    setPointed(point);
    if (point !== undefined) open(point);
  };
  return (
    <div className={styles.map}>
      <canvas
        ref={canvas}
        className={styles.canvas}
        role="img"
        aria-label={`Map of ${formatNumber(map.documentOf.length)} passages; the list of documents below it chooses the same by keyboard`}
        data-testid="collection-map"
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          isDrawing.current = true;
          setLine([placeAt(event)]);
        }}
        onPointerMove={(event) => {
          const place = placeAt(event);
          if (isDrawing.current) setLine((before) => [...before, place]);
          else setPointed(nearestPoint(map, place, reachOf(event)));
        }}
        onPointerLeave={() => setPointed(undefined)}
        onPointerUp={end}
        onPointerCancel={() => {
          isDrawing.current = false;
          setLine([]);
        }}
      />
      <Foot map={map} pointed={pointed} chosen={chosen} onChosen={setChosen} onAskWithin={onAskWithin} />
      <Documents map={map} chosen={chosen} onChosen={setChosen} />
    </div>
  );
}

interface ChoiceProps {
  readonly map: PassageMap;
  readonly chosen: ReadonlySet<number>;
  readonly onChosen: (chosen: ReadonlySet<number>) => void;
}

function Foot({
  map,
  pointed,
  chosen,
  onChosen,
  onAskWithin,
}: ChoiceProps & {
  readonly pointed: number | undefined;
  readonly onAskWithin: (passages: readonly PassageSet[]) => void;
}) {
  const name = pointed === undefined ? undefined : map.documents[map.documentOf[pointed] ?? -1]?.name;
  const hint =
    name === undefined
      ? `Draw around points to ask only there. The plane shows ${Math.round(map.shownVariance * 100)} % of how the passages differ.`
      : `${name}, passage ${(map.ordinalOf[pointed ?? 0] ?? 0) + 1}`;
  return (
    <div className={styles.foot}>
      {chosen.size > 0 ? (
        <>
          <p role="status">
            {formatNumber(chosen.size)} {chosen.size === 1 ? 'passage' : 'passages'} chosen
          </p>
          <Button size="small" variant="primary" onClick={() => onAskWithin(passagesOf(map, chosen))}>
            Ask only there
          </Button>
          <Button size="small" variant="quiet" onClick={() => onChosen(new Set())}>
            Clear
          </Button>
        </>
      ) : (
        <p>{hint}</p>
      )}
      {map.leftOut > 0 ? <p>{formatNumber(map.leftOut)} more passages are not drawn.</p> : null}
    </div>
  );
}

/** The legend, which chooses whole documents without a pointer. */
function Documents({ map, chosen, onChosen }: ChoiceProps) {
  const points = useMemo(() => {
    const byDocument = map.documents.map((): number[] => []);
    for (const [i, place] of map.documentOf.entries()) byDocument[place]?.push(i);
    return byDocument;
  }, [map]);
  return (
    <ul className={styles.legend} aria-label="Documents of the map">
      {map.documents.map(({ id, name }, place) => {
        const own = points[place] ?? [];
        const isChosen = own.length > 0 && own.every((i) => chosen.has(i));
        return (
          <li key={id}>
            <label>
              <input
                type="checkbox"
                checked={isChosen}
                disabled={own.length === 0}
                onChange={() => {
                  const next = new Set(chosen);
                  for (const i of own) isChosen ? next.delete(i) : next.add(i);
                  onChosen(next);
                }}
              />
              <span className={styles.dot} style={{ '--hue': hueOf(place) } as CSSProperties} />
              <span className={styles.name}>{name}</span>
              <span className={styles.count}>{formatNumber(own.length)}</span>
            </label>
          </li>
        );
      })}
    </ul>
  );
}
