import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { corpusCollectionId } from '#core/ports/library-records.ts';
import { until } from '#shared/until.test-support.ts';
import encryptedUrl from '../../../e2e/fixtures/documents/encrypted.pdf?url';
import { makeLibrary, type TestLibrary } from './library.test-support.tsx';

let test_: TestLibrary;
const state = () => test_.controller.store.getState();
const note = (name: string, text: string): File => new File([text], name, { type: 'text/markdown' });
const allReady = () =>
  until(() => state().documents.length > 0 && state().documents.every(({ status }) => status === 'ready'));

beforeEach(async () => {
  test_ = await makeLibrary();
  await until(() => state().isLoaded);
});
afterEach(() => test_.dispose());

describe('the library controller', () => {
  test('takes files in, makes a collection for them, and indexes them in one job', async () => {
    await test_.controller.addFiles([
      note('a.md', '# A\n\nApples are red.'),
      note('b.md', '# B\n\nBirds fly.'),
    ]);
    await allReady();
    expect(state().collections.map(({ name }) => name)).toEqual(['Documents']);
    expect(state().documents).toHaveLength(2);
    expect(state().documents[0]?.chunkCount).toBe(2);
    await until(() => state().jobs.length === 0);
    expect((await test_.repositories.jobs.list()).map(({ label, state: end }) => [label, end])).toEqual([
      ['Indexing 2 documents', 'done'],
    ]);
    expect(state().addingCount).toBe(0);
  });

  test('the same file again joins the collection and says so', async () => {
    await test_.controller.addFiles([note('a.md', 'Apples are red.')]);
    await allReady();
    const second = await test_.controller.createCollection('Second');
    await test_.controller.addFiles([note('copy of a.md', 'Apples are red.')]);
    expect(test_.notes).toContain('This document is already in the library.');
    await until(() => state().documents[0]?.collectionIds.includes(second.id));
    expect(state().documents).toHaveLength(1);
  });

  test('new files never go into the corpus of an evaluation, not even while it is open', async () => {
    const corpus = { id: corpusCollectionId('x'), name: 'Evaluation: x', createdAt: 1 };
    await test_.repositories.library.saveCollection(corpus);
    await until(() => state().collections.length === 1);
    await test_.controller.addFiles([note('a.md', 'Apples are red.')]);
    await allReady();
    const own = state().collections.find(({ name }) => name === 'Documents')?.id ?? '';
    expect(state().documents[0]?.collectionIds).toEqual([own]);
    test_.controller.selectCollection(corpus.id);
    await test_.controller.addFiles([note('b.md', 'Birds fly.')]);
    expect(state().collectionId).toBe(own); // where they are seen
    expect(await test_.repositories.library.documents(corpus.id)).toEqual([]);
    await until(() => state().documents.length === 2);
    await allReady();
  });

  test('refuses by name, records what cannot be read, and retries it', async () => {
    await test_.controller.addFiles([new File(['x'], 'picture.png'), new File([], 'empty.md')]);
    expect(state().rejected).toMatchObject([{ name: 'picture.png', code: 'input/unsupported' }]);
    const [file] = state().rejected;
    if (file) test_.controller.dismissRejected(file);
    expect(state().rejected).toEqual([]);
    const failed = await until(() => state().documents.find(({ status }) => status === 'failed'));
    expect(failed.error).toMatchObject({ code: 'input/invalid' });
    await test_.controller.retry(failed.id);
    await until(async () => (await test_.repositories.jobs.list()).length === 2);
    await until(() => state().documents.find(({ status }) => status === 'failed'));
  });

  test('a locked PDF fails with its reason and takes nothing else with it', async () => {
    const locked = new File([await (await fetch(encryptedUrl)).blob()], 'locked.pdf', {
      type: 'application/pdf',
    });
    await test_.controller.addFiles([locked, note('a.md', 'Apples are red.')]);
    await until(() => state().documents.some(({ status }) => status === 'ready'));
    const failed = await until(() => state().documents.find(({ status }) => status === 'failed'));
    expect(failed.error?.code).toBe('input/password-protected');
  });

  test('deletes a document, and undo brings back its chunks and its text', async () => {
    await test_.controller.addFiles([note('a.md', '# A\n\nApples are red.')]);
    await allReady();
    const id = state().documents[0]?.id ?? '';
    test_.controller.open({ documentId: id });
    await test_.controller.removeDocument(id);
    expect(state().documents).toEqual([]);
    expect(state().target).toBeUndefined();
    expect(await test_.repositories.library.chunks(id)).toEqual([]);
    test_.undo();
    await until(() => state().documents.length === 1);
    expect(await test_.repositories.library.chunks(id)).toHaveLength(2);
    expect((await test_.controller.text(id, 0)).text).toBe('# A\n\nApples are red.');
  });

  test('deletes a collection with its own documents only, and undo restores all', async () => {
    const first = await test_.controller.createCollection('First');
    await test_.controller.addFiles([note('a.md', 'Apples'), note('b.md', 'Birds')]);
    await allReady();
    const second = await test_.controller.createCollection('Second');
    await test_.controller.addFiles([note('b.md', 'Birds')]);
    await test_.controller.removeCollection(first.id);
    expect(state().documents.map(({ name }) => name)).toEqual(['b.md']);
    expect(state().collections.map(({ name }) => name)).toEqual(['Second']);
    test_.undo();
    await until(() => state().documents.length === 2 && state().collections.length === 2);
    const birds = await until(() => state().documents.find(({ name }) => name === 'b.md'));
    expect(new Set(birds.collectionIds)).toEqual(new Set([first.id, second.id]));
  });

  test('renames a collection; an empty name changes nothing', async () => {
    const { id } = await test_.controller.createCollection('  First ');
    await test_.controller.renameCollection(id, ' ');
    expect(state().collections[0]?.name).toBe('First');
    await test_.controller.renameCollection(id, 'Renamed');
    await until(async () => (await test_.repositories.library.collections())[0]?.name === 'Renamed');
  });

  test('without an embedder documents wait, and are indexed when one is there', async () => {
    await test_.dispose();
    test_ = await makeLibrary({ hasEmbedder: false });
    await test_.controller.addFiles([note('a.md', 'Apples')]);
    await until(() => state().documents.length === 1);
    expect(state().isEmbedderMissing).toBe(true);
    expect(await test_.repositories.jobs.list()).toEqual([]);
    test_.giveEmbedder();
    await test_.controller.indexWaiting();
    await allReady();
    expect(state().isEmbedderMissing).toBe(false);
  });

  test('searches the open collection; the newest search wins', async () => {
    await test_.controller.addFiles([note('a.md', 'Apples are red.\n\nPears are green.')]);
    await allReady();
    const empty = await test_.controller.createCollection('Empty');
    test_.controller.selectCollection(null);
    const slow = test_.controller.search('apples');
    await Promise.all([slow, test_.controller.search('pears green')]);
    expect(state().search).toMatchObject({ query: 'pears green', status: 'done' });
    expect(state().search.response?.passages.map(({ text }) => text)).toEqual(['Pears are green.']);
    test_.controller.selectCollection(empty.id);
    await until(() => state().search.response?.passages.length === 0);
    await test_.controller.search('');
    expect(state().search.status).toBe('idle');
  });

  test('a passage that is gone, or cannot be read, is said and opens nothing', async () => {
    await test_.controller.addFiles([note('a.md', 'Apples are red.')]);
    await allReady();
    const id = state().documents[0]?.id ?? '';
    await test_.controller.openPassage(id, 7);
    expect(test_.notes.at(-1)).toMatch(/no longer there/);
    await test_.controller.openPassage(id, 0);
    expect(state().target).toEqual({ documentId: id, span: { start: 0, end: 15 } });
    test_.controller.close();
    test_.repositories.close();
    await test_.controller.openPassage(id, 0);
    expect(test_.notes.at(-1)).toMatch(/^The passage could not be opened/);
    expect(state().target).toBeUndefined();
  });

  test('another tab sees what this one does', async () => {
    await test_.repositories.library.saveCollection({ id: 'x', name: 'From elsewhere', createdAt: 1 });
    await until(() => state().collections.some(({ id }) => id === 'x'));
  });
});
