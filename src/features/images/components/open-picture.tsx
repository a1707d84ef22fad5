import { ScanSearch } from 'lucide-react';
import { type CSSProperties, lazy, type PointerEvent, Suspense, useEffect, useState } from 'react';
import { type ImageRecord, isFilm } from '#core/ports/image-records.ts';
import type { PictureRegion } from '#core/ports/picture-decoder.ts';
import { Button } from '#ui/button.tsx';
import type { ImagesController } from '../images-controller.ts';
import { type Place, regionBetween } from '../region.ts';
import { aspectOf } from '../shown-pictures.ts';
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

/** A rectangle drawn on it can be searched with. */
function StillPicture({ image, controller }: OpenPictureProps) {
  const [from, setFrom] = useState<Place>();
  const [to, setTo] = useState<Place>();
  const [isDrawing, setDrawing] = useState(false);
  const { id } = image;
  const hit = useHit(controller, id);
  const moment = image.isAnimated ? hit : undefined;
  const [isPlaying, setPlaying] = useState(false);
  const seconds = isPlaying ? undefined : moment;
  const search = (region: PictureRegion): void =>
    void (seconds === undefined
      ? controller.searchLike(id, region)
      : controller.searchMoment(id, seconds, region));
  // biome-ignore lint/correctness/useExhaustiveDependencies: a part is one of this picture
  useEffect(() => {
    setFrom(undefined);
    setTo(undefined);
    setPlaying(false);
  }, [id]);
  const region = from && to ? regionBetween(from, to) : undefined;
  const share = (value: number): string => `${value * 100}%`;
  return (
    <div className={styles.stage}>
      <div
        className={styles.picture}
        style={{ '--aspect': aspectOf(image), '--natural': image.width ?? 320 } as CSSProperties}
        data-testid="region-picker"
        onPointerDown={(event) => {
          if (event.button !== 0 || (event.target as Element).closest('button')) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          setDrawing(true);
          setFrom(placeOf(event));
          setTo(undefined);
        }}
        onPointerMove={(event) => {
          if (isDrawing) setTo(placeOf(event));
        }}
        onPointerUp={() => setDrawing(false)}
        onPointerCancel={() => setDrawing(false)}
      >
        <WholePicture image={image} controller={controller} seconds={seconds} />
        {region ? (
          <div
            className={styles.region}
            style={{
              left: share(region.x),
              top: share(region.y),
              width: share(region.width),
              height: share(region.height),
            }}
          />
        ) : null}
      </div>
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
