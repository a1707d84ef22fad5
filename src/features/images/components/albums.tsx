import { Pencil } from 'lucide-react';
import { useCallback, useState } from 'react';
import type { ImageRecord } from '#core/ports/image-records.ts';
import type { Album } from '#core/ports/pictures.ts';
import { Button } from '#ui/button.tsx';
import { ErrorCard } from '#ui/error-card.tsx';
import { formatNumber } from '#ui/format.ts';
import { IconButton } from '#ui/icon-button.tsx';
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

/** The album's name, or the field in which it gets another. */
function AlbumName({
  album: { name, suggestion },
  onRename,
}: {
  readonly album: Album;
  readonly onRename: (name: string) => void;
}) {
  const [isOpen, setOpen] = useState(false);
  if (!isOpen)
    return (
      <>
        <h3>{name}</h3>
        <IconButton label={`Rename “${name}”`} icon={<Pencil />} onClick={() => setOpen(true)} />
      </>
    );
  return (
    <form
      className={styles.rename}
      onSubmit={(event) => {
        event.preventDefault();
        const field = event.currentTarget.elements.namedItem('name') as HTMLInputElement;
        setOpen(false);
        if (field.value.trim() !== name) onRename(field.value);
      }}
    >
      <input
        // biome-ignore lint/a11y/noAutofocus: it was just asked for
        autoFocus
        name="name"
        defaultValue={name}
        aria-label={`New name of “${name}”`}
        placeholder={suggestion ?? name}
        title="Without a name it is called by the label that fits best"
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          event.stopPropagation();
          setOpen(false);
        }}
      />
      <Button type="submit" size="small">
        Rename
      </Button>
    </form>
  );
}

function AlbumView({
  album,
  members,
  controller,
  onRename,
}: {
  readonly album: Album;
  readonly members: readonly ImageRecord[];
  readonly controller: ImagesController;
  readonly onRename: (name: string) => void;
}) {
  const { name } = album;
  const [isWhole, setWhole] = useState(false);
  const shown = isWhole ? members : members.slice(0, FIRST);
  const ids = members.map(({ id }) => id);
  const isTagged = members.every(({ tags }) => tags.includes(name));
  return (
    <li className={styles.group} data-testid="album">
      <div className={styles.groupHead}>
        <AlbumName album={album} onRename={onRename} />
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
  const [renames, setRenames] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: other labels are other names, and so are the user's own
  const load = useCallback(
    (signal: AbortSignal) => controller.albums(count, signal),
    [controller, count, state.labels, renames],
  );
  const loaded = useLoaded(load);
  const rename = async (album: Album, name: string): Promise<void> => {
    await controller.renameAlbum(album, name);
    setRenames((count) => count + 1);
  };
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
        {(loaded.status === 'ready' ? loaded.value : []).map((album) => {
          const { imageIds } = album;
          const members = imageIds.flatMap((id) => byId.get(id) ?? []);
          return members.length > 0 ? (
            <AlbumView
              key={imageIds[0]}
              album={album}
              members={members}
              controller={controller}
              onRename={(name) => void rename(album, name)}
            />
          ) : null;
        })}
      </ul>
    </div>
  );
}
