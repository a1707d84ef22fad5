import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { JobRecord } from '#core/ports/job-records.ts';
import type { Progress } from '#shared/call.ts';
import { AppError } from '#shared/errors.ts';
import { createJobRunner, type JobRunner, type RunJob } from './index.ts';
import { createTabs, type Tab } from './tabs.test-support.ts';

let tabs: ReturnType<typeof createTabs>;
const runners: JobRunner[] = [];
let log: string[];

beforeEach(() => {
  tabs = createTabs();
  log = [];
});
afterEach(() => {
  for (const runner of runners.splice(0)) runner.dispose();
});

/** Adds the numbers of its input one by one, from the cursor on: a job that really computes something. */
const adding =
  (tab: string, stepMs = 2): RunJob =>
  async (job, { signal, onProgress, saveCursor }) => {
    const numbers = job.input as readonly number[];
    const cursor = (job.cursor as { next: number; sum: number } | undefined) ?? { next: 0, sum: 0 };
    let { next, sum } = cursor;
    for (; next < numbers.length; next++) {
      await new Promise((resolve) => setTimeout(resolve, stepMs));
      signal.throwIfAborted();
      log.push(`${tab} adds ${numbers[next]}`);
      sum += numbers[next] ?? 0;
      onProgress({
        phase: 'process',
        done: next + 1,
        total: numbers.length,
        unit: 'items',
        label: 'numbers',
      });
      await saveCursor({ next: next + 1, sum });
    }
  };

function runnerOf(tab: Tab, run: RunJob, persistMs = 1000): JobRunner {
  const runner = createJobRunner({ ...tab, persistMs });
  runner.register('ingest', run);
  runners.push(runner);
  return runner;
}

function openTab(name: string, run = adding(name)): JobRunner & { readonly tab: Tab } {
  const tab = tabs.open(name);
  return { ...runnerOf(tab, run), tab };
}

const oneTo = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i + 1);
const sumOf = (id: string): unknown => (tabs.row(id)?.cursor as { sum: number } | undefined)?.sum;

async function until(isTrue: () => boolean): Promise<void> {
  for (let i = 0; i < 500 && !isTrue(); i++) await new Promise((resolve) => setTimeout(resolve, 2));
  expect(isTrue()).toBe(true);
}

describe('in one tab', () => {
  test('a job runs to its end; its list is newest first', async () => {
    const runner = openTab('a');
    const first = await runner.start('ingest', 'Adding', oneTo(4));
    expect((await runner.ended(first)).state).toBe('done');
    await new Promise((resolve) => setTimeout(resolve, 2));
    const second = await runner.start('ingest', 'Again', [5]);
    await runner.ended(second);
    expect(sumOf(first)).toBe(10);
    expect(runner.jobs().map(({ id }) => id)).toEqual([second, first]);
    expect(runner.jobs()[1]?.progress).toMatchObject({ done: 4, total: 4 });
  });

  test('progress is seen at once, written once a second, and never goes backwards', async () => {
    const event = (done: number): Progress => ({ phase: 'embed', done, unit: 'items', label: 'x' });
    const runner = openTab('a', async (_job, { onProgress }) => {
      for (const done of [1, 5, 3, 9]) onProgress(event(done));
      await new Promise((resolve) => setTimeout(resolve, 5));
    });
    const seen: number[] = [];
    runner.subscribe(() => seen.push(runner.jobs()[0]?.progress?.done ?? 0));
    const id = await runner.start('ingest', 'x', null);
    await runner.ended(id);
    expect([...new Set(seen)]).toEqual([0, 1, 5, 9]);
    expect(tabs.row(id)?.progress).toEqual(event(9));
    expect(tabs.writes()).toBe(4); // queued, running, the first progress, done
  });

  test('pause stops it, and resume goes on from the cursor', async () => {
    const runner = openTab('a');
    const id = await runner.start('ingest', 'x', oneTo(20));
    await until(() => log.length === 5);
    await runner.pause(id);
    expect(tabs.row(id)?.state).toBe('paused');
    const before = log.length;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(log).toHaveLength(before);
    await runner.resume(id);
    await runner.ended(id);
    expect(sumOf(id)).toBe(210);
    expect(log).toHaveLength(20); // nothing was done twice
  });

  test('pause and resume in one breath lose nothing', async () => {
    const runner = openTab('a');
    const id = await runner.start('ingest', 'x', oneTo(10));
    await until(() => log.length === 2);
    await Promise.all([runner.pause(id), runner.resume(id)]);
    await runner.ended(id);
    expect(sumOf(id)).toBe(55);
  });

  test('cancel ends it; a job that has ended can be dismissed, one that runs cannot', async () => {
    const runner = openTab('a');
    const id = await runner.start('ingest', 'x', oneTo(20));
    await until(() => log.length === 2);
    await runner.dismiss(id);
    expect(tabs.row(id)).toBeDefined();
    await runner.cancel(id);
    expect((await runner.ended(id)).state).toBe('cancelled');
    await runner.dismiss(id);
    expect(tabs.row(id)).toBeUndefined();
    expect(runner.jobs()).toEqual([]);
  });

  test('a failure keeps its code, and a second try goes on from the cursor', async () => {
    let isFull = true;
    const run = adding('a');
    const runner = openTab('a', async (job, context) => {
      if (!isFull) return run(job, context);
      await context.saveCursor({ next: 2, sum: 3 });
      throw new AppError('storage/quota-exceeded', 'No room.', { details: { freeBytes: 1 } });
    });
    const id = await runner.start('ingest', 'x', oneTo(4));
    const failed = await runner.ended(id);
    expect(failed.state).toBe('failed');
    expect(failed.error).toMatchObject({ code: 'storage/quota-exceeded', details: { freeBytes: 1 } });
    isFull = false;
    await runner.resume(id);
    await until(() => tabs.row(id)?.state === 'done');
    expect(tabs.row(id)?.error).toBeUndefined();
    expect(sumOf(id)).toBe(10);
  });

  test('a storage that refuses everything is shown, not lost; with room again the job goes on', async () => {
    let isFull = true;
    const runner = openTab('a', async (_job, { saveCursor }) => {
      if (isFull) tabs.refuseWith(new AppError('storage/quota-exceeded', 'No room.'));
      await saveCursor(1);
    });
    const id = await runner.start('ingest', 'x', null);
    await until(() => runner.jobs()[0]?.state === 'failed');
    expect(runner.jobs()[0]?.error?.code).toBe('storage/quota-exceeded');
    expect(tabs.row(id)?.state).toBe('running'); // the next start tries again
    isFull = false;
    tabs.refuseWith(undefined);
    await runner.resume(id);
    await until(() => tabs.row(id)?.state === 'done');
    expect(runner.jobs()[0]?.state).toBe('done');
  });

  test('a cursor that a worker stores meanwhile is never overwritten', async () => {
    const worker = tabs.open('worker');
    const tab = tabs.open('a');
    const runner = runnerOf(
      tab,
      async (job, { onProgress, signal }) => {
        for (let next = 1; next <= 10; next++) {
          await worker.repository.update(job.id, (row) => ({ ...row, cursor: next }));
          onProgress({ phase: 'embed', done: next, unit: 'items', label: 'x' });
          signal.throwIfAborted();
        }
      },
      0,
    );
    const id = await runner.start('ingest', 'x', null);
    await runner.ended(id);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(tabs.row(id)).toMatchObject({ cursor: 10, state: 'done' });
  });
});

describe('in several tabs', () => {
  test('one tab runs a job, the other sees its progress and its end', async () => {
    const a = openTab('a');
    const b = openTab('b');
    const id = await a.start('ingest', 'x', oneTo(10));
    expect((await b.ended(id)).state).toBe('done');
    expect(new Set(log.map((line) => line.slice(0, 1)))).toEqual(new Set(['a']));
    expect(b.jobs()[0]?.progress?.done).toBe(10);
  });

  test('pause, resume and cancel from the other tab', async () => {
    const a = openTab('a');
    const b = openTab('b');
    const id = await a.start('ingest', 'x', oneTo(1000));
    await until(() => log.length > 2);
    await b.pause(id);
    expect(tabs.row(id)?.state).toBe('paused');
    const before = log.length;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(log).toHaveLength(before);
    await b.resume(id);
    await until(() => log.at(-1)?.startsWith('b') === true);
    await a.cancel(id);
    expect((await b.ended(id)).state).toBe('cancelled');
    expect(log.length).toBeLessThan(1000);
    const numbers = log.map((line) => Number(line.split(' ')[2]));
    expect(numbers).toEqual(oneTo(numbers.length)); // each once, in order, over both tabs
  });

  test('when the tab that runs a job dies, another one goes on from the cursor', async () => {
    const a = openTab('a');
    openTab('b');
    const id = await a.start('ingest', 'x', oneTo(30));
    await until(() => log.length > 5);
    a.tab.kill();
    await until(() => tabs.row(id)?.state === 'done');
    expect(log.some((line) => line.startsWith('b'))).toBe(true);
    expect(sumOf(id)).toBe(465);
  });

  test('what a crash left is resumed at the next start, by one tab; paused jobs stay paused', async () => {
    const left = (id: string, state: JobRecord['state']): JobRecord => ({
      id,
      kind: 'ingest',
      label: id,
      input: oneTo(5),
      cursor: { next: 2, sum: 3 },
      state,
      createdAt: 1,
      updatedAt: 1,
    });
    for (const state of ['running', 'queued', 'paused', 'done', 'cancelled', 'failed'] as const)
      tabs.put(left(state, state));
    const a = openTab('a');
    const b = openTab('b');
    await Promise.all([a.resumeInterrupted(), b.resumeInterrupted()]);
    await Promise.all([a.ended('running'), b.ended('queued')]);
    expect(sumOf('running')).toBe(15);
    expect(sumOf('queued')).toBe(15);
    expect(log).toHaveLength(6);
    expect(['paused', 'failed'].map((id) => tabs.row(id)?.state)).toEqual(['paused', 'failed']);
    // What was over before is no news any more; what ended just now is.
    expect([tabs.row('done'), tabs.row('cancelled')]).toEqual([undefined, undefined]);
    expect(
      a
        .jobs()
        .map(({ id }) => id)
        .sort(),
    ).toEqual(['failed', 'paused', 'queued', 'running']);
  });

  test('a tab that closes in order leaves the job to the others', async () => {
    const a = openTab('a');
    openTab('b');
    const id = await a.start('ingest', 'x', oneTo(20));
    await until(() => log.length > 3);
    a.dispose();
    await until(() => tabs.row(id)?.state === 'done');
    expect(sumOf(id)).toBe(210);
    expect(log).toHaveLength(20);
  });

  test('removing the row of a running job stops it', async () => {
    const a = openTab('a');
    const b = openTab('b');
    const id = await a.start('ingest', 'x', oneTo(1000));
    await until(() => log.length > 2);
    await b.tab.repository.remove(id);
    await until(() => a.jobs().length === 0);
    const before = log.length;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(log.length - before).toBeLessThanOrEqual(1);
  });
});

test('a job that is not there says so', async () => {
  const runner = openTab('a');
  for (const act of [runner.pause, runner.resume, runner.cancel, runner.ended])
    await expect(act('nothing')).rejects.toMatchObject({ code: 'job/interrupted' });
});
