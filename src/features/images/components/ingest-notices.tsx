import { X } from 'lucide-react';
import type { ImageRecord } from '#core/ports/image-records.ts';
import type { JobKind, JobRecord } from '#core/ports/job-records.ts';
import { JobBar } from '#features/jobs/index.ts';
import type { Progress } from '#shared/call.ts';
import { Button } from '#ui/button.tsx';
import { formatNumber } from '#ui/format.ts';
import { IconButton } from '#ui/icon-button.tsx';
import { Notice, Notices, Reason, Reasons, TakingIn } from '#ui/notices.tsx';
import type { ImagesController } from '../images-controller.ts';
import type { ImagesState } from '../images-state.ts';
import { baseName } from '../picture-names.ts';

const PHASES: Partial<Record<Progress['phase'], string>> = {
  download: 'Fetching the picture model',
  verify: 'Checking the picture model',
  load: 'Loading the model',
};

const DONE: Partial<Record<JobKind, string>> = { 'image-text': 'read', 'image-captions': 'described' };

/** '34 of 120 pictures'; of a film that is being read how far it is, '34 of 120 pictures · beach.mp4, 0:12 of 1:30'. */
function inWords({ phase, done, total, unit, share: within, label }: Progress): string {
  // The items of a load are its steps, not pictures.
  const isShare = unit === 'bytes' || unit === 'fraction' || phase === 'load';
  const share = total ? `${Math.round((done / total) * 100)} %` : '';
  const count = `${formatNumber(done)}${total === undefined ? '' : ` of ${formatNumber(total)}`} pictures`;
  return [PHASES[phase], isShare ? share : count, within === undefined ? '' : label]
    .filter(Boolean)
    .join(' · ');
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
    <Notice isRefusal role="alert">
      <Reasons
        isOpen={rejected.length <= SHOWN_ONE_BY_ONE}
        summary={rejected.length === 1 ? 'A file was not added' : `${count} files were not added`}
      >
        {rejected.map((file) => (
          <Reason key={file.name + file.message} name={file.name} error={file} />
        ))}
      </Reasons>
      <IconButton label="Dismiss" icon={<X />} onClick={dismissAll} />
    </Notice>
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
    <Notice isRefusal data-testid="broken-pictures">
      <Reasons
        isOpen={broken.length <= SHOWN_ONE_BY_ONE}
        summary={broken.length === 1 ? 'A picture could not be read' : `${count} pictures could not be read`}
        forAll={
          broken.length > 1 ? (
            <>
              <Button size="small" onClick={() => void controller.retry(ids)}>
                Try all again
              </Button>
              <Button size="small" onClick={() => void controller.remove(ids)}>
                Remove all
              </Button>
            </>
          ) : null
        }
      >
        {broken.map(({ id, name, error }) => (
          <Reason
            key={id}
            name={error?.message.includes(baseName(name)) ? undefined : baseName(name)}
            error={error}
            actions={
              <>
                <Button size="small" variant="quiet" onClick={() => void controller.retry([id])}>
                  Try again
                </Button>
                <Button size="small" variant="quiet" onClick={() => void controller.remove([id])}>
                  Remove
                </Button>
              </>
            }
          />
        ))}
      </Reasons>
    </Notice>
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
  const firstFrames = stale?.firstFrameIds.length ?? 0;
  const others = (stale?.imageIds.length ?? 0) - waiting - firstFrames;
  if (isBusy || (waiting === 0 && others <= 0 && firstFrames === 0)) return null;
  const count = (n: number): string => (n === 1 ? '1 picture' : `${formatNumber(n)} pictures`);
  return (
    <Notice data-testid="waiting-pictures">
      <p>
        {waiting > 0
          ? `Not yet indexed: ${count(waiting)}. ${waiting === 1 ? 'It is' : 'They are'} stored, but no search finds ${waiting === 1 ? 'it' : 'them'}.`
          : others > 0
            ? `${count(others)} ${others === 1 ? 'was' : 'were'} read by another model, and ${others === 1 ? 'is' : 'are'} found by it still.`
            : `Of ${firstFrames === 1 ? 'an animated picture' : `${formatNumber(firstFrames)} animated pictures`} only the first frame is found so far.`}
      </p>
      <Button size="small" onClick={() => void controller.indexWaiting()}>
        {waiting > 0 ? 'Index them' : others > 0 ? `Index with ${stale?.embedderLabel}` : 'Index all frames'}
      </Button>
    </Notice>
  );
}

/** A job that indexes pictures, reads text in them or describes them. What was indexed may be kept or discarded when it is stopped. */
function PictureJob({
  job,
  remainingMs,
  controller,
}: {
  readonly job: JobRecord;
  readonly remainingMs: number | undefined;
  readonly controller: ImagesController;
}) {
  const isIngest = job.kind === 'image-ingest';
  return (
    <JobBar
      job={job}
      remainingMs={remainingMs}
      controller={controller}
      inWords={inWords}
      stopLabel={isIngest ? 'Stop' : `Stop; what was ${DONE[job.kind] ?? 'done'} stays`}
      onDiscard={isIngest ? () => void controller.discardJob(job.id) : undefined}
      testId={isIngest ? 'image-job' : `${job.kind}-job`}
    />
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
    <Notices isFlush>
      <TakingIn count={addingCount} error={addError} onDismiss={controller.dismissAddError} />
      <Refused controller={controller} state={state} />
      {jobs.map((job) => (
        <PictureJob
          key={job.id}
          job={job}
          remainingMs={job === measured ? state.remainingMs : undefined}
          controller={controller}
        />
      ))}
      <Broken controller={controller} broken={images.filter(({ status }) => status === 'failed')} />
      <Waiting controller={controller} state={state} />
    </Notices>
  );
}
