import { CopyCheck } from 'lucide-react';
import { useCallback, useState } from 'react';
import type { ImageRecord } from '#core/ports/image-records.ts';
import type { PictureGroup } from '#core/ports/pictures.ts';
import { Button } from '#ui/button.tsx';
import { EmptyState } from '#ui/empty-state.tsx';
import { ErrorCard } from '#ui/error-card.tsx';
import { formatBytes, formatNumber } from '#ui/format.ts';
import { useLoaded } from '#ui/use-loaded.ts';
import type { ImagesController } from '../images-controller.ts';
import type { ImagesState } from '../images-state.ts';
import { baseName } from '../picture-names.ts';
import { PictureTile } from './picture-tile.tsx';
import styles from './views.module.css';

interface GroupProps {
  readonly kind: PictureGroup['kind'];
  /** The best first. */
  readonly members: readonly ImageRecord[];
  readonly controller: ImagesController;
}

const KINDS: Readonly<Record<PictureGroup['kind'], string>> = {
  same: 'The same picture',
  alike: 'Nearly the same',
};

function Group({ kind, members, controller }: GroupProps) {
  const others = members.slice(1);
  const freed = others.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  return (
    <li className={styles.group} data-testid="duplicate-group" data-kind={kind}>
      <div className={styles.groupHead}>
        <h3>{KINDS[kind]}</h3>
        <Button size="small" onClick={() => void controller.remove(others.map(({ id }) => id))}>
          Keep the best, remove {others.length === 1 ? 'the other' : `${others.length} others`} (
          {formatBytes(freed)})
        </Button>
      </div>
      <ul className={styles.tiles}>
        {members.map((image, i) => (
          <li key={image.id}>
            <PictureTile image={image} controller={controller} isMarked={i === 0} />
            <p className={styles.caption} title={image.name}>
              {i === 0 ? <strong>Best · </strong> : null}
              {baseName(image.name)}
              <br />
              {image.width} × {image.height} · {formatBytes(image.sizeBytes)}
            </p>
          </li>
        ))}
      </ul>
    </li>
  );
}

/** Pictures that are there more than once, with the one to keep first. */
export function Duplicates({
  state,
  controller,
}: {
  readonly state: ImagesState;
  readonly controller: ImagesController;
}) {
  const [round, setRound] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: looked for again when it is asked for
  const load = useCallback((signal: AbortSignal) => controller.groups(signal), [controller, round]);
  const loaded = useLoaded(load);
  if (loaded.status === 'loading')
    return (
      <p className={styles.message} role="status">
        Comparing the pictures…
      </p>
    );
  if (loaded.status === 'failed')
    return (
      <div className={styles.message}>
        <ErrorCard
          error={loaded.error}
          actions={<Button onClick={() => setRound(round + 1)}>Try again</Button>}
        />
      </div>
    );
  const byId = new Map(state.images.map((image) => [image.id, image]));
  // What was removed meanwhile is no duplicate any more; what came back by undo is one again.
  const groups = loaded.value
    .map(({ kind, imageIds }) => ({ kind, members: imageIds.flatMap((id) => byId.get(id) ?? []) }))
    .filter(({ members }) => members.length > 1);
  if (groups.length === 0)
    return (
      <EmptyState
        icon={<CopyCheck />}
        title="No duplicates"
        text="Each picture is here once: none has a copy in another size or format, and none looks nearly the same."
      />
    );
  const all = groups.flatMap(({ members }) => members.slice(1).map(({ id }) => id));
  return (
    <div className={styles.view} data-testid="duplicates">
      <div className={styles.viewHead}>
        <p role="status">
          {groups.length === 1 ? '1 group' : `${formatNumber(groups.length)} groups`} of pictures that are
          here more than once
        </p>
        {groups.length > 1 ? (
          <Button size="small" onClick={() => void controller.remove(all)}>
            Keep the best of each, remove {formatNumber(all.length)}
          </Button>
        ) : null}
      </div>
      <ul className={styles.groups}>
        {groups.map(({ kind, members }) => (
          <Group key={members[0]?.id} kind={kind} members={members} controller={controller} />
        ))}
      </ul>
    </div>
  );
}
