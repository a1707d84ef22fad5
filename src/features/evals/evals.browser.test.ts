import axe from 'axe-core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { until } from '#shared/until.test-support.ts';
import { runsOut } from '#ui/sideways.test-support.ts';
import { fileOf } from './corpus-intake.ts';
import { folder, makeEvals, showEvals, type TestEvals } from './evals.test-support.tsx';
import { parseShares } from './number-list.ts';

let evals: TestEvals;
let hide: () => void = () => {};
const state = () => evals.controller.store.getState();
const jsonl = (rows: readonly unknown[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('');

const VALVE = 'The relief valve opens at eight bar and protects the boiler.';
const SET = {
  'corpus.jsonl': jsonl([
    { _id: 'valve', title: 'Relief valve', text: VALVE },
    { _id: 'valve/copy', title: 'Relief valve', text: VALVE },
    { _id: 'tomato', title: 'Tomatoes', text: 'Water tomatoes every morning and never wet the leaves.' },
    { _id: 'sky', text: 'Jupiter is the largest planet; binoculars show its moons.' },
    {
      _id: 'heading',
      title: 'Notes',
      text: '# Not a heading of ours\n\nSeals wear out after two thousand hours.',
    },
    { _id: 'nothing', title: '', text: '' },
  ]),
  'queries.jsonl': jsonl([
    { _id: 'q1', text: 'When does the relief valve open?' },
    { _id: 'q2', text: 'watering tomatoes in the morning' },
    { _id: 'q3', text: 'seals worn after hours' },
    { _id: 'q4', text: 'Who is never judged?' },
  ]),
  'qrels/test.tsv':
    'query-id\tcorpus-id\tscore\nq1\tvalve\t1\nq1\tvalve/copy\t1\nq2\ttomato\t1\nq2\tabsent\t1\nq3\theading\t1\n',
};

beforeEach(async () => {
  await page.viewport(1280, 900);
  evals = await makeEvals();
});
afterEach(async () => {
  hide();
  hide = () => {};
  await evals.dispose();
});

describe('the evaluation controller', () => {
  test('takes a folder through the library and scores every judged question in all modes', async () => {
    await evals.controller.importFolder(folder('small', SET));
    expect(state().problems).toEqual({ missingDocuments: ['absent'], missingQueries: [] });
    await evals.controller.run();
    expect(state().error).toBeUndefined();
    const { result, corpus } = state();
    expect(result?.dataset).toMatchObject({
      name: 'small',
      documents: 6,
      queries: 4,
      judged: 3,
      unread: ['nothing'],
      missingDocuments: ['absent'],
    });
    expect(result?.report.settings.map(({ label }) => label)).toEqual(['Dense', 'Lexical', 'Hybrid']);
    for (const { metrics } of result?.report.settings ?? []) {
      expect(metrics.mrr10.mean).toBe(1);
      // q2 has a relevant document that is not there: half of its recall is lost.
      expect(metrics.recall100.mean).toBeCloseTo((1 + 0.5 + 1) / 3, 10);
      expect(metrics.ndcg10.mean).toBeCloseTo((1 + 1 / (1 + 1 / Math.log2(3)) + 1) / 3, 10);
    }
    // Two documents of the same bytes are stored once, and both are found.
    expect(result?.runs[0]?.queries[0]?.ranking.slice(0, 2)).toEqual(['valve', 'valve/copy']);
    expect(await evals.repositories.library.documents(corpus?.collectionId)).toHaveLength(4);
    expect((await evals.repositories.library.collections())[0]?.name).toBe('Evaluation: small');
  });

  test('a second run embeds nothing again; the corpus can be taken out of the library', async () => {
    await evals.controller.importFolder(folder('small', SET));
    await evals.controller.run();
    const embedded = evals.embedder.embedded.length;
    expect(embedded).toBeGreaterThan(3);
    evals.controller.setGrid({ modes: ['hybrid'], denseShares: [0.2, 0.8], mmrLambdas: [undefined, 0.5] });
    await evals.controller.run();
    expect(evals.embedder.embedded.length).toBe(embedded);
    expect(state().result?.report.settings.map(({ label }) => label)).toEqual([
      'Hybrid 0.2 : 0.8',
      'Hybrid 0.2 : 0.8, λ 0.5',
      'Hybrid 0.8 : 0.2',
      'Hybrid 0.8 : 0.2, λ 0.5',
    ]);
    await evals.controller.removeCorpus();
    expect(await evals.repositories.library.documents()).toEqual([]);
    const { passages } = await evals.library.search({ query: 'relief valve', collectionIds: [], limit: 5 });
    expect(passages).toEqual([]);
  });

  test('only what the set has brought goes out of the library; the number is said, and undo brings it back', async () => {
    const { library } = evals.repositories;
    await evals.controller.importFolder(folder('small', SET));
    await evals.controller.run();
    const collectionId = state().corpus?.collectionId ?? '';
    const add = async (name: string, text: string, id: string): Promise<string> => {
      const files = [new File([text], name, { type: 'text/markdown' })];
      const { documentIds, alreadyThere } = await evals.library.addFiles({ files, collectionId: id });
      return documentIds[0] ?? alreadyThere[0] ?? '';
    };
    const mine = await add('mine.md', 'My own words about roses.', collectionId);
    await library.saveCollection({ id: 'house', name: 'House', createdAt: 2 });
    const shared = await add('valve.md', `# Relief valve\n\n${VALVE}`, 'house'); // bytes of the set
    expect(await library.document(shared)).toMatchObject({ collectionIds: [collectionId, 'house'] });

    await evals.controller.removeCorpus();
    expect((await library.documents()).map(({ id }) => id).sort()).toEqual([mine, shared].sort());
    expect((await library.documents(collectionId)).map(({ id }) => id)).toEqual([mine]);
    expect(evals.notes.at(-1)?.message).toBe(
      'Removed 3 documents of “small” from the library. 1 document stays in other collections. 1 document of your own stays in “Evaluation: small”.',
    );
    evals.notes.at(-1)?.undo?.();
    await until(async () => (await library.documents(collectionId)).length === 5);
    await until(async () => (await library.document(shared))?.collectionIds.includes(collectionId));
    const embedded = evals.embedder.embedded.length;
    await evals.controller.run(); // the user's own document is not indexed on the way, and nothing of the set anew
    expect(state().error).toBeUndefined();
    expect(evals.embedder.embedded).toHaveLength(embedded);
    expect(await library.document(mine)).toMatchObject({ status: 'queued' });
  });

  test('a reranker and wordings by a chat model: asked once a question, named in the figures', async () => {
    await evals.dispose();
    evals = await makeEvals({ wording: 'Jupiter binoculars moons' });
    await evals.controller.importFolder(folder('small', SET));
    evals.controller.setGrid({
      modes: ['dense', 'lexical'],
      wordings: [undefined, 'variants', 'hypothetical'],
      reranked: [false, true],
    });
    await evals.controller.run();
    expect(state().error).toBeUndefined();
    const { result } = state();
    expect(result?.report.settings.map(({ label }) => label)).toContain('Dense, HyDE, reranked');
    expect(result?.report.settings).toHaveLength(10);
    expect(evals.asked).toHaveLength(6); // three judged questions, two kinds
    expect(result?.helpers).toEqual({ reranker: 'overlap', chatModel: 'writer' });
    // The other wording is about something else, and what it finds is in the ranking.
    const rankingOf = (label: string): readonly string[] =>
      result?.runs[result.report.settings.findIndex((each) => each.label === label)]?.queries[0]?.ranking ??
      [];
    expect(rankingOf('Lexical')).not.toContain('sky');
    expect(rankingOf('Lexical, several wordings')).toContain('sky');
  });

  test('exports the figures, the rankings, the passages and the set', async () => {
    await evals.controller.importFolder(folder('small', SET));
    await evals.controller.run();
    evals.controller.downloadResult();
    evals.controller.downloadRuns();
    await evals.controller.downloadPassages();
    evals.controller.downloadDataset();
    const text = (name: string): string => evals.downloads.get(name) ?? '';
    const figures = JSON.parse(text('small-retrieval.json'));
    expect(figures).toMatchObject({ format: 'benchtop-retrieval', embedder: { modelId: 'hashed-words' } });
    expect(figures.chunkerVersion).toBeGreaterThan(0);
    expect(figures.settings[2].metrics.ndcg10).toMatchObject({ n: 3 });
    expect(text('small-runs.txt')).toMatch(/^q1 Q0 valve 1 \d+ Dense\n/);
    const passages = text('small-passages.jsonl')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(passages).toContainEqual({
      ids: ['valve', 'valve/copy'],
      ordinal: 0,
      headings: ['Relief valve'],
      text: `# Relief valve\n\n${VALVE}`,
    });
    expect(text('small-corpus.jsonl').trim().split('\n')).toHaveLength(6);
    expect(text('small-qrels-test.tsv')).toBe(SET['qrels/test.tsv']);
  });

  test('a broken folder is refused with file and line, and the set before it stays', async () => {
    await evals.controller.importFolder(folder('small', SET));
    await evals.controller.importFolder(folder('broken', { ...SET, 'queries.jsonl': '{"_id":"q1"}\n' }));
    expect(state().error).toMatchObject({ code: 'input/invalid' });
    expect(state().error?.message).toContain('queries.jsonl, line 1');
    expect(state().dataset?.name).toBe('small');
    await evals.controller.importFolder([new File(['x'], 'notes.txt')]);
    expect(state().error?.message).toContain('There is no corpus.jsonl');
  });

  test('stops where it is; what was stored stays and the next run goes on', async () => {
    await evals.controller.importFolder(folder('small', SET));
    let release = (): void => {};
    const reached = new Promise<void>((resolve) => {
      evals.embedder.pause = () => {
        resolve();
        return new Promise((go) => {
          release = go;
        });
      };
    });
    const run = evals.controller.run();
    await reached;
    expect(state().phase).toBe('indexing');
    evals.controller.stop();
    release();
    await run;
    expect(state()).toMatchObject({ phase: 'idle', error: undefined, result: undefined });
    evals.embedder.pause = undefined;
    await evals.controller.run();
    expect(state().result?.report.settings).toHaveLength(3);
  });

  test('a run that is discarded in the tray takes nothing that was ready before it', async () => {
    const { library } = evals.repositories;
    await evals.controller.importFolder(folder('small', SET));
    await evals.controller.run();
    const all = await library.documents(state().corpus?.collectionId);
    const gone = all.find(({ name }) => name === 'tomato.md')?.id ?? '';
    await library.removeDocument(gone);
    let release = (): void => {};
    const reached = new Promise<void>((resolve) => {
      evals.embedder.pause = () => {
        resolve();
        return new Promise((go) => {
          release = go;
        });
      };
    });
    const run = evals.controller.run();
    await reached;
    const job = await until(() => evals.jobs.jobs().find((each) => each.state === 'running'));
    expect(job.input).toMatchObject({ documentIds: [gone] }); // a job is discarded by its documents
    const cancelled = evals.jobs.cancel(job.id);
    release();
    await Promise.all([cancelled, run]);
    expect(state().phase).toBe('idle');
  });

  test('without an embedder it says what is needed, until one is there', async () => {
    await evals.dispose();
    evals = await makeEvals({ hasEmbedder: false });
    await evals.controller.importFolder(folder('small', SET));
    await until(() => state().isEmbedderMissing);
    await evals.controller.run();
    expect(state().error).toMatchObject({ code: 'model/not-found' });
    evals.giveEmbedder();
    await until(() => !state().isEmbedderMissing);
    await evals.controller.run();
    expect(state().result?.report.settings).toHaveLength(3);
  });
});

describe('the evaluation screen', () => {
  test('from the folder to the table, with names for every part and nothing that runs out of the page', async () => {
    hide = showEvals(evals.controller);
    await expect.element(page.getByText('Does the search find the right passage?')).toBeVisible();
    await evals.controller.importFolder(folder('small', SET));
    await page.getByRole('button', { name: 'Evaluate', exact: true }).click();
    await expect.element(page.getByRole('heading', { name: 'Weakest questions' })).toBeVisible();
    await expect
      .element(page.getByRole('img', { name: /^nDCG@10 of each setting.*Dense 0\.\d/ }))
      .toBeVisible();
    await expect.element(page.getByTestId('eval-setting').nth(2)).toBeVisible();
    await page.getByLabelText('Diversity λ').fill('off, 2');
    await expect.element(page.getByText('Numbers from 0 to 1, divided by commas, or “off”.')).toBeVisible();
    expect(state().grid.mmrLambdas).toEqual([undefined]);
    const { violations } = await axe.run(document.body, {
      rules: { 'landmark-one-main': { enabled: false }, region: { enabled: false } },
    });
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
    await page.viewport(360, 740);
    expect(runsOut()).toEqual([]);
  });

  test.each([390, 1440])(
    'the plot shows every name and figure in whole, at %d px, light and dark',
    async (width) => {
      await page.viewport(width, 900);
      hide = showEvals(evals.controller);
      await evals.controller.importFolder(folder('small', SET));
      evals.controller.setGrid({
        modes: ['hybrid'],
        denseShares: [0.25],
        mmrLambdas: [0.55],
        wordings: ['variants', 'hypothetical'],
        reranked: [true],
      });
      await evals.controller.run();
      const plot = page.getByRole('img', { name: /several wordings, reranked/ });
      for (const theme of ['light', 'dark']) {
        document.documentElement.dataset.theme = theme;
        await expect.element(plot).toBeVisible();
        const box = plot.element().getBoundingClientRect();
        const leaves = [...plot.element().querySelectorAll('span, p')].filter(
          ({ childElementCount, textContent }) => childElementCount === 0 && textContent !== '',
        );
        expect(leaves.length).toBeGreaterThan(2 * 2 + 6);
        for (const leaf of leaves) {
          const range = document.createRange();
          range.selectNodeContents(leaf);
          const { left, right } = range.getBoundingClientRect();
          expect(left, leaf.textContent ?? '').toBeGreaterThanOrEqual(Math.max(0, box.left - 16));
          expect(right, leaf.textContent ?? '').toBeLessThanOrEqual(Math.min(window.innerWidth, box.right));
        }
      }
      delete document.documentElement.dataset.theme;
    },
  );
});

test('a document becomes a file that keeps its text; what looks like structure is plain text', async () => {
  const titled = fileOf({ id: 'a/b', title: ' Two\nlines ', text: 'Text.' });
  expect([titled.name, await titled.text()]).toEqual(['a_b.md', '# Two lines\n\nText.']);
  const structured = fileOf({ id: 'c', title: 'T', text: 'x\n```\ncode' });
  expect([structured.name, await structured.text()]).toEqual(['c.txt', 'T\n\nx\n```\ncode']);
  expect(await fileOf({ id: 'd', title: '', text: 'x' }).text()).toBe('x');
});

test('lists of shares', () => {
  expect(parseShares('0.3, .5;1')).toEqual([0.3, 0.5, 1]);
  expect(parseShares('OFF 0.5')).toEqual([undefined, 0.5]);
  for (const bad of ['', ' ', '2', '-1', 'x', '0.5, y']) expect(parseShares(bad)).toBeUndefined();
});
