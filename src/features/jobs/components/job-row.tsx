import { Check, CircleAlert, CircleSlash, Pause, Play, RotateCw, Square, X } from 'lucide-react';
import { type ReactElement, useState } from 'react';
import type { JobRecord } from '#core/ports/job-records.ts';
import { shareOf } from '#shared/call.ts';
import { Button } from '#ui/button.tsx';
import { formatRelativeTime } from '#ui/format.ts';
import { IconButton } from '#ui/icon-button.tsx';
import { ProgressBar } from '#ui/progress-bar.tsx';
import { jobInWords, keptAfterStop } from '../job-words.ts';
import type { JobsController } from '../jobs-controller.ts';
import { isActive, isOver, type JobView } from '../jobs-state.ts';
import styles from './job-tray.module.css';
import { StopIngestDialog } from './stop-ingest-dialog.tsx';

const MARKS: Partial<Record<JobRecord['state'], ReactElement>> = {
  done: <Check aria-hidden />,
  cancelled: <CircleSlash aria-hidden />,
  failed: <CircleAlert aria-hidden />,
};

function Actions({ job, controller }: { readonly job: JobRecord; readonly controller: JobsController }) {
  const { id, label, kind, state } = job;
  const [isAsking, setAsking] = useState(false);
  if (isOver(job))
    return <IconButton label={`Dismiss ${label}`} icon={<X />} onClick={() => void controller.dismiss(id)} />;
  if (state === 'failed') return null;
  return (
    <>
      {isActive(job) ? (
        <IconButton label={`Pause ${label}`} icon={<Pause />} onClick={() => void controller.pause(id)} />
      ) : (
        <IconButton
          label={`Go on with ${label}`}
          icon={<Play />}
          onClick={() => void controller.resume(id)}
        />
      )}
      <IconButton
        label={`Stop ${label}`}
        aria-description={keptAfterStop(kind)}
        icon={<Square />}
        onClick={() => (controller.hasChoice(kind) ? setAsking(true) : void controller.stop(id))}
      />
      <StopIngestDialog
        job={job}
        open={isAsking}
        onOpenChange={setAsking}
        onKeep={() => void controller.stop(id)}
        onDiscard={() => void controller.discard(id, kind)}
      />
    </>
  );
}

/** One job: what it is, how far it is, when it will be ready, and how to pause, stop or try it again. */
export function JobRow({
  view,
  controller,
}: {
  readonly view: JobView;
  readonly controller: JobsController;
}) {
  const { job } = view;
  const { id, label, state } = job;
  const share = shareOf(job.progress);
  return (
    <li className={styles.job} data-testid="job" data-state={state}>
      {MARKS[state] ? <span className={styles.mark}>{MARKS[state]}</span> : null}
      <div className={styles.text}>
        <p className={styles.label}>{label}</p>
        <p className={styles.words} {...(job.error ? { 'data-code': job.error.code } : {})}>
          {jobInWords(view, isOver(job) ? formatRelativeTime(job.updatedAt) : '')}
        </p>
        {isActive(job) || state === 'paused' ? (
          <ProgressBar value={state === 'running' ? share : (share ?? 0)} label={label} />
        ) : null}
        {state === 'failed' ? (
          <div className={styles.retry}>
            <Button size="small" icon={<RotateCw />} onClick={() => void controller.resume(id)}>
              Try again
            </Button>
            <Button size="small" variant="quiet" onClick={() => void controller.dismiss(id)}>
              Dismiss
            </Button>
          </div>
        ) : null}
      </div>
      <div className={styles.actions}>
        <Actions job={job} controller={controller} />
      </div>
    </li>
  );
}
