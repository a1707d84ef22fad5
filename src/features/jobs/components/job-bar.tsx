import { Pause, Play, Square } from 'lucide-react';
import { useState } from 'react';
import type { JobRecord } from '#core/ports/job-records.ts';
import { type Progress, shareOf } from '#shared/call.ts';
import { Button } from '#ui/button.tsx';
import { ErrorCard } from '#ui/error-card.tsx';
import { formatDuration } from '#ui/format.ts';
import { IconButton } from '#ui/icon-button.tsx';
import { ProgressBar } from '#ui/progress-bar.tsx';
import styles from './job-bar.module.css';
import { StopIngestDialog } from './stop-ingest-dialog.tsx';

export interface JobBarProps {
  readonly job: JobRecord;
  /** Left out while nothing was measured. */
  readonly remainingMs: number | undefined;
  readonly controller: Readonly<
    Record<'resumeJob' | 'pauseJob' | 'stopJob' | 'dismissJob', (id: string) => void | Promise<void>>
  >;
  /** How far it is, in the words of its screen. */
  readonly inWords: (progress: Progress) => string;
  readonly stopLabel: string;
  /** Takes back what the job has done; where it is given, who stops the job is asked. */
  readonly onDiscard?: (() => void) | undefined;
  readonly testId: string;
}

/** A job over the screen that it works for: how far it is, how long it will take, and how to stop it. */
export function JobBar(props: JobBarProps) {
  const { job, remainingMs, controller, inWords, stopLabel, onDiscard, testId } = props;
  const [isAsking, setAsking] = useState(false);
  const { id, label, progress, state } = job;
  if (state === 'failed') {
    const error = job.error ?? { code: 'internal/unexpected', message: 'It stopped without saying why.' };
    return (
      <ErrorCard
        error={error}
        actions={
          <>
            <Button size="small" onClick={() => void controller.resumeJob(id)}>
              Go on
            </Button>
            <Button size="small" variant="quiet" onClick={() => void controller.dismissJob(id)}>
              Dismiss
            </Button>
          </>
        }
      />
    );
  }
  const isPaused = state === 'paused';
  const value = shareOf(progress);
  return (
    <div className={styles.job} data-testid={testId} data-state={state}>
      <div className={styles.text}>
        <span className={styles.label}>{label}</span>
        <span className={styles.words}>
          {isPaused ? 'Paused' : progress ? inWords(progress) : 'Starting'}
          {!isPaused && remainingMs !== undefined ? ` · ${formatDuration(remainingMs)} left` : ''}
        </span>
      </div>
      <ProgressBar value={isPaused ? (value ?? 0) : value} label={label} />
      <div className={styles.actions}>
        {isPaused ? (
          <IconButton label="Go on" icon={<Play />} onClick={() => void controller.resumeJob(id)} />
        ) : (
          <IconButton label="Pause" icon={<Pause />} onClick={() => void controller.pauseJob(id)} />
        )}
        <IconButton
          label={stopLabel}
          icon={<Square />}
          onClick={() => (onDiscard ? setAsking(true) : void controller.stopJob(id))}
        />
      </div>
      {onDiscard ? (
        <StopIngestDialog
          job={job}
          open={isAsking}
          onOpenChange={setAsking}
          onKeep={() => void controller.stopJob(id)}
          onDiscard={onDiscard}
        />
      ) : null}
    </div>
  );
}
