import { ChevronLeft, ChevronRight } from 'lucide-react';
import { IconButton } from '#ui/icon-button.tsx';
import styles from './message.module.css';
import type { MessageViewProps } from './message-view.tsx';

/** Arrows between versions of the same turn. */
export function Siblings({ message, siblings, actions }: MessageViewProps) {
  const index = siblings.indexOf(message.id);
  if (siblings.length < 2) return null;
  const go = (step: number) => {
    const id = siblings[index + step];
    if (id) actions.onShowSibling(id);
  };
  return (
    <span className={styles.siblings}>
      <IconButton
        label="Previous version"
        icon={<ChevronLeft />}
        disabled={index <= 0}
        onClick={() => go(-1)}
      />
      <span>
        {index + 1} / {siblings.length}
      </span>
      <IconButton
        label="Next version"
        icon={<ChevronRight />}
        disabled={index >= siblings.length - 1}
        onClick={() => go(1)}
      />
    </span>
  );
}
