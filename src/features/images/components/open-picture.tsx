import { Crop, ScanSearch } from 'lucide-react';
import {
  type CSSProperties,
  lazy,
  type PointerEvent,
  Suspense,
  useCallback,
  useEffect,
  useRef,
  useState,
} from 'react';
import { type ImageRecord, isFilm } from '#core/ports/image-records.ts';
import type { PictureRegion } from '#core/ports/picture-decoder.ts';
import { Button } from '#ui/button.tsx';
import { IconButton } from '#ui/icon-button.tsx';
import type { ImagesController } from '../images-controller.ts';
import { MIDDLE, type Place, regionBetween } from '../region.ts';
import { aspectOf } from '../shown-pictures.ts';
import { CropBox } from './crop-box.tsx';
import styles from './open-picture.module.css';
import { useHit } from './use-hit.ts';
import { MomentBar, WholePicture } from './whole-picture.tsx';

const VideoPlayer = lazy(async () => ({ default: (await import('./video-player.tsx')).VideoPlayer }));

export interface OpenPictureProps {
  readonly image: ImageRecord;
  readonly controller: ImagesController;
}

function placeOf({ currentTarget, clientX, clientY }: PointerEvent): Place {
  const { left, top, width, height } = currentTarget.getBoundingClientRect();
  return [(clientX - left) / width, (clientY - top) / height];
}

/** A picture that fits its frame, or a film with its player. */
export function OpenPicture(props: OpenPictureProps) {
  if (!isFilm(props.image)) return <StillPicture {...props} />;
  return (
    <Suspense>
      <VideoPlayer key={props.image.id} {...props} />
    </Suspense>
  );
}

/** The part of a picture that is drawn, by pointer or key; gone when another picture is shown. */
function usePart(id: string) {
  const [from, setFrom] = useState<Place>();
  const [to, setTo] = useState<Place>();
  const [isDrawing, setDrawing] = useState(false);
  const [isByKey, setByKey] = useState(false);
  const clear = useCallback(() => {
    setFrom(undefined);
    setTo(undefined);
    setByKey(false);
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a part is one of this picture
  useEffect(clear, [id]);
  const set = ({ x, y, width, height }: PictureRegion): void => {
    setFrom([x, y]);
    setTo([x + width, y + height]);
  };
  const draw = {
    onPointerDown(event: PointerEvent) {
      if (event.button !== 0 || (event.target as Element).closest('button')) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      setByKey(false);
      setDrawing(true);
      setFrom(placeOf(event));
      setTo(undefined);
    },
    onPointerMove(event: PointerEvent) {
      if (isDrawing) setTo(placeOf(event));
    },
    onPointerUp: () => setDrawing(false),
    onPointerCancel: () => setDrawing(false),
  };
  return {
    region: from && to ? regionBetween(from, to) : undefined,
    isDrawing,
    isByKey,
    draw,
    set,
    clear,
    begin(): void {
      set(MIDDLE);
      setByKey(true);
    },
  };
}

/** A rectangle drawn on it can be searched with. */
function StillPicture({ image, controller }: OpenPictureProps) {
  const { id } = image;
  const { region, isDrawing, isByKey, draw, set, clear, begin } = usePart(id);
  const chooser = useRef<HTMLButtonElement>(null);
  const hit = useHit(controller, id);
  const moment = image.isAnimated ? hit : undefined;
  const [isPlaying, setPlaying] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another picture stands still, too
  useEffect(() => setPlaying(false), [id]);
  // A part is drawn on what stands still, and that is what is searched with: of an animation one moment, not what plays.
  const isChoosing = isDrawing || region !== undefined;
  const seconds =
    image.isAnimated && (isChoosing || (moment !== undefined && !isPlaying)) ? (moment ?? 0) : undefined;
  const search = (part: PictureRegion): void =>
    void (seconds === undefined
      ? controller.searchLike(id, part)
      : controller.searchMoment(id, seconds, part));
  return (
    <div className={styles.stage}>
      <div
        className={styles.picture}
        style={{ '--aspect': aspectOf(image), '--natural': image.width ?? 320 } as CSSProperties}
        data-testid="region-picker"
        {...draw}
      >
        <WholePicture image={image} controller={controller} seconds={seconds} />
        {region ? (
          <CropBox
            region={region}
            takesFocus={isByKey}
            onChange={set}
            onSearch={() => search(region)}
            onLeave={() => {
              clear();
              chooser.current?.focus();
            }}
          />
        ) : null}
      </div>
      <IconButton
        ref={chooser}
        label="Choose a part to search with"
        icon={<Crop />}
        className={styles.choose ?? ''}
        onClick={begin}
      />
      {region && !isDrawing ? (
        <Button
          size="small"
          variant="primary"
          icon={<ScanSearch />}
          className={styles.search ?? ''}
          onClick={() => search(region)}
        >
          Search this region
        </Button>
      ) : moment === undefined ? null : (
        <MomentBar seconds={moment} isPlaying={isPlaying} onPlay={setPlaying} />
      )}
    </div>
  );
}
