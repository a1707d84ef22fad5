import type { Usage } from '#core/ports/chat-engine.ts';
import type { MessageRecord } from '#core/ports/chat-records.ts';
import { formatDuration, formatNumber } from '#ui/format.ts';
import { Popover } from '#ui/popover.tsx';
import styles from './figures.module.css';

function rowsOf(usage: Usage): readonly (readonly [string, string, string])[] {
  return [
    ['First token', formatDuration(usage.ttftMs), `${usage.ttftMs.toFixed(0)} ms`],
    ['Reading', `${formatNumber(usage.prefillTokensPerSecond)} tok/s`, 'New prompt tokens a second'],
    ['Writing', `${formatNumber(usage.decodeTokensPerSecond)} tok/s`, 'Answer tokens a second'],
    ['Prompt', `${formatNumber(usage.promptTokens)} tokens`, 'The whole prompt'],
    ['Reused', `${formatNumber(usage.cachedTokens)} tokens`, 'Taken from the KV cache'],
    ['New', `${formatNumber(usage.promptTokens - usage.cachedTokens)} tokens`, 'Read for this answer'],
    ['Answer', `${formatNumber(usage.completionTokens)} tokens`, 'Reasoning included'],
  ];
}

export interface FiguresProps {
  readonly usage: Usage;
  /** What it ran on, or with which model. */
  readonly origin?: readonly [label: string, value: string] | undefined;
}

/** All figures of one answer. */
export function Figures({ usage, origin }: FiguresProps) {
  return (
    <dl className={styles.figures}>
      {[...(origin ? [[...origin, ''] as const] : []), ...rowsOf(usage)].map(([label, value, hint]) => (
        <div key={label} title={hint} className={styles.figure}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** One quiet line below an answer; all of it on hover. */
export function AnswerFigures({ message: { usage, modelId } }: { readonly message: MessageRecord }) {
  if (usage === undefined) return null;
  return (
    <Popover
      openOnHover
      label="Figures of this answer"
      trigger={
        <button type="button" className={styles.line}>
          {formatNumber(usage.decodeTokensPerSecond)} tok/s · {formatDuration(usage.ttftMs)}
        </button>
      }
    >
      <Figures usage={usage} origin={modelId ? ['Model', modelId] : undefined} />
    </Popover>
  );
}
