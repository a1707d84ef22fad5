import { useVirtualizer } from '@tanstack/react-virtual';
import { type MouseEvent, useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { ImagesController } from '../images-controller.ts';
import { type LaidRow, layOutRows } from '../justified-layout.ts';
import { aspectOf, type ShownPicture } from '../shown-pictures.ts';
import { gridKeys, rowOf } from './grid-keys.ts';
import { PictureCell } from './picture-cell.tsx';
import styles from './picture-grid.module.css';
import { useWidth } from './use-width.ts';

export interface PictureGridProps {
  readonly controller: ImagesController;
  readonly pictures: readonly ShownPicture[];
  readonly openId: string | undefined;
  readonly selectedIds: ReadonlySet<string>;
  readonly isPreviewing: boolean;
  /** Changes when other pictures are to be seen: the grid begins at its top. */
  readonly viewKey: string;
}

const GAP = 6;
const ROW_HEIGHT = 168;
const NARROW_ROW_HEIGHT = 108;
const NARROW = 560;

/** The rows near the view, as they are to be drawn. */
function useRows(rows: readonly LaidRow[], scroller: React.RefObject<HTMLDivElement | null>) {
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => rows[index]?.height ?? 0,
    gap: GAP,
    overscan: 3,
    // Rows that come a frame late are seen less than a scroll that stutters.
    useFlushSync: false,
  });
  // It keeps sizes by number: another layout has others.
  // biome-ignore lint/correctness/useExhaustiveDependencies: measured anew for other rows
  useLayoutEffect(() => virtual.measure(), [rows, virtual]);
  return virtual;
}

/** Every picture in justified rows, those in view only: as quick with 30,000 as with three. */
export function PictureGrid(props: PictureGridProps) {
  const { controller, pictures, openId, selectedIds, isPreviewing, viewKey } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const width = useWidth(scroller);
  const gridId = useId();
  const [activeId, setActiveId] = useState<string>();
  const rows = useMemo(() => {
    const rowHeight = width < NARROW ? NARROW_ROW_HEIGHT : ROW_HEIGHT;
    return layOutRows(
      pictures.map(({ image }) => aspectOf(image)),
      { width, rowHeight, gap: GAP },
    );
  }, [pictures, width]);
  const virtual = useRows(rows, scroller);
  const places = useMemo(() => new Map(pictures.map(({ image }, place) => [image.id, place])), [pictures]);
  const active = places.get(openId ?? '') ?? places.get(activeId ?? '') ?? 0;
  const idAt = (place: number): string => pictures[place]?.image.id ?? '';

  // biome-ignore lint/correctness/useExhaustiveDependencies: another search begins at its best hit
  useEffect(() => {
    scroller.current?.scrollTo({ top: 0 });
    setActiveId(undefined);
  }, [viewKey]);
  useEffect(() => {
    if (!isPreviewing && openId !== undefined) scroller.current?.focus({ preventScroll: true });
  }, [isPreviewing, openId]);

  const move = (place: number): void => {
    const id = idAt(place);
    setActiveId(id);
    if (openId !== undefined) controller.open(id);
    virtual.scrollToIndex(rowOf(rows, place));
  };
  const first = rows[0];
  const onKeyDown = gridKeys({
    rows,
    count: pictures.length,
    active,
    rowsInView: Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / ((first?.height ?? 1) + GAP))),
    onMove: move,
    onOpen: (place) => controller.open(idAt(place)),
    onPreview: (place) => controller.preview(idAt(place)),
    onSelect: (place) => controller.toggleSelected(idAt(place)),
    onBack: controller.back,
    onDelete(place) {
      const isOfSelection = selectedIds.has(idAt(place));
      void controller.remove(
        isOfSelection ? [...selectedIds] : [idAt(place)],
        pictures.map(({ image }) => image.id),
      );
      setActiveId(idAt(place + 1 < pictures.length ? place + 1 : place - 1));
    },
  });
  const placeOf = ({ target }: MouseEvent): number | undefined => {
    const place = (target as HTMLElement).closest<HTMLElement>('[data-place]')?.dataset.place;
    return place === undefined ? undefined : Number(place);
  };
  const items = virtual.getVirtualItems();
  const drawn = items.flatMap(
    ({ index }) => rows[index]?.cells.map((cell) => ({ ...cell, row: rows[index] })) ?? [],
  );
  const isActiveDrawn = drawn.some(({ index }) => index === active);
  return (
    <div
      ref={scroller}
      role="listbox"
      aria-label="Pictures"
      aria-multiselectable
      tabIndex={0}
      className={styles.grid}
      data-testid="picture-grid"
      {...(isActiveDrawn ? { 'aria-activedescendant': `${gridId}-${idAt(active)}` } : {})}
      onKeyDown={onKeyDown}
      onClick={(event) => {
        const place = placeOf(event);
        if (place === undefined) return;
        setActiveId(idAt(place));
        if (event.ctrlKey || event.metaKey || event.shiftKey) controller.toggleSelected(idAt(place));
        else controller.open(idAt(place));
      }}
      onDoubleClick={(event) => {
        const place = placeOf(event);
        if (place !== undefined) controller.preview(idAt(place));
      }}
    >
      <div role="presentation" className={styles.sizer} style={{ height: virtual.getTotalSize() }}>
        {drawn.map(({ index, left, width: cellWidth, row }) => {
          const shown = pictures[index];
          return shown && row ? (
            <PictureCell
              key={shown.image.id}
              elementId={`${gridId}-${shown.image.id}`}
              image={shown.image}
              score={shown.score}
              seconds={shown.seconds}
              words={shown.words}
              controller={controller}
              place={index}
              count={pictures.length}
              left={left}
              top={row.top}
              width={cellWidth}
              height={row.height}
              isActive={index === active}
              isOpen={shown.image.id === openId}
              isSelected={selectedIds.has(shown.image.id)}
            />
          ) : null;
        })}
      </div>
    </div>
  );
}
