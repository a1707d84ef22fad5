import { useCallback, useEffect, useState } from 'react';
import { isAbort, toAppError } from '#shared/errors.ts';
import { Button } from '#ui/button.tsx';
import { formatNumber } from '#ui/format.ts';
import { useBlobUrl } from '#ui/use-blob-url.ts';
import { nameOf } from '../components/picture-cell.tsx';
import type { ImagesController } from '../images-controller.ts';
import type { ShownPicture } from '../shown-pictures.ts';
import type { Glimpse } from './create-glimpse.ts';
import styles from './picture-strip.module.css';

export interface PictureStripProps {
  readonly controller: ImagesController;
  /** What documents are searched for. */
  readonly words: string;
  /** The pictures' own screen is to be shown: it has the search. */
  readonly onFollow: () => void;
}

const MOST = 8;

function Thumbnail({
  shown,
  controller,
  onOpen,
}: {
  readonly shown: ShownPicture;
  readonly controller: ImagesController;
  readonly onOpen: () => void;
}) {
  const { id } = shown.image;
  const url = useBlobUrl(useCallback(() => controller.thumbnail(id), [controller, id]));
  const name = nameOf(shown);
  return (
    <li>
      <button
        type="button"
        className={styles.tile}
        title={name}
        aria-label={name}
        data-name={shown.image.name}
        data-words={shown.words?.source}
        onClick={onOpen}
      >
        {url ? <img src={url} alt="" draggable={false} /> : null}
      </button>
    </li>
  );
}

const wayThere = (total: number, shown: number): string =>
  shown === 0 ? 'The most similar ones' : total === 1 ? 'The picture' : `All ${formatNumber(total)} pictures`;

/** The newest answer, and what it answers; the one before stays until then, and what fails says so. */
function useGlimpse(controller: ImagesController, words: string) {
  const [answer, setAnswer] = useState<{ words: string; glimpse?: Glimpse; error?: string }>();
  useEffect(() => {
    const abort = new AbortController();
    const { signal } = abort;
    controller.glimpse(words, MOST, { signal }).then(
      (glimpse) => signal.aborted || setAnswer({ words, glimpse }),
      (error: unknown) =>
        signal.aborted || isAbort(error) || setAnswer({ words, error: toAppError(error).message }),
    );
    return () => abort.abort();
  }, [controller, words]);
  return answer;
}

/** Pictures that match what documents are searched for: a row of the best, and the way to all of them. */
export function PictureStrip({ controller, words, onFollow }: PictureStripProps) {
  const answer = useGlimpse(controller, words);
  const { pictures = [], total = 0 } = answer?.glimpse ?? {};
  if (answer?.glimpse && total === 0) return null;
  const follow = (openId?: string): void => {
    void controller.searchFor(words, openId);
    onFollow();
  };
  return (
    <section
      className={styles.strip}
      aria-label="Pictures"
      aria-busy={answer?.words !== words}
      data-testid="picture-strip"
      data-query={answer?.words}
    >
      {answer?.error ? (
        <p className={styles.note}>Pictures could not be searched. {answer.error}</p>
      ) : (
        <>
          {answer?.glimpse && pictures.length === 0 ? (
            <p className={styles.note} role="status">
              No picture shows this.
            </p>
          ) : null}
          <ul>
            {pictures.map((shown) => (
              <Thumbnail
                key={shown.image.id}
                shown={shown}
                controller={controller}
                onOpen={() => follow(shown.image.id)}
              />
            ))}
          </ul>
          {answer ? (
            <Button size="small" variant="quiet" onClick={() => follow()}>
              {wayThere(total, pictures.length)} →
            </Button>
          ) : null}
        </>
      )}
    </section>
  );
}
