import { Pause, Play, Square, X } from 'lucide-react';
import type { ImageRecord } from '#core/ports/image-records.ts';
import type { JobRecord } from '#core/ports/job-records.ts';
import type { Progress } from '#shared/call.ts';
import { Button } from '#ui/button.tsx';
import { ErrorCard } from '#ui/error-card.tsx';
import { formatDuration, formatNumber } from '#ui/format.ts';
import { IconButton } from '#ui/icon-button.tsx';
import { ProgressBar } from '#ui/progress-bar.tsx';
import styles from '../images.module.css';
import type { ImagesController } from '../images-controller.ts';
import type { ImagesState } from '../images-state.ts';
import { baseName } from '../picture-names.ts';

const PHASES: Partial<Record<Progress['phase'], string>> = {
  download: 'Fetching the picture model',
  verify: 'Checking the picture model',
  load: 'Loading the picture model',
};

/** '34 of 120 pictures'; of a film that is being read how far it is, '34 of 120 pictures · beach.mp4, 0:12 of 1:30'. */
function inWords({ phase, done, total, unit, share: within, label }: Progress): string {
  const isShare = unit === 'bytes' || unit === 'fraction';
  const share = total ? `${Math.round((done / total) * 100)} %` : '';
  const count = `${formatNumber(done)}${total === undefined ? '' : ` of ${formatNumber(total)}`} pictures`;
  return [PHASES[phase], isShare ? share : count, within === undefined ? '' : label]
    .filter(Boolean)
    .join(' · ');
}

interface JobProps {
  readonly job: JobRecord;
  readonly remainingMs: number | undefined;
  readonly controller: ImagesController;
}

/** A job that reads pictures: how far it is, how long it will take, and how to stop it. */
function IngestBar({ job, remainingMs, controller }: JobProps) {
  if (job.state === 'failed') {
    const error = job.error ?? { code: 'internal/unexpected', message: 'It stopped without saying why.' };
    return (
      <ErrorCard
        error={error}
        actions={
          <>
            <Button size="small" onClick={() => void controller.resumeJob(job.id)}>
              Go on
            </Button>
            <Button size="small" variant="quiet" onClick={() => void controller.dismissJob(job.id)}>
              Dismiss
            </Button>
          </>
        }
      />
    );
  }
  const { progress, state } = job;
  const isPaused = state === 'paused';
  const isText = job.kind === 'image-text';
  const value = progress?.share ?? (progress?.total ? progress.done / progress.total : undefined);
  return (
    <div className={styles.job} data-testid={isText ? 'image-text-job' : 'image-job'} data-state={state}>
      <div className={styles.jobText}>
        <span className={styles.jobLabel}>{job.label}</span>
        <span className={styles.quiet}>
          {isPaused ? 'Paused' : progress ? inWords(progress) : 'Starting'}
          {!isPaused && remainingMs !== undefined ? ` · ${formatDuration(remainingMs)} left` : ''}
        </span>
      </div>
      <ProgressBar value={isPaused ? (value ?? 0) : value} label={job.label} />
      <div className={styles.jobActions}>
        {isPaused ? (
          <IconButton label="Go on" icon={<Play />} onClick={() => void controller.resumeJob(job.id)} />
        ) : (
          <IconButton label="Pause" icon={<Pause />} onClick={() => void controller.pauseJob(job.id)} />
        )}
        <IconButton
          label={`Stop; what was ${isText ? 'read' : 'indexed'} stays`}
          icon={<Square />}
          onClick={() => void controller.stopJob(job.id)}
        />
      </div>
    </div>
  );
}

/** More than these are put together, or a folder of other files would push the pictures off the screen. */
const SHOWN_ONE_BY_ONE = 3;

function Refused({
  controller,
  state,
}: {
  readonly controller: ImagesController;
  readonly state: ImagesState;
}) {
  const { rejected } = state;
  if (rejected.length === 0) return null;
  const dismissAll = (): void => {
    for (const file of rejected) controller.dismissRejected(file);
  };
  const count = formatNumber(rejected.length);
  return (
    <div className={styles.broken} role="alert">
      <details open={rejected.length <= SHOWN_ONE_BY_ONE}>
        <summary>{rejected.length === 1 ? 'A file was not added' : `${count} files were not added`}</summary>
        <ul>
          {rejected.map(({ name, message, code }) => (
            <li key={name + message} data-code={code}>
              <p>
                <strong>{name}</strong> {message}
              </p>
            </li>
          ))}
        </ul>
      </details>
      <IconButton label="Dismiss" icon={<X />} onClick={dismissAll} />
    </div>
  );
}

/** Pictures that could not be read, by name, with what can be done. */
function Broken({
  controller,
  broken,
}: {
  readonly controller: ImagesController;
  readonly broken: readonly ImageRecord[];
}) {
  if (broken.length === 0) return null;
  const ids = broken.map(({ id }) => id);
  const count = formatNumber(broken.length);
  return (
    <div className={styles.broken} data-testid="broken-pictures">
      <details open={broken.length <= SHOWN_ONE_BY_ONE}>
        <summary>
          {broken.length === 1 ? 'A picture could not be read' : `${count} pictures could not be read`}
        </summary>
        <ul>
          {broken.map(({ id, name, error }) => (
            <li key={id} data-code={error?.code}>
              <p>
                {error?.message.includes(baseName(name)) ? null : <strong>{baseName(name)} </strong>}
                {error?.message}
              </p>
              <Button size="small" variant="quiet" onClick={() => void controller.retry([id])}>
                Try again
              </Button>
              <Button size="small" variant="quiet" onClick={() => void controller.remove([id])}>
                Remove
              </Button>
            </li>
          ))}
        </ul>
        {broken.length > 1 ? (
          <div className={styles.brokenActions}>
            <Button size="small" onClick={() => void controller.retry(ids)}>
              Try all again
            </Button>
            <Button size="small" onClick={() => void controller.remove(ids)}>
              Remove all
            </Button>
          </div>
        ) : null}
      </details>
    </div>
  );
}

function Waiting({
  controller,
  state,
}: {
  readonly controller: ImagesController;
  readonly state: ImagesState;
}) {
  const { images, jobs, stale, addingCount } = state;
  const isBusy = addingCount > 0 || jobs.some(({ state: now }) => now !== 'failed');
  const waiting = images.filter(({ status }) => status === 'queued').length;
  const others = (stale?.imageIds.length ?? 0) - waiting;
  if (isBusy || (waiting === 0 && others <= 0)) return null;
  const count = (n: number): string => (n === 1 ? '1 picture' : `${formatNumber(n)} pictures`);
  return (
    <div className={styles.waiting} data-testid="waiting-pictures">
      <p>
        {waiting > 0
          ? `Not yet indexed: ${count(waiting)}. ${waiting === 1 ? 'It is' : 'They are'} stored, but no search finds ${waiting === 1 ? 'it' : 'them'}.`
          : `${count(others)} ${others === 1 ? 'was' : 'were'} read by another model, and ${others === 1 ? 'is' : 'are'} found by it still.`}
      </p>
      <Button size="small" onClick={() => void controller.indexWaiting()}>
        {waiting > 0 ? 'Index them' : `Index with ${stale?.embedderLabel}`}
      </Button>
    </div>
  );
}

/** What goes on, what waits and what went wrong, above the pictures. */
export function IngestNotices({
  controller,
  state,
}: {
  readonly controller: ImagesController;
  readonly state: ImagesState;
}) {
  const { jobs, addingCount, addError, images } = state;
  const measured = jobs.find((job) => job.state === 'running');
  return (
    <div className={styles.notices}>
      {addingCount > 0 ? (
        <p className={styles.note} role="status">
          Taking in {formatNumber(addingCount)} {addingCount === 1 ? 'file' : 'files'}…
        </p>
      ) : null}
      {addError ? (
        <ErrorCard
          error={addError}
          actions={
            <Button size="small" onClick={controller.dismissAddError}>
              Dismiss
            </Button>
          }
        />
      ) : null}
      <Refused controller={controller} state={state} />
      {jobs.map((job) => (
        <IngestBar
          key={job.id}
          job={job}
          remainingMs={job === measured ? state.remainingMs : undefined}
          controller={controller}
        />
      ))}
      <Broken controller={controller} broken={images.filter(({ status }) => status === 'failed')} />
      <Waiting controller={controller} state={state} />
    </div>
  );
}
