import { X } from 'lucide-react';
import type { JobRecord } from '#core/ports/job-records.ts';
import { JobBar } from '#features/jobs/index.ts';
import type { Progress } from '#shared/call.ts';
import { clockOf } from '#shared/clock.ts';
import { formatNumber } from '#ui/format.ts';
import { IconButton } from '#ui/icon-button.tsx';
import { Notice, Reason, Reasons } from '#ui/notices.tsx';
import type { LibraryController } from '../library-controller.ts';
import type { ShownRejection } from '../library-state.ts';
import { RecognizeButton } from '../recognition/recognition-dialog.tsx';

const PHASES: Partial<Record<Progress['phase'], string>> = {
  download: 'Fetching the embedding model',
  load: 'Loading the embedding model',
  parse: 'Reading',
  recognize: 'Reading with OCR',
  embed: 'Embedding',
};

const SPEECH_PHASES: Partial<Record<Progress['phase'], string>> = {
  load: 'Loading the speech model',
  process: 'Writing down',
};

/** '1:20 of 4:05'. */
function speechInWords({ phase, done, total, unit }: Progress): string {
  const amount =
    unit === 'seconds' ? `${clockOf(done)}${total === undefined ? '' : ` of ${clockOf(total)}`}` : '';
  return [SPEECH_PHASES[phase] ?? 'Working', amount].filter(Boolean).join(' · ');
}

/** '34 of 120 chunks', 'Reading manual.pdf, 3 of 7 pages'. */
function inWords({ phase, done, total, unit, label, isEstimate }: Progress, jobLabel: string): string {
  const amount =
    unit === 'bytes' || unit === 'fraction' || phase === 'load'
      ? total
        ? `${Math.round((done / total) * 100)} %`
        : ''
      : `${formatNumber(done)}${total === undefined ? '' : ` of ${isEstimate ? 'about ' : ''}${formatNumber(total)}`} ${unit === 'items' ? 'chunks' : unit}`;
  return [PHASES[phase] ?? 'Working', label === jobLabel ? '' : label, amount].filter(Boolean).join(' · ');
}

/** A job that reads and embeds: how far it is, how long it will take, and how to stop it. */
export function IngestBar({
  job,
  remainingMs,
  controller,
}: {
  readonly job: JobRecord;
  readonly remainingMs: number | undefined;
  readonly controller: LibraryController;
}) {
  const isSpeech = job.kind === 'transcribe';
  return (
    <JobBar
      job={job}
      remainingMs={remainingMs}
      controller={controller}
      inWords={(progress) => (isSpeech ? speechInWords(progress) : inWords(progress, job.label))}
      stopLabel="Stop"
      onDiscard={isSpeech ? undefined : () => void controller.discardJob(job.id)}
      testId="ingest-job"
    />
  );
}

/** More than these are put together, or a folder of pictures would push the documents off the screen. */
const SHOWN_ONE_BY_ONE = 4;

interface RejectionsProps {
  readonly files: readonly ShownRejection[];
  readonly controller: LibraryController;
}

/** A picture, or all of the archive that it lies in: that is taken as a whole. */
const ofSource = (files: readonly ShownRejection[], { source }: ShownRejection): readonly ShownRejection[] =>
  files.filter((other) => other.source === source);

/** Files that could not be taken in, each with its reason. */
export function Rejections({ files, controller }: RejectionsProps) {
  const onDismiss = controller.dismissRejected;
  const pictures = files.filter(({ source }) => source !== undefined);
  if (files.length > SHOWN_ONE_BY_ONE)
    return (
      <Notice isRefusal role="alert">
        <Reasons isOpen={false} summary={`${formatNumber(files.length)} files were not added`}>
          {files.map((file) => (
            <Reason key={file.name + file.message} name={file.name} error={file} />
          ))}
        </Reasons>
        {pictures.length > 0 ? (
          <RecognizeButton
            controller={controller}
            target={{ pictures }}
            label={
              pictures.length === 1
                ? 'Read 1 picture with OCR…'
                : `Read ${formatNumber(pictures.length)} pictures with OCR…`
            }
          />
        ) : null}
        <IconButton
          label="Dismiss all"
          icon={<X />}
          onClick={() => {
            for (const file of files) onDismiss(file);
          }}
        />
      </Notice>
    );
  return files.map((file) => (
    <Notice key={file.name + file.message} isRefusal role="alert" data-code={file.code}>
      <p>
        <strong>{file.name}</strong> was not added. {file.message}
      </p>
      {file.source ? (
        <RecognizeButton controller={controller} target={{ pictures: ofSource(files, file) }} />
      ) : null}
      <IconButton label={`Dismiss ${file.name}`} icon={<X />} onClick={() => onDismiss(file)} />
    </Notice>
  ));
}
