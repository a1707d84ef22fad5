import { ChevronDown, ChevronUp } from 'lucide-react';
import { IconButton } from '#ui/icon-button.tsx';
import { VisuallyHidden } from '#ui/visually-hidden.tsx';
import styles from '../viewer.module.css';
import type { HitWalk } from './use-hits.ts';

/** “2 of 5”, with a step to either side; said aloud whenever it changes. */
export function HitBar({ walk }: { readonly walk: HitWalk }) {
  const { index, count, next, previous } = walk;
  if (count < 2) return null;
  const place = index === -1 ? `${count} hits` : `${index + 1} of ${count}`;
  return (
    <div className={styles.hits} role="group" aria-label="Hits in this document">
      <IconButton
        label="Previous hit"
        aria-keyshortcuts="p Alt+ArrowUp"
        icon={<ChevronUp />}
        onClick={previous}
      />
      <span className={styles.hitCount} role="status" data-testid="hit-count">
        {index === -1 ? null : <VisuallyHidden>Hit </VisuallyHidden>}
        {place}
      </span>
      <IconButton
        label="Next hit"
        aria-keyshortcuts="n Alt+ArrowDown"
        icon={<ChevronDown />}
        onClick={next}
      />
    </div>
  );
}
