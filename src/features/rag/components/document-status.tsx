import type { JobRecord } from '#core/ports/job-records.ts';
import type { DocumentRecord } from '#core/ports/library-records.ts';
import { formatNumber } from '#ui/format.ts';
import styles from '../table.module.css';
import { canTranscribe, isBeingWritten } from '../transcription/recordings.ts';

interface Shown {
  readonly text: string;
  readonly tone: 'ready' | 'busy' | 'waiting' | 'failed';
}

function isRunning(jobs: readonly JobRecord[]): boolean {
  return jobs.some(({ state }) => state === 'running' || state === 'queued');
}

/** What a document's status says, with figures where there are some. */
function statusOf(document: DocumentRecord, jobs: readonly JobRecord[]): Shown {
  const { status, name, embeddedCount, chunkCount } = document;
  if (status === 'ready') return { text: 'Ready', tone: 'ready' };
  if (canTranscribe(document))
    return isBeingWritten(document, jobs)
      ? { text: 'Writing down', tone: 'busy' }
      : { text: 'Not written down', tone: 'waiting' };
  if (status === 'failed') return { text: 'Failed', tone: 'failed' };
  if (!isRunning(jobs))
    return { text: jobs.some(({ state }) => state === 'paused') ? 'Paused' : 'Waiting', tone: 'waiting' };
  if (status === 'queued') return { text: 'Queued', tone: 'waiting' };
  if (status === 'embedding') {
    // How many there will be is known when the last one is cut.
    const total = chunkCount === undefined ? 'chunks' : `of ${formatNumber(chunkCount)}`;
    return { text: `Embedding ${formatNumber(embeddedCount)} ${total}`, tone: 'busy' };
  }
  const progress = jobs.find(({ state }) => state === 'running')?.progress;
  if (
    !/^(?:parse|recognize)$/.test(progress?.phase ?? '') ||
    !progress?.label.includes(name) ||
    !progress.total
  )
    return { text: 'Reading', tone: 'busy' };
  const isPages = progress.unit === 'pages';
  const amount = isPages
    ? `${progress.done} of ${progress.total} pages`
    : `${Math.round((progress.done / progress.total) * 100)} %`;
  return { text: `Reading ${amount}`, tone: 'busy' };
}

export function DocumentStatus({
  document,
  jobs,
}: {
  readonly document: DocumentRecord;
  readonly jobs: readonly JobRecord[];
}) {
  const { text, tone } = statusOf(document, jobs);
  return (
    <span className={styles.status} data-tone={tone} data-status={document.status}>
      {text}
    </span>
  );
}
