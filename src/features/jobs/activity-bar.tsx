import { lazy, Suspense } from 'react';
import { useStore } from 'zustand';
import { shareOf } from '#shared/call.ts';
import { Popover } from '#ui/popover.tsx';
import { Sheet } from '#ui/sheet.tsx';
import { useMedia } from '#ui/use-media.ts';
import { VisuallyHidden } from '#ui/visually-hidden.tsx';
import styles from './activity-bar.module.css';
import type { JobsController } from './jobs-controller.ts';
import { isActive, type JobView } from './jobs-state.ts';

const Tray = lazy(() => import('./components/job-tray.tsx').then(({ JobTray }) => ({ default: JobTray })));

type Tone = 'running' | 'failed' | 'paused' | 'idle';

function toneOf(jobs: readonly JobView[]): Tone {
  if (jobs.some(({ job }) => isActive(job))) return 'running';
  const states = jobs.map(({ job }) => job.state);
  if (states.includes('failed')) return 'failed';
  return states.includes('paused') ? 'paused' : 'idle';
}

/** How far all running jobs are together; undefined as soon as one does not know. */
function overallShare(jobs: readonly JobView[]): number | undefined {
  const shares = jobs.filter(({ job }) => job.state === 'running').map(({ job }) => shareOf(job.progress));
  if (shares.length === 0) return undefined;
  const sum = shares.reduce<number | undefined>(
    (total, share) => (total === undefined || share === undefined ? undefined : total + share),
    0,
  );
  return sum === undefined ? undefined : sum / shares.length;
}

function nameOf(tone: Tone, jobs: readonly JobView[]): string {
  const running = jobs.filter(({ job }) => isActive(job));
  if (tone === 'failed') return 'A job failed. Show jobs';
  if (tone === 'paused') return 'Jobs are paused. Show jobs';
  if (running.length > 1) return `${running.length} jobs are running. Show jobs`;
  return running[0] ? `${running[0].job.label}. Show jobs` : 'Show jobs';
}

function Line({ jobs, tone, ...rest }: { readonly jobs: readonly JobView[]; readonly tone: Tone }) {
  const share = tone === 'running' ? overallShare(jobs) : 1;
  return (
    <button
      type="button"
      className={styles.line}
      data-tone={tone}
      data-testid="activity-line"
      aria-label={nameOf(tone, jobs)}
      aria-haspopup="dialog"
      {...(tone === 'idle' ? { tabIndex: -1 } : {})}
      {...rest}
    >
      <span
        className={styles.fill}
        data-unknown={share === undefined ? '' : undefined}
        style={share === undefined ? {} : { transform: `scaleX(${Math.max(0.02, share)})` }}
      />
    </button>
  );
}

/** The thin line at the top edge while anything runs, and the tray that opens from it or from the palette. */
export function ActivityBar({ controller }: { readonly controller: JobsController }) {
  const { jobs, isTrayOpen, announcement } = useStore(controller.store);
  const isNarrow = useMedia('(max-width: 719px)');
  const tone = toneOf(jobs);
  const setOpen = (open: boolean): void => (open ? controller.openTray() : controller.closeTray());
  const tray = (
    <Suspense fallback={null}>
      <Tray controller={controller} hasTitle={!isNarrow} />
    </Suspense>
  );
  const trigger = <Line jobs={jobs} tone={tone} />;
  return (
    <div className={styles.bar}>
      {isNarrow ? (
        <>
          <Line jobs={jobs} tone={tone} {...{ onClick: controller.openTray }} />
          <Sheet open={isTrayOpen} onOpenChange={setOpen} title="Jobs">
            {tray}
          </Sheet>
        </>
      ) : (
        <Popover
          label="Jobs"
          open={isTrayOpen}
          onOpenChange={setOpen}
          className={styles.tray ?? ''}
          trigger={trigger}
        >
          {tray}
        </Popover>
      )}
      <VisuallyHidden>
        <span role="status">{announcement}</span>
      </VisuallyHidden>
    </div>
  );
}
