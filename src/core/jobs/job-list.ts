import type { JobRecord } from '#core/ports/job-records.ts';

/** The jobs as this tab knows them, newest first, and who wants to hear of changes. */
export function createJobList() {
  const known = new Map<string, JobRecord>();
  const listeners = new Set<() => void>();
  let sorted: readonly JobRecord[] = [];

  function tell(): void {
    sorted = [...known.values()].sort((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1));
    for (const listener of [...listeners]) listener();
  }

  return {
    tell,
    jobs: () => sorted,
    get: (id: string) => known.get(id),
    show(job: JobRecord): void {
      known.set(job.id, job);
      tell();
    },
    remove(id: string): void {
      if (known.delete(id)) tell();
    },
    subscribe(listener: () => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    clear: () => listeners.clear(),
  };
}

export type JobList = ReturnType<typeof createJobList>;
