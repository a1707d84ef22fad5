import { useMemo, useState } from 'react';
import type { ImageRecord } from '#core/ports/image-records.ts';
import type { TagProbe } from '#core/ports/pictures.ts';
import { isAbort, toAppError, type WireError } from '#shared/errors.ts';
import { Button } from '#ui/button.tsx';
import { ErrorCard } from '#ui/error-card.tsx';
import { formatNumber } from '#ui/format.ts';
import type { ImagesController } from '../images-controller.ts';
import type { ImagesState } from '../images-state.ts';
import { spreadOf } from '../spread.ts';
import { PictureTile } from './picture-tile.tsx';
import styles from './views.module.css';

interface TeachProps {
  readonly tag: string;
  readonly state: ImagesState;
  readonly controller: ImagesController;
}

const FEWEST = 3;
/** A tag that is right less often is not one to rely on. */
const HELPFUL = 0.65;
/** Pictures that are asked about at once. */
const ASKED = 12;

function Tiles({
  images,
  controller,
  actions,
}: {
  readonly images: readonly ImageRecord[];
  readonly controller: ImagesController;
  readonly actions: readonly { readonly label: string; readonly onSelect: (image: ImageRecord) => void }[];
}) {
  return (
    <ul className={styles.tiles}>
      {images.map((image) => (
        <li key={image.id}>
          <PictureTile image={image} controller={controller} />
          <div className={styles.answers}>
            {actions.map(({ label, onSelect }) => (
              <Button key={label} size="small" onClick={() => onSelect(image)}>
                {label}
              </Button>
            ))}
          </div>
        </li>
      ))}
    </ul>
  );
}

/** Learns a tag from pictures that have it and pictures that do not, says how well, and offers more of them. */
export function TeachTag({ tag, state, controller }: TeachProps) {
  const [not, setNot] = useState<ReadonlySet<string>>(new Set());
  const [probe, setProbe] = useState<TagProbe>();
  const [error, setError] = useState<Pick<WireError, 'code' | 'message'>>();
  const ready = useMemo(() => state.images.filter(({ status }) => status === 'ready'), [state.images]);
  const positive = ready.filter(({ tags }) => tags.includes(tag));
  const negative = ready.filter(({ id, tags }) => not.has(id) && !tags.includes(tag));
  const open = ready.filter(({ id, tags }) => !tags.includes(tag) && !not.has(id));
  const byId = new Map(open.map((image) => [image.id, image]));
  const asked = probe
    ? probe.suggested.flatMap(({ imageId }) => byId.get(imageId) ?? [])
    : spreadOf(open, ASKED);
  const isEnough = positive.length >= FEWEST && negative.length >= FEWEST;

  const learn = async (): Promise<void> => {
    setError(undefined);
    try {
      const ids = (images: readonly ImageRecord[]): readonly string[] => images.map(({ id }) => id);
      setProbe(await controller.learnTag(tag, ids(positive), ids(negative), new AbortController().signal));
    } catch (failure) {
      if (!isAbort(failure)) setError(toAppError(failure));
    }
  };
  const accept = (ids: readonly string[]): void => void controller.addTag(ids, tag);
  return (
    <div className={styles.view} data-testid="teach-tag">
      <div className={styles.viewHead}>
        <p>
          Teach “{tag}”: {formatNumber(positive.length)} have it, {formatNumber(negative.length)} do not. It
          takes {FEWEST} of each at least; more make it surer.
        </p>
        <Button size="small" variant="quiet" onClick={() => controller.show('all')}>
          Done
        </Button>
      </div>
      <div className={styles.result}>
        <Button variant="primary" disabled={!isEnough} onClick={() => void learn()}>
          {probe ? 'Learn again' : `Learn “${tag}”`}
        </Button>
        {probe ? (
          <p role="status" data-testid="probe" data-accuracy={probe.accuracy}>
            Right on {Math.round(probe.accuracy * 100)} % of examples that it had not seen ({probe.folds}
            -fold; guessing is 50 %).{' '}
            {probe.accuracy < HELPFUL
              ? 'That is hardly better than guessing: answer for more pictures, then learn again.'
              : `It would tag ${formatNumber(asked.length)} more.`}
          </p>
        ) : null}
        {probe && asked.length > 0 ? (
          <Button onClick={() => accept(asked.map(({ id }) => id))}>
            Tag all {formatNumber(asked.length)}
          </Button>
        ) : null}
      </div>
      {error ? <ErrorCard error={error} /> : null}
      <h3>{probe ? 'Suggestions' : `Are these “${tag}”?`}</h3>
      <Tiles
        images={asked.slice(0, ASKED * 4)}
        controller={controller}
        actions={[
          { label: 'Yes', onSelect: ({ id }) => accept([id]) },
          { label: 'No', onSelect: ({ id }) => setNot(new Set([...not, id])) },
        ]}
      />
      {negative.length > 0 ? (
        <>
          <h3>Not “{tag}”</h3>
          <Tiles
            images={negative}
            controller={controller}
            actions={[
              { label: 'Take back', onSelect: ({ id }) => setNot(new Set([...not].filter((n) => n !== id))) },
            ]}
          />
        </>
      ) : null}
    </div>
  );
}
