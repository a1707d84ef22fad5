import axe from 'axe-core';
import { createRoot } from 'react-dom/client';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { AppError } from '#shared/errors.ts';
import { until } from '#shared/until.test-support.ts';
import '#ui/base.css';
import { runsOut } from '#ui/sideways.test-support.ts';
import { ActivityBar } from './index.ts';
import { bytes, makeJobs, type TestJobs } from './jobs.test-support.ts';

let jobs: TestJobs;
let hide: () => void;
const line = () => document.querySelector<HTMLElement>('[data-testid="activity-line"]');
const words = () => [...document.querySelectorAll('[data-testid="job"]')].map((row) => row.textContent);

function show(): void {
  const container = document.createElement('div');
  document.body.append(container);
  const root = createRoot(container);
  root.render(<ActivityBar controller={jobs.controller} />);
  hide = () => {
    root.unmount();
    container.remove();
  };
}

beforeEach(async () => {
  await page.viewport(1440, 900);
  jobs = makeJobs();
  show();
});
afterEach(() => {
  hide();
  jobs.dispose();
});

describe('the activity line', () => {
  test('shows only while something runs, takes no room, and opens the tray', async () => {
    await until(() => line()?.dataset.tone === 'idle');
    expect(line()?.parentElement?.getBoundingClientRect().height).toBe(0);
    const id = await jobs.runner.start('model-download', 'Downloading SmolLM2', null);
    await jobs.step(id, bytes(25e6, 100e6));
    await until(() => line()?.dataset.tone === 'running');
    await page.getByRole('button', { name: /Downloading SmolLM2. Show jobs/ }).click();
    await expect.element(page.getByRole('dialog', { name: 'Jobs' })).toBeVisible();
    await until(() => words()[0]?.includes('25 MB of 100 MB'));
    await page.getByRole('button', { name: 'Pause Downloading SmolLM2' }).click();
    await until(() => line()?.dataset.tone === 'paused');
    await page.getByRole('button', { name: 'Go on with Downloading SmolLM2' }).click();
    await until(() => line()?.dataset.tone === 'running');
    await page.getByRole('button', { name: 'Stop Downloading SmolLM2' }).click();
    await until(() => words()[0]?.includes('What has arrived is kept'));
    await page.getByRole('button', { name: 'Clear finished' }).click();
    await expect.element(page.getByText('Nothing is running')).toBeVisible();
    await userEvent.keyboard('{Escape}');
    await until(() => !jobs.controller.store.getState().isTrayOpen);
  });

  test('opens without a job, and teaches', async () => {
    jobs.controller.openTray();
    await expect.element(page.getByText('Nothing is running')).toBeVisible();
  });

  test('an ingest is stopped by a choice, with the keyboard alone; until then it goes on', async () => {
    const start = async (): Promise<string> => {
      const id = await jobs.runner.start('ingest', 'Indexing manual.pdf', null);
      await jobs.step(id, { phase: 'embed', done: 30, total: 120, unit: 'items', label: 'manual.pdf' });
      return id;
    };
    const ask = async (): Promise<void> => {
      const stop = page.getByRole('button', { name: 'Stop Indexing manual.pdf' });
      await expect.element(stop).toBeVisible();
      (stop.element() as HTMLElement).focus();
      await userEvent.keyboard('{Enter}');
      await expect.element(page.getByRole('dialog', { name: 'Stop indexing?' })).toBeVisible();
      await until(() => document.activeElement?.textContent === 'Go on');
    };
    const stateOf = (id: string) => jobs.runner.jobs().find((job) => job.id === id)?.state;
    const first = await start();
    jobs.controller.openTray();
    await ask();
    await userEvent.keyboard('{Escape}');
    await until(() => page.getByRole('dialog', { name: 'Stop indexing?' }).elements().length === 0);
    expect(stateOf(first)).toBe('running');
    await ask();
    await userEvent.keyboard('{Tab}{Enter}');
    await until(() => jobs.discarded.includes(first));
    expect(stateOf(first)).toBe('cancelled');
    await jobs.controller.clearFinished();
    const second = await start();
    await ask();
    await userEvent.keyboard('{Tab}{Tab}{Enter}');
    await until(() => jobs.runner.jobs().find(({ id }) => id === second)?.state === 'cancelled');
    expect(jobs.discarded).toEqual([first]);
  });

  test('a failed job stays in sight, says why, and is tried again', async () => {
    const id = await jobs.runner.start('ingest', 'Adding 2 documents', null);
    await jobs.step(id, new AppError('storage/quota-exceeded', 'The disk is full. Delete a model.'));
    await until(() => line()?.dataset.tone === 'failed');
    jobs.controller.openTray();
    await expect.element(page.getByText('The disk is full. Delete a model.', { exact: true })).toBeVisible();
    await page.getByRole('button', { name: 'Try again' }).click();
    await until(() => line()?.dataset.tone === 'running');
    expect(document.querySelector('[role="status"]')?.textContent).toBe(
      'Failed: Adding 2 documents. The disk is full. Delete a model.',
    );
  });

  test('on a phone it is a sheet that fits', async () => {
    await page.viewport(360, 740);
    const id = await jobs.runner.start(
      'model-download',
      'Downloading a model with a very long name Q4_K_M',
      null,
    );
    await jobs.step(id, bytes(25e6, 100e6));
    await until(() => line()?.dataset.tone === 'running');
    line()?.click();
    await expect.element(page.getByRole('dialog', { name: 'Jobs' })).toBeVisible();
    await until(() => words().length === 1);
    expect(runsOut()).toEqual([]);
  });

  test('axe finds nothing serious in a tray with every state, in both themes', async () => {
    const start = async (label: string): Promise<string> => {
      const id = await jobs.runner.start('ingest', label, null);
      await jobs.step(id, { phase: 'embed', done: 30, total: 120, unit: 'items', label: 'manual.pdf' });
      return id;
    };
    await start('Runs');
    await jobs.controller.pause(await start('Is paused'));
    await jobs.controller.stop(await start('Is stopped'));
    await jobs.step(await start('Fails'), new AppError('input/invalid', 'The file is broken.'));
    await jobs.step(await start('Ends'), 'end');
    jobs.controller.openTray();
    await until(
      () =>
        new Set(
          [...document.querySelectorAll<HTMLElement>('[data-testid="job"]')].map((row) => row.dataset.state),
        ).size === 5,
    );
    for (const theme of ['light', 'dark']) {
      document.documentElement.dataset.theme = theme;
      await new Promise((resolve) => setTimeout(resolve, 300)); // colours fade over
      const { violations } = await axe.run(document.body, {
        rules: { 'landmark-one-main': { enabled: false }, region: { enabled: false } },
      });
      const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
      expect(serious.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
    }
    delete document.documentElement.dataset.theme;
  });
});
