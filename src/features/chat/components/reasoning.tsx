import { ChevronRight } from 'lucide-react';
import { useState } from 'react';
import { formatDuration } from '#ui/format.ts';
import { Markdown } from '#ui/markdown.tsx';
import styles from './message.module.css';

export interface ReasoningProps {
  readonly text: string;
  readonly durationMs: number | undefined;
  readonly isStreaming: boolean;
}

/** One line while it thinks and after; open on request. */
export function Reasoning({ text, durationMs, isStreaming }: ReasoningProps) {
  const [isOpen, setOpen] = useState(false);
  const label = isStreaming
    ? 'Thinking…'
    : durationMs === undefined
      ? 'Thought'
      : `Thought for ${formatDuration(durationMs)}`;
  return (
    <div className={styles.reasoning}>
      <button type="button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        <ChevronRight aria-hidden data-open={isOpen} />
        {label}
      </button>
      {isOpen ? (
        <div className={styles.reasoningText}>
          <Markdown text={text} isStreaming={isStreaming} />
        </div>
      ) : null}
    </div>
  );
}
