import type { JobKind } from '#core/ports/job-records.ts';
import type { Progress } from '#shared/call.ts';
import { clockOf } from '#shared/clock.ts';
import { formatBytes, formatDuration, formatNumber, formatRate } from '#ui/format.ts';
import type { JobView } from './jobs-state.ts';

const PHASES: Readonly<Record<Progress['phase'], string>> = {
  download: 'Downloading',
  verify: 'Checking the bytes',
  load: 'Loading the model',
  compile: 'Preparing the graphics card',
  warmup: 'Warming up',
  parse: 'Reading',
  recognize: 'Recognizing text in',
  embed: 'Embedding',
  process: 'Working',
};

/** Where a phase means something else in this kind of job. */
const OWN_PHASES: Readonly<Record<JobKind, Partial<Record<Progress['phase'], string>>>> = {
  'model-download': {},
  'model-import': { process: 'Copying', load: 'Copying', parse: 'Reading the header' },
  ingest: { download: 'Fetching the embedding model', load: 'Loading the embedding model' },
  'image-ingest': { load: 'Loading the picture model' },
  transcribe: { parse: 'Decoding', load: 'Loading the speech model', process: 'Writing down' },
  'image-text': { recognize: 'Reading text' },
  'image-captions': { process: 'Describing' },
};

const KEPT: Readonly<Record<JobKind, string>> = {
  'model-download': 'What has arrived is kept: a new download goes on from there.',
  'model-import': 'The file on your disk is untouched. Choose it again to import it.',
  ingest: 'What was indexed stays and can be searched. The rest waits in the library.',
  'image-ingest': 'What was indexed stays and can be searched. The rest waits among the pictures.',
  transcribe: 'The recording stays in the library. What was written down of it so far is not kept.',
  'image-captions':
    'What was described is kept with its picture and can be searched. The rest can be described later.',
  'image-text': 'What was read is kept with its picture and can be searched. The rest can be read later.',
};

/** '34 MB of 98 MB', '120 of 500 chunks', '34 %'; undefined while nothing can be counted. */
function amountOf(kind: JobKind, { phase, done, total, unit, isEstimate }: Progress): string | undefined {
  // The items of a load are its steps, not what the job works on.
  if (unit === 'fraction' || (phase === 'load' && unit === 'items'))
    return total ? `${Math.round((done / total) * 100)} %` : undefined;
  const format = unit === 'bytes' ? formatBytes : unit === 'seconds' ? clockOf : formatNumber;
  const noun =
    unit === 'bytes' || unit === 'seconds'
      ? ''
      : ` ${unit === 'items' && kind === 'ingest' ? 'chunks' : unit}`;
  return total === undefined
    ? `${format(done)}${noun}`
    : `${format(done)} of ${isEstimate ? 'about ' : ''}${format(total)}${noun}`;
}

const join = (parts: readonly (string | undefined)[]): string => parts.filter(Boolean).join(' · ');

function runningInWords({ job, rate, remainingMs }: JobView): string {
  const { progress, kind, label } = job;
  if (progress === undefined) return 'Starting';
  const phase = OWN_PHASES[kind][progress.phase] ?? PHASES[progress.phase];
  const subject = label.includes(progress.label) ? '' : progress.label;
  return join([
    subject ? `${phase} ${subject}` : phase,
    amountOf(kind, progress),
    progress.unit === 'bytes' && rate !== undefined ? formatRate(rate) : undefined,
    remainingMs === undefined ? undefined : `${formatDuration(remainingMs)} left`,
  ]);
}

/** One line on where a job stands, in words for people; `when` it ended: 'just now', '5 min ago'. */
export function jobInWords(view: JobView, when = ''): string {
  const { job } = view;
  const amount = job.progress ? amountOf(job.kind, job.progress) : undefined;
  switch (job.state) {
    case 'queued':
      return 'Waiting for its turn';
    case 'running':
      return runningInWords(view);
    case 'paused':
      return join(['Paused', amount]);
    case 'done':
      return `Finished ${when}`.trim();
    case 'cancelled':
      return `${`Stopped ${when}`.trim()}. ${KEPT[job.kind]}`;
    case 'failed':
      return job.error?.message ?? 'It stopped without saying why.';
  }
}

/** What a press on Stop would leave behind; the button's hint. */
export const keptAfterStop = (kind: JobKind): string => KEPT[kind];
