import axe from 'axe-core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { sha256Of } from '#adapters/hash-stream/index.ts';
import { createExactIndex, createInt8Index } from '#adapters/index-scan/index.ts';
import { createBm25Index } from '#adapters/lexical-bm25/index.ts';
import { createPdfPageRenderer } from '#adapters/page-renderer-pdf/index.ts';
import { createParsers } from '#adapters/parsers/index.ts';
import { type OpenRepositories, openRepositories } from '#adapters/storage-idb/index.ts';
import { createWebLocks } from '#adapters/web-locks/index.ts';
import { createJobRunner, type JobRunner } from '#core/jobs/index.ts';
import type { Library } from '#core/ports/library.ts';
import { createHashedEmbedder, HASHED, hashedTokenizer } from '#core/rag/hashed-embedder.test-support.ts';
import { createLibrary } from '#core/rag/index.ts';
import { createOverlapReranker } from '#core/rag/overlap-reranker.test-support.ts';
import { until } from '#shared/until.test-support.ts';
import { runsOut } from '#ui/sideways.test-support.ts';
import { createLibraryController } from './index.ts';
import { showScreen } from './library.test-support.tsx';
import type { LibraryController } from './library-controller.ts';

const TOPICS = ['valves', 'bread', 'trams', 'stars', 'bees'];
const textOf = (topic: string): string =>
  Array.from(
    { length: 60 },
    (_, i) => `Fact ${i} about ${topic}: ${topic} number ${i * 7} is of kind ${i % 5}.`,
  ).join(' ');

let name: string;
let repositories: OpenRepositories;
let jobs: JobRunner;
let library: Library;
let controller: LibraryController;
let hide: () => void = () => {};

beforeEach(async () => {
  await page.viewport(1280, 900);
  name = `index-panel-${crypto.randomUUID()}`;
  repositories = await openRepositories({ name });
  const locks = createWebLocks(name);
  jobs = createJobRunner({ repository: repositories.jobs, changes: repositories.changes, locks });
  library = createLibrary({
    repositories,
    parsers: createParsers(),
    embedder: createHashedEmbedder(),
    reranker: createOverlapReranker(),
    loadTokenizer: async () => hashedTokenizer,
    placement: async () => ({ device: 'cpu', threads: 1 }),
    createVectorIndex: (dimension, options) =>
      options?.kind === 'int8' ? createInt8Index(dimension, options) : createExactIndex(dimension),
    createLexicalIndex: createBm25Index,
    locks,
    sha256: sha256Of,
    now: Date.now,
  });
  controller = createLibraryController({
    repositories,
    library,
    jobs,
    pages: createPdfPageRenderer(),
    embedder: async () => HASHED,
    notify: () => {},
  });
  const files = TOPICS.map((topic) => new File([textOf(topic)], `${topic}.md`, { type: 'text/markdown' }));
  await controller.addFiles(files);
  const documents = () => controller.store.getState().documents;
  await until(
    () => documents().length === TOPICS.length && documents().every(({ status }) => status === 'ready'),
  );
  hide = showScreen({ controller });
  await page.getByRole('button', { name: 'What the index finds' }).click();
});
afterEach(async () => {
  hide();
  controller.dispose();
  await until(() => jobs.jobs().every(({ state }) => state !== 'running' && state !== 'queued'));
  jobs.dispose();
  repositories.close();
  indexedDB.deleteDatabase(name);
});

const columns = (): readonly string[] =>
  [...document.querySelectorAll('[role="dialog"] thead th')].map((cell) => cell.textContent ?? '');
const figures = (row: string): readonly string[] => {
  const rows = [...document.querySelectorAll('[role="dialog"] tbody tr')];
  const found = rows.find((each) => each.querySelector('th')?.textContent === row);
  return [...(found?.querySelectorAll('td') ?? [])].map((cell) => cell.textContent ?? '');
};

test('measures the index of what is shown; another kind stands beside it and is stored', async () => {
  await page.getByRole('button', { name: 'Measure', exact: true }).click();
  await until(() => columns().length === 2);
  const chunks = controller.store
    .getState()
    .documents.reduce((sum, { chunkCount = 0 }) => sum + chunkCount, 0);
  expect(columns()).toEqual(['Index', 'Exact']);
  expect(figures('Vectors here')).toEqual([String(chunks)]);
  expect(figures('Asked')).toEqual([String(Math.min(100, chunks))]);
  expect(figures('Recall@10')).toEqual(['1.000']);
  await page.getByRole('radio', { name: /^8-bit codes/ }).click();
  await expect.poll(() => repositories.settings.get('vector-index')).toBe('int8');
  await page.getByRole('button', { name: 'Measure again' }).click();
  await until(() => columns().length === 3);
  expect(columns()).toEqual(['Index', 'Exact', '8-bit codes']);
  expect(figures('Vectors here')).toEqual([String(chunks), String(chunks)]);
  expect(figures('Memory')[1]).not.toBe(figures('Memory')[0]);
});

test('a measurement is stopped, without an error', async () => {
  let aborted = false;
  Object.assign(library, {
    measureIndex: (_: unknown, { signal }: { readonly signal: AbortSignal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          aborted = true;
          reject(signal.reason);
        });
      }),
  });
  await page.getByRole('button', { name: 'Measure', exact: true }).click();
  await expect.element(page.getByRole('progressbar', { name: 'Measuring the index' })).toBeInTheDocument();
  await page.getByRole('button', { name: 'Stop' }).click();
  await expect.element(page.getByRole('button', { name: 'Measure', exact: true })).toBeVisible();
  expect(aborted).toBe(true);
  expect(document.querySelector('[role="alert"]')).toBeNull();
});

test('fits 390 px, and axe finds nothing serious in both themes', async () => {
  await page.viewport(390, 844);
  await page.getByRole('button', { name: 'Measure', exact: true }).click();
  await until(() => columns().length === 2);
  expect(runsOut()).toEqual([]);
  for (const theme of ['light', 'dark']) {
    document.documentElement.dataset.theme = theme;
    await until(() => document.getAnimations().every(({ playState }) => playState !== 'running'));
    const { violations } = await axe.run('[role="dialog"]');
    const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    expect(serious.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  }
  delete document.documentElement.dataset.theme;
  await userEvent.keyboard('{Escape}');
  await until(() => document.querySelector('[role="dialog"]') === null);
});
