import { ScanSearch } from 'lucide-react';
import {
  type CSSProperties,
  lazy,
  type PointerEvent,
  Suspense,
  useCallback,
  useEffect,
  useState,
} from 'react';
import { type ImageRecord, isFilm } from '#core/ports/image-records.ts';
import { Button } from '#ui/button.tsx';
import type { ImagesController } from '../images-controller.ts';
import { baseName } from '../picture-names.ts';
import { type Place, regionBetween } from '../region.ts';
import { aspectOf } from '../shown-pictures.ts';
import styles from './open-picture.module.css';
import { useBlobUrl } from './use-blob-url.ts';

const VideoPlayer = lazy(async () => ({ default: (await import('./video-player.tsx')).VideoPlayer }));

export interface OpenPictureProps {
  readonly image: ImageRecord;
  readonly controller: ImagesController;
}

function placeOf({ currentTarget, clientX, clientY }: PointerEvent): Place {
  const { left, top, width, height } = currentTarget.getBoundingClientRect();
  return [(clientX - left) / width, (clientY - top) / height];
}

/** The picture itself, as large as fits; until its bytes are there, and where the browser cannot show them, its thumbnail. */
function Whole({ image, controller }: OpenPictureProps) {
  const { id } = image;
  const small = useBlobUrl(useCallback(() => controller.thumbnail(id), [controller, id]));
  const whole = useBlobUrl(useCallback(() => controller.original(id), [controller, id]));
  const [failed, setFailed] = useState<string>();
  const url = whole !== undefined && whole !== failed ? whole : small;
  return url ? (
    <img
      src={url}
      alt={baseName(image.name)}
      draggable={false}
      data-testid="open-image"
      onError={() => setFailed(whole)}
    />
  ) : null;
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
  // biome-ignore lint/correctness/useExhaustiveDependencies: a part is one of this picture
  useEffect(() => {
    setFrom(undefined);
    setTo(undefined);
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
        <Whole image={image} controller={controller} />
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
          onClick={() => void controller.searchLike(id, region)}
        >
          Search this region
        </Button>
      ) : null}
    </div>
  );
}
