import { ListChecks } from 'lucide-react';
import { useStore } from 'zustand';
import { Button } from '#ui/button.tsx';
import { EmptyState } from '#ui/empty-state.tsx';
import { ErrorCard } from '#ui/error-card.tsx';
import type { JobsController } from '../jobs-controller.ts';
import { isOver, type JobView } from '../jobs-state.ts';
import { JobRow } from './job-row.tsx';
import styles from './job-tray.module.css';

export interface JobTrayProps {
  readonly controller: JobsController;
  /** A sheet has a title of its own. */
  readonly hasTitle?: boolean;
}

/** Everything that runs, waits, failed or has ended, each with what can be done about it. */
export function JobTray({ controller, hasTitle = true }: JobTrayProps) {
  const { jobs, error } = useStore(controller.store);
  const rows = (views: readonly JobView[]) =>
    views.map((view) => <JobRow key={view.job.id} view={view} controller={controller} />);
  const open = jobs.filter(({ job }) => !isOver(job));
  const over = jobs.filter(({ job }) => isOver(job));
  if (jobs.length === 0)
    return (
      <div className={styles.empty} data-testid="job-tray">
        <EmptyState
          icon={<ListChecks />}
          title="Nothing is running"
          text="Model downloads and documents that are being read show up here, with their progress. They go on after a reload."
        />
      </div>
    );
  return (
    <div className={styles.tray} data-testid="job-tray">
      {hasTitle ? <h2 className={styles.title}>Jobs</h2> : null}
      {error ? (
        <ErrorCard
          error={error}
          actions={
            <Button size="small" variant="quiet" onClick={controller.dismissError}>
              Dismiss
            </Button>
          }
        />
      ) : null}
      {open.length > 0 ? <ul aria-label="Jobs">{rows(open)}</ul> : null}
      {over.length > 0 ? (
        <section className={styles.over} aria-label="Finished">
          <header className={styles.head}>
            <h3>Finished</h3>
            <Button size="small" variant="quiet" onClick={() => void controller.clearFinished()}>
              Clear finished
            </Button>
          </header>
          <ul aria-label="Finished">{rows(over)}</ul>
        </section>
      ) : null}
    </div>
  );
}
