import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '#shared/errors.ts';
import { until } from '#shared/until.test-support.ts';
import { jobInWords } from './job-words.ts';
import { bytes, makeJobs, type TestJobs } from './jobs.test-support.ts';
import { jobsCommands } from './jobs-commands.ts';

let clockMs: number;
let jobs: TestJobs;
const state = () => jobs.controller.store.getState();
const only = () => state().jobs[0];
const is = (wanted: string) => until(() => only()?.job.state === wanted);

beforeEach(() => {
  clockMs = 1_000_000;
  jobs = makeJobs(() => clockMs);
});
afterEach(() => jobs.dispose());

describe('jobs in words', () => {
  test('bytes with speed and remaining time, once they are credible', async () => {
    const id = await jobs.runner.start('model-download', 'Downloading SmolLM2', null);
    await jobs.step(id, bytes(0, 100e6));
    await until(() => only()?.job.progress?.done === 0);
    expect(jobInWords(only() as never)).toBe('Downloading · 0 B of 100 MB');
    clockMs += 4000;
    await jobs.step(id, bytes(20e6, 100e6));
    await until(() => only()?.rate !== undefined);
    expect(jobInWords(only() as never)).toBe('Downloading · 20 MB of 100 MB · 5.0 MB/s · 16 s left');
  });

  test('a download that stands still is not shown at its last speed', async () => {
    const id = await jobs.runner.start('model-download', 'Downloading', null);
    await jobs.step(id, bytes(0, 100e6));
    await until(() => only()?.job.progress?.done === 0);
    clockMs += 4000;
    await jobs.step(id, bytes(20e6, 100e6));
    const fast = await until(() => only()?.rate);
    clockMs += 8000;
    await until(() => (only()?.rate ?? 0) < fast / 2);
  });

  test('chunks of documents have no speed in bytes; an unknown total is not made up', async () => {
    const id = await jobs.runner.start('ingest', 'Adding 2 documents', null);
    await jobs.step(id, { phase: 'embed', done: 12, unit: 'items', label: 'manual.pdf' });
    await until(() => only()?.job.progress?.done === 12);
    expect(jobInWords(only() as never)).toBe('Embedding manual.pdf · 12 chunks');
    await jobs.step(id, { phase: 'parse', done: 3, total: 7, unit: 'pages', label: 'manual.pdf' });
    await until(() => only()?.job.progress?.phase === 'parse');
    expect(jobInWords(only() as never)).toBe('Reading manual.pdf · 3 of 7 pages');
    // The steps of a load are no chunks.
    await jobs.step(id, { phase: 'load', done: 1, total: 4, unit: 'items', label: 'BGE small' });
    await until(() => only()?.job.progress?.phase === 'load');
    expect(jobInWords(only() as never)).toBe('Loading the embedding model BGE small · 25 %');
  });
});

describe('the controller', () => {
  test('pauses, goes on, and stops with a word on what stays', async () => {
    const id = await jobs.runner.start('model-download', 'Downloading', null);
    await jobs.step(id, bytes(10e6, 40e6));
    await until(() => only()?.job.progress);
    await jobs.controller.pause(id);
    await is('paused');
    expect(jobInWords(only() as never)).toBe('Paused · 10 MB of 40 MB');
    await jobs.controller.resume(id);
    await is('running');
    await jobs.controller.stop(id);
    await is('cancelled');
    expect(jobInWords(only() as never)).toContain('What has arrived is kept');
  });

  test('a failed job says why and is tried again from there', async () => {
    const id = await jobs.runner.start('ingest', 'Adding documents', null);
    await jobs.step(id, new AppError('network/offline', 'The network is off. Connect and try again.'));
    await is('failed');
    expect(jobInWords(only() as never)).toBe('The network is off. Connect and try again.');
    await jobs.controller.resume(id);
    await jobs.step(id, 'end');
    await is('done');
  });

  test('announces what begins and ends, and nothing in between', async () => {
    const heard: string[] = [];
    jobs.controller.store.subscribe((now, before) => {
      if (now.announcement !== before.announcement) heard.push(now.announcement);
    });
    const id = await jobs.runner.start('model-download', 'Downloading', null);
    for (const done of [1, 2, 3]) await jobs.step(id, bytes(done * 1e6, 4e6));
    await until(() => only()?.job.progress?.done === 3e6);
    await jobs.step(id, 'end');
    await is('done');
    expect(heard).toEqual(['Started: Downloading.', 'Finished: Downloading.']);
  });

  test('what still matters comes first; clearing removes only what is over', async () => {
    const failed = await jobs.runner.start('ingest', 'Fails', null);
    await jobs.step(failed, new AppError('input/invalid', 'Broken.'));
    const done = await jobs.runner.start('ingest', 'Ends', null);
    await jobs.step(done, 'end');
    await until(() => state().jobs.length === 2 && state().jobs.some(({ job }) => job.state === 'done'));
    expect(state().jobs.map(({ job }) => job.label)).toEqual(['Fails', 'Ends']);
    await jobs.controller.clearFinished();
    expect(state().jobs.map(({ job }) => job.label)).toEqual(['Fails']);
  });

  test('a wish that cannot be met is shown, not swallowed', async () => {
    await jobs.controller.resume('nobody');
    expect(state().error?.code).toBe('job/interrupted');
    jobs.controller.dismissError();
    expect(state().error).toBeUndefined();
  });

  test('commands open the tray and are offered only when they do something', async () => {
    const commands = jobsCommands(jobs.controller);
    const available = () => commands.filter((one) => one.isAvailable?.() ?? true).map(({ id }) => id);
    expect(available()).toEqual(['jobs.show']);
    void commands[0]?.perform();
    expect(state().isTrayOpen).toBe(true);
    const id = await jobs.runner.start('ingest', 'Adding', null);
    await is('running');
    expect(available()).toEqual(['jobs.show', 'jobs.pause-all']);
    await jobs.controller.pauseAll();
    expect(only()?.job).toMatchObject({ id, state: 'paused' });
    expect(available()).toEqual(['jobs.show', 'jobs.resume-all']);
  });
});
