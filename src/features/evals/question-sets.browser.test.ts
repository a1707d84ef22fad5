import axe from 'axe-core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { HASHED } from '#core/rag/hashed-embedder.test-support.ts';
import { createId } from '#shared/ids.ts';
import { until } from '#shared/until.test-support.ts';
import { runsOut } from '#ui/sideways.test-support.ts';
import { makeEvals, showEvals, type TestEvals } from './evals.test-support.tsx';

const TEXTS = {
  'valve.md': '# Relief valve\n\nThe relief valve opens at eight bar and protects the boiler.',
  'tomato.md': '# Tomatoes\n\nWater tomatoes every morning and never wet the leaves.',
  'sky.md': '# Sky\n\nJupiter is the largest planet; binoculars show its moons.',
};

let evals: TestEvals;
let hide: () => void = () => {};
const state = () => evals.controller.store.getState();

beforeEach(async () => {
  await page.viewport(1280, 900);
  evals = await makeEvals();
  await evals.repositories.library.saveCollection({ id: 'c', name: 'House', createdAt: 1 });
  const files = Object.entries(TEXTS).map(
    ([name, text]) => new File([text], name, { type: 'text/markdown' }),
  );
  const { documentIds } = await evals.library.addFiles({ files, collectionId: 'c' });
  const id = await evals.jobs.start('ingest', createId(), { documentIds, embedder: HASHED });
  expect(await evals.jobs.ended(id)).toMatchObject({ state: 'done' });
});
afterEach(async () => {
  hide();
  hide = () => {};
  await evals.dispose();
});

async function ask(question: string, words: string, file: string): Promise<void> {
  const passages = await evals.controller.findPassages(words, new AbortController().signal);
  const answer = passages.find(({ documentName }) => documentName === file);
  if (!answer) throw new Error(`${file} was not found`);
  const { documentId, start, end } = answer;
  await evals.controller.addQuestion(question, [{ documentId, start, end }]);
}

test('questions of the user are stored, evaluated over their library, and the results are kept', async () => {
  await evals.controller.createSet('Mine', ['c']);
  expect(state().dataset).toBeUndefined(); // nothing to score yet
  await ask('When does the relief valve open?', 'eight bar', 'valve.md');
  await ask('When are tomatoes watered?', 'tomatoes morning', 'tomato.md');
  expect(state().dataset?.documents).toHaveLength(3);
  await evals.controller.run();
  expect(state().error).toBeUndefined();
  expect(state().result?.dataset).toMatchObject({ name: 'Mine', judged: 2, chunks: 3, isOfPassages: true });
  for (const { metrics } of state().result?.report.settings ?? []) expect(metrics.mrr10.mean).toBe(1);
  expect(await evals.repositories.library.collections()).toHaveLength(1); // no copy of the corpus

  const later = evals.makeController();
  const [set] = await until(() =>
    later.store.getState().sets.length > 0 ? later.store.getState().sets : undefined,
  );
  expect(set?.questions.map(({ text, origin }) => [text, origin])).toEqual([
    ['When does the relief valve open?', 'hand'],
    ['When are tomatoes watered?', 'hand'],
  ]);
  await later.openSet(set?.id ?? '');
  expect(later.store.getState().dataset?.queries).toHaveLength(2);
  const [run] = await evals.repositories.datasets.runs(set?.id ?? '');
  expect(run?.result).toMatchObject({ format: 'benchtop-retrieval', dataset: { name: 'Mine' } });
  later.dispose();
});

test('a removed document is named and counts as missed; a question without an answer is refused', async () => {
  await evals.controller.createSet('Mine', []);
  await evals.controller.addQuestion('Why?', []);
  expect(state().error).toMatchObject({ code: 'input/invalid' });
  await ask('When does the relief valve open?', 'eight bar', 'valve.md');
  await ask('When are tomatoes watered?', 'tomatoes morning', 'tomato.md');
  const documentId = state().set?.questions[0]?.answers[0]?.documentId ?? '';
  await evals.repositories.library.removeDocument(documentId);
  await evals.controller.run();
  expect(state().problems?.missingDocuments).toHaveLength(1);
  for (const { metrics } of state().result?.report.settings ?? []) expect(metrics.mrr10.mean).toBe(0.5);
  const id = state().set?.questions[0]?.id ?? '';
  await evals.controller.removeQuestion(id);
  expect(state().problems?.missingDocuments).toEqual([]);
  await evals.controller.removeSet(state().set?.id ?? '');
  expect(state()).toMatchObject({ sets: [], set: undefined, dataset: undefined });
});

test('drafts are looked at one by one: accepted as edited, rejected; only what was accepted is in the set', async () => {
  hide = showEvals(evals.controller);
  await evals.controller.createSet('Drafted', []);
  const passages = await evals.controller.findPassages(
    'valve tomatoes Jupiter',
    new AbortController().signal,
  );
  expect(passages).toHaveLength(3);
  await evals.controller.draftQuestions(passages);
  expect(state().drafts).toHaveLength(3);
  expect(state().set?.questions).toEqual([]);
  const question = page.getByTestId('draft').getByRole('textbox');
  await page.getByRole('button', { name: 'Reject' }).click();
  await until(() => state().drafts.length === 2);
  await question.fill('What is right?');
  await page.getByRole('button', { name: 'Accept' }).click();
  await until(() => state().drafts.length === 1);
  const { documentId, start, end } = passages[1] ?? {};
  expect(state().set?.questions).toMatchObject([
    { text: 'What is right?', origin: 'drafted', answers: [{ documentId, start, end }] },
  ]);
  await page.getByRole('button', { name: 'Accept' }).click();
  await until(() => state().drafts.length === 0);
  expect(state().set?.questions).toHaveLength(2);
});

test('the set that was chosen last is shown, also when an older one is read more slowly; a closed one stays closed', async () => {
  const { library, datasets } = evals.repositories;
  const add = async (id: string, collectionId: string, documentId: string): Promise<void> => {
    const answers = [{ documentId, start: 0, end: 9 }];
    const questions = [{ id: 'q', text: id, origin: 'hand' as const, answers }];
    await datasets.save({
      id,
      name: id,
      collectionIds: [collectionId],
      createdAt: 1,
      updatedAt: 1,
      questions,
    });
  };
  await add('slow', 'c', (await library.documents('c'))[0]?.id ?? '');
  await add('quick', 'empty', 'absent');
  const { chunks } = library;
  let go = (): void => {};
  const hold = (): Promise<void> =>
    new Promise((reached) => {
      const gate = new Promise<void>((resolve) => {
        go = resolve;
      });
      const held = async (id: string) => {
        reached();
        await gate;
        return chunks(id);
      };
      Object.assign(library, { chunks: held });
    });
  let isReading = hold();
  const first = evals.controller.openSet('slow');
  await isReading;
  const second = evals.controller.openSet('quick');
  go();
  await Promise.all([first, second]);
  expect(state().set?.name).toBe('quick');
  expect(state().dataset?.name).toBe('quick');

  isReading = hold();
  const third = evals.controller.openSet('slow');
  await isReading;
  evals.controller.closeSet();
  go();
  await third;
  expect(state()).toMatchObject({ set: undefined, dataset: undefined });
});

test('a removed question comes back to its place with undo, also when another set is open', async () => {
  await evals.controller.createSet('Mine', []);
  for (const word of ['valve', 'tomatoes', 'Jupiter']) {
    const [passage] = await evals.controller.findPassages(word, new AbortController().signal);
    if (!passage) throw new Error('nothing was found');
    const { documentId, start, end } = passage;
    await evals.controller.addQuestion(`${word}?`, [{ documentId, start, end }]);
  }
  const mine = state().set;
  await evals.controller.removeQuestion(mine?.questions[1]?.id ?? '');
  expect(state().set?.questions.map(({ text }) => text)).toEqual(['valve?', 'Jupiter?']);
  expect(evals.notes.at(-1)?.message).toBe('Removed “tomatoes?”.');
  await evals.controller.createSet('Other', []);
  evals.notes.at(-1)?.undo?.();
  await until(async () => (await evals.repositories.datasets.get(mine?.id ?? ''))?.questions.length === 3);
  expect((await evals.repositories.datasets.get(mine?.id ?? ''))?.questions).toEqual(mine?.questions);
  expect(state().set?.name).toBe('Other');
});

test('earlier evaluations are listed, opened, compared, and deleted with undo; at 390 px, and axe finds nothing', async () => {
  await page.viewport(390, 844);
  await evals.controller.createSet('Mine', ['c']);
  await ask('When does the relief valve open?', 'eight bar', 'valve.md');
  await ask('When are tomatoes watered?', 'tomatoes morning', 'tomato.md');
  evals.controller.setGrid({ modes: ['dense'] });
  await evals.controller.run();
  evals.controller.setGrid({ modes: ['dense', 'lexical'] });
  await evals.controller.run();
  const id = state().set?.id ?? '';

  const later = evals.makeController();
  hide = showEvals(later);
  await later.openSet(id);
  const rows = page.getByTestId('earlier-run');
  await expect.element(rows.nth(1)).toBeVisible();
  await expect.element(rows.nth(1)).toHaveTextContent(/Mine · Dense · nDCG@10 \d\.\d{3} \(\d/);
  await expect.element(rows.nth(0)).toHaveTextContent(/Dense; Lexical · .*with (Dense|Lexical)/);
  expect(page.getByTestId('eval-setting').elements()).toHaveLength(0);
  await rows
    .nth(0)
    .getByRole('button', { name: /^Open / })
    .click();
  await expect.element(page.getByTestId('eval-setting').nth(1)).toBeVisible();
  await expect.element(page.getByRole('img', { name: /^nDCG@10 of each setting/ })).toBeVisible();
  await expect
    .element(page.getByRole('img', { name: /^nDCG@10 of each setting/ }))
    .toHaveTextContent(/0\.90.*1\.00nDCG/); // all is right: the axis ends at 1
  await rows.nth(0).getByRole('checkbox').click();
  await rows.nth(1).getByRole('checkbox').click();
  await expect
    .element(page.getByTestId('run-difference'))
    .toHaveTextContent(/^Dense\+0\.000.*p = 1\.000002$/);
  expect(runsOut()).toEqual([]);
  for (const theme of ['light', 'dark']) {
    document.documentElement.dataset.theme = theme;
    await until(() => document.getAnimations().every(({ playState }) => playState !== 'running'));
    const { violations } = await axe.run(document.body, {
      rules: { 'landmark-one-main': { enabled: false }, region: { enabled: false } },
    });
    expect(violations.map(({ id: rule, nodes }) => [rule, nodes.map(({ html }) => html)])).toEqual([]);
  }
  delete document.documentElement.dataset.theme;

  const kept = await evals.repositories.datasets.runs(id);
  await rows
    .nth(0)
    .getByRole('button', { name: /^Delete / })
    .click();
  await until(() => rows.elements().length === 1);
  expect(await evals.repositories.datasets.runs(id)).toEqual(kept.slice(1));
  expect(page.getByTestId('eval-setting').elements()).toHaveLength(0);
  expect(evals.notes.at(-1)?.message).toBe('Deleted an evaluation.');
  evals.notes.at(-1)?.undo?.();
  await until(() => rows.elements().length === 2);
  expect(await evals.repositories.datasets.runs(id)).toEqual(kept);
  later.dispose();
});

test('a model that writes no question is said', async () => {
  await evals.controller.createSet('Drafted', []);
  const [passage] = await evals.controller.findPassages('valve', new AbortController().signal);
  const other = await makeEvals({ draftFails: true });
  await other.controller.createSet('Drafted', []);
  await other.controller.draftQuestions(passage ? [passage] : []);
  expect(other.controller.store.getState().drafts).toEqual([]);
  expect(other.controller.store.getState().error?.message).toMatch(/wrote no question for 1 of 1/);
  await other.dispose();
});

test('on screen: a set, a question, its passage, the figures; at 390 px; axe finds nothing', async () => {
  await page.viewport(390, 844);
  hide = showEvals(evals.controller);
  await page.getByLabelText('New question set').getByRole('textbox').fill('House questions');
  await page.getByLabelText('Over').selectOptions('House');
  await page.getByRole('button', { name: 'Create' }).click();
  await page
    .getByLabelText('Question', { exact: true })
    .fill('At which pressure does the relief valve open?');
  await page.getByRole('button', { name: 'Find passages' }).click();
  await page.getByRole('checkbox', { name: /valve opens at eight bar/ }).click();
  for (const theme of ['light', 'dark']) {
    document.documentElement.dataset.theme = theme;
    await until(() => document.getAnimations().every(({ playState }) => playState !== 'running'));
    const { violations } = await axe.run(document.body, {
      rules: { 'landmark-one-main': { enabled: false }, region: { enabled: false } },
    });
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  }
  delete document.documentElement.dataset.theme;
  expect(runsOut()).toEqual([]);
  await page.getByRole('button', { name: 'Add the question' }).click();
  await expect.element(page.getByTestId('question')).toHaveTextContent('At which pressure');
  await page.getByRole('button', { name: 'Evaluate', exact: true }).click();
  await expect.element(page.getByRole('heading', { name: 'Weakest questions' })).toBeVisible();
  expect(state().set?.collectionIds).toEqual(['c']);
});
