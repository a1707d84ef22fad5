import { useCallback } from 'react';
import { Button } from '#ui/button.tsx';
import { formatNumber } from '#ui/format.ts';
import { useLoaded } from '#ui/use-loaded.ts';
import { DescribeButton } from '../captions/describe-button.tsx';
import type { ImagesController } from '../images-controller.ts';
import type { AskAboutPictures } from '../images-state.ts';
import { scoreText } from './picture-cell.tsx';
import styles from './selection-bar.module.css';

/** As many go with one question. */
const MOST_ASKED = 8;

function Similarity({
  a,
  b,
  controller,
}: {
  readonly a: string;
  readonly b: string;
  readonly controller: ImagesController;
}) {
  const loaded = useLoaded(useCallback(() => controller.similarity(a, b), [controller, a, b]));
  if (loaded.status === 'loading') return null;
  if (loaded.status === 'failed') return <span>{loaded.error.message}</span>;
  return (
    <span data-testid="pair-similarity">
      {loaded.value === undefined
        ? 'One of them is not indexed yet.'
        : `Similarity of the two: ${scoreText(loaded.value)}`}
    </span>
  );
}

/** What can be done with several pictures at once; of two, how alike they are. */
export function SelectionBar({
  selectedIds,
  shownIds,
  controller,
  onAsk,
}: {
  readonly selectedIds: ReadonlySet<string>;
  readonly shownIds: readonly string[];
  readonly controller: ImagesController;
  readonly onAsk?: AskAboutPictures | undefined;
}) {
  const ids = [...selectedIds];
  const [a, b] = ids;
  return (
    <div className={styles.bar} role="toolbar" aria-label="Selected pictures" data-testid="selection">
      <span role="status">{formatNumber(ids.length)} selected</span>
      {ids.length === 2 && a !== undefined && b !== undefined ? (
        <Similarity a={a} b={b} controller={controller} />
      ) : null}
      <form
        className={styles.tag}
        onSubmit={(event) => {
          event.preventDefault();
          const field = event.currentTarget.elements.namedItem('tag') as HTMLInputElement;
          void controller.addTag(ids, field.value);
          field.value = '';
        }}
      >
        <input name="tag" aria-label="Tag for the selected pictures" placeholder="Tag them" />
      </form>
      {onAsk ? (
        <Button
          size="small"
          disabled={ids.length > MOST_ASKED}
          {...(ids.length > MOST_ASKED ? { title: `A question takes up to ${MOST_ASKED} pictures` } : {})}
          onClick={() => onAsk(ids)}
        >
          {ids.length === 1 ? 'Ask about this picture' : 'Ask about these'}
        </Button>
      ) : null}
      <Button size="small" onClick={() => void controller.searchWithin(ids)}>
        Search within
      </Button>
      <DescribeButton controller={controller} ids={ids} />
      <Button size="small" variant="danger" onClick={() => void controller.remove(ids, shownIds)}>
        Delete
      </Button>
      <Button size="small" variant="quiet" onClick={controller.clearSelection}>
        Clear
      </Button>
    </div>
  );
}
