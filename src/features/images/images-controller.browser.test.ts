import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '#shared/errors.ts';
import { until } from '#shared/until.test-support.ts';
import { makeImages, type TestImages } from './images.test-support.tsx';

let images: TestImages;
beforeEach(async () => {
  images = await makeImages();
  await images.controller.addSamples();
  await images.ready(12);
});
afterEach(() => images.dispose());

const idOf = (name: string): string => {
  const image = images.state().images.find((other) => other.name === `Samples/${name}.webp`);
  if (image === undefined) throw new Error(`No picture ${name}`);
  return image.id;
};

describe('search', () => {
  test('while one types the newest words win, and not every letter is searched for', async () => {
    const word = 'strawberry';
    await Promise.all([...word].map((_, i) => images.controller.setWords(word.slice(0, i + 1))));
    expect(images.state().search).toMatchObject({ status: 'done', answers: { words: word } });
    expect(images.searched.at(-1)).toBe(word);
    expect(images.searched.length).toBeLessThan(word.length);
  });

  test('a search that was cleared meanwhile shows nothing of it', async () => {
    const asked = images.controller.setWords('castle');
    await images.controller.clearQuery();
    await asked;
    expect(images.state().search).toEqual({ status: 'idle' });
  });

  test('what a word behind a minus shows is less similar to the search', async () => {
    const scoreOf = async (words: string): Promise<number> => {
      await images.controller.setWords(words);
      const hits = images.state().search.response?.hits ?? [];
      return hits.find(({ imageId }) => imageId === idOf('strawberry'))?.score ?? Number.NaN;
    };
    const before = await scoreOf('fruit');
    expect(await scoreOf('fruit -strawberry')).toBeLessThan(before - 0.1);
  });

  test('a picture finds itself as a file, and is left out as a stored one', async () => {
    const original = await images.controller.original(idOf('owl'));
    if (original === undefined) throw new Error('No original');
    await images.controller.searchByFile(new File([original], 'other.webp'));
    const [first] = images.state().search.response?.hits ?? [];
    expect(first?.imageId).toBe(idOf('owl'));
    expect(first?.score).toBeGreaterThan(0.99);
    await images.controller.searchLike(idOf('owl'));
    expect(images.state().search.response?.hits.map(({ imageId }) => imageId)).not.toContain(idOf('owl'));
    await images.controller.searchLike(idOf('owl'), { x: 0, y: 0, width: 0.3, height: 0.3 });
    expect(images.state().query.picture).toMatchObject({ region: { width: 0.3 } });
  });

  test('the slider leads from the words to the picture', async () => {
    await images.controller.searchLike(idOf('castle'));
    const like = images.state().search.response?.hits[0]?.imageId;
    await images.controller.setWords('pizza');
    await images.controller.setBalance(0);
    expect(images.state().search.response?.hits[0]?.imageId).toBe(idOf('pizza'));
    await images.controller.setBalance(1);
    expect(images.state().search.response?.hits[0]?.imageId).toBe(like);
  });
});

describe('removal', () => {
  test('what is removed is found no more; undone, it is found again', async () => {
    expect((await images.find('pizza'))[0]).toBe('Samples/pizza.webp');
    await images.controller.remove([idOf('pizza'), idOf('owl')]);
    expect(images.notes.at(-1)).toBe('Deleted 2 pictures.');
    expect(await images.find('pizza ')).toHaveLength(10);
    images.undo();
    await until(() => images.state().images.length === 12);
    expect((await images.find('pizza'))[0]).toBe('Samples/pizza.webp');
  });

  test('a selection loses what was removed', async () => {
    images.controller.toggleSelected(idOf('fox'));
    images.controller.toggleSelected(idOf('lion'));
    await images.controller.remove([idOf('fox')]);
    expect([...images.state().selectedIds]).toEqual([idOf('lion')]);
  });
});

test('the same files again are said to be there, and nothing is indexed twice', async () => {
  await images.controller.addSamples();
  expect(images.notes.at(-1)).toBe('12 pictures are already here.');
  expect(images.jobs.jobs().filter(({ kind }) => kind === 'image-ingest')).toHaveLength(1);
});

test('tags are added and removed; a tag is learned from examples of both kinds', async () => {
  const animals = ['lion', 'fox', 'owl'].map(idOf);
  await images.controller.addTag(animals, ' animal ');
  await until(() => images.state().images.filter(({ tags }) => tags.includes('animal')).length === 3);
  const others = ['pizza', 'castle', 'rocket'].map(idOf);
  const { signal } = new AbortController();
  const probe = await images.controller.learnTag('animal', animals, others, signal);
  expect(probe).toMatchObject({ tag: 'animal', folds: 3 });
  for (const { imageId } of probe.suggested) expect([...animals, ...others]).not.toContain(imageId);
  await images.controller.removeTag(animals, 'animal');
  await until(() => images.state().images.every(({ tags }) => tags.length === 0));
});

test('labels are the user’s own: kept, read by another tab, and empty ones bring back the first', async () => {
  const first = images.state().labels;
  await images.controller.setLabels('owl\n\n castle \nowl');
  expect(images.state().labels).toEqual(['owl', 'castle']);
  const best = await images.controller.bestLabels(idOf('castle'), new AbortController().signal);
  expect(best.map(({ label }) => label)).toEqual(['castle', 'owl']);
  await images.controller.setLabels('');
  expect(images.state().labels).toEqual(first);
});

test('a job that is discarded leaves the files and nothing that it indexed; what was indexed before stays', async () => {
  const [first] = images.jobs.jobs();
  if (first === undefined) throw new Error('No job');
  const kept = idOf('owl');
  await images.repositories.jobs.update(first.id, (job) => ({
    ...job,
    input: { ...(job.input as object), againIds: [kept] },
  }));
  const tagged = idOf('pizza');
  await images.controller.addTag([tagged], 'lunch');
  const discarded = await until(() => images.jobs.jobs().find(({ id }) => id === first.id));
  await images.controller.discardJob(discarded.id);
  await until(() => images.state().images.filter(({ status }) => status === 'queued').length === 11);
  expect(images.notes.at(-1)).toMatch(/^Discarded what was indexed of 11 pictures\. What was indexed before/);
  expect(await images.find('pizza')).toEqual(['Samples/owl.webp']);
  expect(await images.controller.original(tagged)).toBeDefined();
  await images.controller.indexWaiting();
  await images.ready(12);
  expect((await images.find('pizza'))[0]).toBe('Samples/pizza.webp');
  expect(images.state().images.find(({ id }) => id === tagged)?.tags).toEqual(['lunch']);
});

test('a moment that cannot be read is not searched with: a part of another frame would be something else', async () => {
  const count = images.searched.length;
  await images.controller.searchMoment(idOf('owl'), 1, { x: 0, y: 0, width: 0.5, height: 0.5 });
  expect(images.notes.at(-1)).toMatch(/^What “owl\.webp” shows at this moment cannot be read/);
  expect(images.searched).toHaveLength(count);
});

test('a full disk while a job is discarded is said, and loses no picture', async () => {
  const { images: repository } = images.repositories;
  const { restore } = repository;
  const full = () => Promise.reject(new AppError('storage/quota-exceeded', 'The disk is full.'));
  Object.assign(repository, { restore: full });
  await images.controller.discardJob(images.jobs.jobs()[0]?.id ?? '');
  Object.assign(repository, { restore });
  expect(images.notes.at(-1)).toBe(
    'Discarded what was indexed of 0 pictures. The rest stays: The disk is full.',
  );
  expect(images.state().images.filter(({ status }) => status === 'ready')).toHaveLength(12);
});
