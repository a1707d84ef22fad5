import { useCallback, useState } from 'react';
import type { ImageRecord } from '#core/ports/image-records.ts';
import { Button } from '#ui/button.tsx';
import { ErrorCard } from '#ui/error-card.tsx';
import { formatNumber } from '#ui/format.ts';
import { Slider } from '#ui/slider.tsx';
import { useLoaded } from '#ui/use-loaded.ts';
import type { ImagesController } from '../images-controller.ts';
import type { ImagesState } from '../images-state.ts';
import { PictureTile } from './picture-tile.tsx';
import styles from './views.module.css';

interface AlbumsProps {
  readonly state: ImagesState;
  readonly controller: ImagesController;
}

/** Pictures of an album that are drawn before the rest is asked for. */
const FIRST = 12;
const FEWEST = 2;
const MOST = 24;

/** As many as let an album be looked through: the square root of half of the pictures. */
const sensibleCount = (pictures: number): number =>
  Math.min(MOST, Math.max(FEWEST, Math.round(Math.sqrt(pictures / 2))));

function AlbumView({
  name,
  members,
  controller,
}: {
  readonly name: string;
  readonly members: readonly ImageRecord[];
  readonly controller: ImagesController;
}) {
  const [isWhole, setWhole] = useState(false);
  const shown = isWhole ? members : members.slice(0, FIRST);
  const ids = members.map(({ id }) => id);
  const isTagged = members.every(({ tags }) => tags.includes(name));
  return (
    <li className={styles.group} data-testid="album">
      <div className={styles.groupHead}>
        <h3>{name}</h3>
        <span className={styles.quiet}>{formatNumber(members.length)}</span>
        <Button
          size="small"
          variant="quiet"
          disabled={isTagged}
          onClick={() => void controller.addTag(ids, name)}
        >
          {isTagged ? 'Tagged' : `Tag all “${name}”`}
        </Button>
      </div>
      <ul className={styles.tiles}>
        {shown.map((image) => (
          <li key={image.id}>
            <PictureTile image={image} controller={controller} />
          </li>
        ))}
        {members.length > shown.length ? (
          <li className={styles.more}>
            <Button onClick={() => setWhole(true)}>{formatNumber(members.length - shown.length)} more</Button>
          </li>
        ) : null}
      </ul>
    </li>
  );
}

/** Pictures that look alike, together under the label that fits them best. */
export function Albums({ state, controller }: AlbumsProps) {
  const [wanted, setCount] = useState<number>();
  const count = wanted ?? sensibleCount(state.images.length);
  // biome-ignore lint/correctness/useExhaustiveDependencies: other labels are other names
  const load = useCallback(
    (signal: AbortSignal) => controller.albums(count, signal),
    [controller, count, state.labels],
  );
  const loaded = useLoaded(load);
  const byId = new Map(state.images.map((image) => [image.id, image]));
  return (
    <div className={styles.view} data-testid="albums">
      <div className={styles.viewHead}>
        <p>Pictures that look alike. The names are suggestions from your labels.</p>
        <div className={styles.slider}>
          <Slider label="Albums" min={FEWEST} max={MOST} step={1} value={count} onChange={setCount} />
        </div>
      </div>
      {loaded.status === 'failed' ? <ErrorCard error={loaded.error} /> : null}
      {loaded.status === 'loading' ? (
        <p className={styles.quiet} role="status">
          Sorting the pictures…
        </p>
      ) : null}
      <ul className={styles.groups}>
        {(loaded.status === 'ready' ? loaded.value : []).map(({ name, imageIds }) => {
          const members = imageIds.flatMap((id) => byId.get(id) ?? []);
          return members.length > 0 ? (
            <AlbumView key={imageIds[0]} name={name} members={members} controller={controller} />
          ) : null;
        })}
      </ul>
    </div>
  );
}
