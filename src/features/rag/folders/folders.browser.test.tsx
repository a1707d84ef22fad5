import axe from 'axe-core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { until } from '#shared/until.test-support.ts';
import { makeLibrary, showScreen, type TestLibrary } from '../library.test-support.tsx';
import type { Folders } from './create-folders.ts';

let library: TestLibrary;
let folders: Folders;
let root: FileSystemDirectoryHandle;
/** A real folder; only the browser's two questions are answered by the test. */
let notes: FileSystemDirectoryHandle;
let permission: PermissionState;
let hide: () => void = () => {};

const state = () => library.controller.store.getState();
const names = () =>
  state()
    .documents.map(({ name }) => name)
    .sort();
const only = () => folders.store.getState().folders[0];
const review = () => folders.store.getState().reviews[0];
const found = () => review()?.changes.map(({ kind, path }) => `${kind} ${path}`);
const settled = () => until(() => state().documents.every(({ status }) => status === 'ready'));

async function write(path: string, text: string): Promise<void> {
  const parts = path.split('/');
  const name = parts.pop() ?? '';
  let at = notes;
  for (const part of parts) at = await at.getDirectoryHandle(part, { create: true });
  const stream = await (await at.getFileHandle(name, { create: true })).createWritable();
  await stream.write(text);
  await stream.close();
}

async function lookAgain(): Promise<void> {
  await folders.look(only()?.id ?? '');
}

beforeEach(async () => {
  await page.viewport(1440, 900);
  permission = 'granted';
  root = await (await navigator.storage.getDirectory()).getDirectoryHandle(`t-${crypto.randomUUID()}`, {
    create: true,
  });
  notes = await root.getDirectoryHandle('notes', { create: true });
  await write('apples.md', 'Apples are red.');
  await write('deep/birds.md', 'Birds fly south.');
  await write('deep/.git/config', 'not a document');
  await write('photo.png', 'no text at all');
  library = await makeLibrary({
    folderAccess: {
      pick: async () => notes,
      query: async () => permission,
      request: async () => permission,
    },
  });
  folders = await library.controller.folders();
});

/** A second folder beside the first. */
async function addOther(): Promise<void> {
  const first = notes;
  notes = await root.getDirectoryHandle('other', { create: true });
  await write('eels.md', 'Eels are long.');
  await folders.add();
  notes = first;
  await until(() => folders.store.getState().folders.length === 2);
}

afterEach(async () => {
  hide();
  hide = () => {};
  await library.dispose();
  const top = await navigator.storage.getDirectory();
  await top.removeEntry(root.name, { recursive: true });
});

describe('remembered folders', () => {
  test('a folder is taken in with its paths, and its handle outlives the page', async () => {
    await folders.add();
    await until(() => state().documents.length === 2);
    await settled();
    expect(names()).toEqual(['notes/apples.md', 'notes/deep/birds.md']);
    expect(state().rejected.map(({ name }) => name)).toEqual(['notes/photo.png']);
    const [id] = (await library.repositories.settings.get('library-folders')) as readonly string[];
    const stored = (await library.repositories.settings.get(`library-folder:${id}`)) as {
      readonly handle: FileSystemDirectoryHandle;
    };
    expect(await stored.handle.isSameEntry(notes)).toBe(true);
    await until(() => only()?.fileCount === 3);
  });

  test('nothing has changed: said so, and a file that cannot be read is not offered again', async () => {
    await folders.add();
    await until(() => only());
    await lookAgain();
    expect(review()).toBeUndefined();
    expect(library.notes).toContain('Nothing has changed in “notes”.');
  });

  test('what was added, changed and removed is shown first; applied, it is done; undone, it is as before', async () => {
    await folders.add();
    await until(() => state().documents.length === 2);
    await settled();
    await write('apples.md', 'Apples are green.');
    await write('cherries.md', 'Cherries are sour.');
    await (await notes.getDirectoryHandle('deep')).removeEntry('birds.md');
    await lookAgain();
    expect(found()?.sort()).toEqual([
      'added notes/cherries.md',
      'changed notes/apples.md',
      'removed notes/deep/birds.md',
    ]);
    expect(names()).toEqual(['notes/apples.md', 'notes/deep/birds.md']);

    await folders.apply(review()?.changes ?? []);
    await until(() => names().join() === 'notes/apples.md,notes/cherries.md');
    await settled();
    const texts = async () =>
      (
        await Promise.all(
          state().documents.map(async ({ id }) => (await library.repositories.library.chunks(id))[0]?.text),
        )
      ).sort();
    expect(await texts()).toEqual(['Apples are green.', 'Cherries are sour.']);
    expect(library.notes.at(-1)).toBe('“notes”: 1 added, 1 changed, 1 removed.');

    library.undo();
    await until(() => names().join() === 'notes/apples.md,notes/deep/birds.md');
    expect(await texts()).toEqual(['Apples are red.', 'Birds fly south.']);
    await until(() => only()?.fileCount === 3);
    await lookAgain(); // and it is found once more
    expect(found()).toHaveLength(3);
  });

  test('what is not chosen stays as it is and is shown again', async () => {
    await folders.add();
    await until(() => state().documents.length === 2);
    await write('cherries.md', 'Cherries are sour.');
    await notes.removeEntry('apples.md');
    await lookAgain();
    await folders.apply(review()?.changes.filter(({ kind }) => kind === 'added') ?? []);
    await until(() => state().documents.length === 3);
    await lookAgain();
    expect(found()).toEqual(['removed notes/apples.md']);
  });

  test('a file that moved, or has a copy, keeps its document', async () => {
    await folders.add();
    await until(() => state().documents.length === 2);
    await notes.removeEntry('apples.md');
    await write('fruit/apples.md', 'Apples are red.');
    await lookAgain();
    expect(found()).toEqual(['added notes/fruit/apples.md', 'removed notes/apples.md']);
    await folders.apply(review()?.changes ?? []);
    const documents = () => library.repositories.library.documents();
    const called = async () => (await documents()).map(({ name }) => name).sort();
    expect(await called()).toEqual(['notes/deep/birds.md', 'notes/fruit/apples.md']);
    library.undo();
    await until(async () => (await called()).join() === 'notes/apples.md,notes/deep/birds.md');
    await until(() => only()?.fileCount === 3);
  });

  test('a file that was saved without a change is neither read again nor counted', async () => {
    await folders.add();
    await until(() => state().documents.length === 2);
    const before = library.notes.filter((note) => note.startsWith('“notes”')).length;
    await write('apples.md', 'Apples are red.');
    await lookAgain();
    expect(found()).toEqual(['changed notes/apples.md']);
    await folders.apply(review()?.changes ?? []);
    expect(library.notes.filter((note) => note.startsWith('“notes”'))).toHaveLength(before);
    await lookAgain();
    expect(review()).toBeUndefined();
    expect(names()).toEqual(['notes/apples.md', 'notes/deep/birds.md']);
  });

  test('a folder that was just added can be taken back; documents that were there before stay', async () => {
    await library.controller.addFiles([new File(['Apples are red.'], 'mine.md')]);
    await folders.add();
    await until(() => state().documents.length === 2);
    expect(library.notes.at(-1)).toBe('“notes” is remembered: 2 added.');
    library.undo();
    await until(() => only() === undefined && names().join() === 'mine.md');
  });

  test('a document that is in another collection too only leaves this one', async () => {
    await folders.add();
    await until(() => state().documents.length === 2);
    const first = state().collectionId;
    const other = await library.controller.createCollection('Other');
    await library.controller.addFiles([new File(['Apples are red.'], 'mine.md')]);
    await notes.removeEntry('apples.md');
    await lookAgain();
    await folders.apply(review()?.changes ?? []);
    const inOther = await library.repositories.library.documents(other.id);
    expect(inOther.map(({ collectionIds }) => collectionIds)).toEqual([[other.id]]);
    library.undo();
    await until(async () => (await library.repositories.library.documents(first ?? '')).length === 2);
  });

  test('a permission that was taken away is asked for by a button; refused, nothing is lost', async () => {
    await folders.add();
    await until(() => state().documents.length === 2 && only());
    hide = showScreen({ controller: library.controller });
    permission = 'prompt';
    await page.getByRole('button', { name: 'Look again' }).click();
    await expect.element(page.getByText('The browser asks again before “notes” may be read.')).toBeVisible();
    permission = 'denied';
    await page.getByRole('button', { name: 'Allow reading' }).click();
    await until(() => only()?.error?.code === 'capability/storage-denied');
    await expect.element(page.getByText(/“notes” may not be read/)).toBeVisible();
    expect(names()).toEqual(['notes/apples.md', 'notes/deep/birds.md']);
    permission = 'granted';
    await write('cherries.md', 'Cherries are sour.');
    await page.getByRole('button', { name: 'Allow reading' }).click();
    await expect.element(page.getByText('What has changed in “notes”')).toBeVisible();
    expect(only()?.error).toBeUndefined();
  });

  test('a folder that is gone is a clear error, an empty one proposes nothing', async () => {
    await folders.add();
    await until(() => state().documents.length === 2 && only());
    await root.removeEntry('notes', { recursive: true });
    await lookAgain();
    expect(only()?.error).toMatchObject({ code: 'input/invalid' });
    expect(only()?.error?.message).toContain('no longer where it was');
    expect(review()).toBeUndefined();
    await root.getDirectoryHandle('notes', { create: true });
    hide = showScreen({ controller: library.controller });
    await page.getByRole('button', { name: 'Look again' }).click();
    await expect.element(page.getByRole('button', { name: 'Apply 0' })).toBeDisabled();
    await page.getByRole('button', { name: 'Leave as it is' }).click();
    expect(names()).toHaveLength(2);
  });

  test('changes are chosen from a list with counts', async () => {
    await folders.add();
    await until(() => state().documents.length === 2 && only());
    await write('cherries.md', 'Cherries are sour.');
    await notes.removeEntry('apples.md');
    hide = showScreen({ controller: library.controller });
    await page.getByRole('button', { name: 'Look again' }).click();
    await expect.element(page.getByText('Added (1)')).toBeVisible();
    await new Promise((resolve) => setTimeout(resolve, 300)); // it fades in
    const { violations } = await axe.run(document.body, { rules: { region: { enabled: false } } });
    const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    expect(serious.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
    await page.getByRole('checkbox', { name: 'notes/apples.md' }).click();
    await page.getByRole('button', { name: 'Apply 1' }).click();
    await until(() => names().join() === 'notes/apples.md,notes/cherries.md,notes/deep/birds.md');
  });

  test('two folders that were looked at are reviewed one after the other, each with its own choice', async () => {
    await folders.add();
    await addOther();
    await until(() => state().documents.length === 3);
    await settled();
    const [first, second] = folders.store.getState().folders;
    await write('cherries.md', 'Cherries are sour.');
    await (await root.getDirectoryHandle('other')).removeEntry('eels.md');
    await Promise.all([folders.look(first?.id ?? ''), folders.look(second?.id ?? '')]);
    hide = showScreen({ controller: library.controller });
    for (const { name } of [...folders.store.getState().reviews]) {
      await expect.element(page.getByText(`What has changed in “${name}”`)).toBeVisible();
      // “other” is empty now: nothing of it is chosen, whatever was chosen before.
      if (name === 'other')
        await expect.element(page.getByRole('button', { name: 'Apply 0' })).toBeDisabled();
      if (name === 'other') await page.getByRole('button', { name: 'Leave as it is' }).click();
      else await page.getByRole('button', { name: 'Apply 1' }).click();
    }
    await until(() => review() === undefined && names().includes('notes/cherries.md'));
    expect(names()).toContain('other/eels.md');
  });

  test('a folder that is forgotten while it is looked at stays forgotten', async () => {
    await folders.add();
    await until(() => state().documents.length === 2 && only());
    const id = only()?.id ?? '';
    await Promise.all([lookAgain(), folders.forget(id)]);
    await until(() => only() === undefined);
    expect(await library.repositories.settings.get('library-folders')).toEqual([]);
    library.undo();
    await until(() => only());
    await write('cherries.md', 'Cherries are sour.');
    await lookAgain();
    expect(found()).toEqual(['added notes/cherries.md']);
    await folders.forget(id);
    await until(() => only() === undefined && review() === undefined);
    await folders.apply([]);
    expect(only()).toBeUndefined();
  });

  test('a folder that is being taken in is busy, and forgotten meanwhile it is not remembered again', async () => {
    const busy = new Promise<void>((resolve) => {
      folders.store.subscribe(({ folders: [folder] }) => folder?.status === 'applying' && resolve());
    });
    const adding = folders.add();
    await busy;
    await folders.forget(only()?.id ?? '');
    await adding;
    expect(await library.repositories.settings.get('library-folders')).toEqual([]);
    expect(only()).toBeUndefined();
    expect(library.notes.at(-1)).toMatch(/is no longer looked at/);
  });

  test('a folder that cannot be forgotten says why', async () => {
    await folders.add();
    await until(() => state().documents.length === 2 && only());
    await settled();
    library.repositories.close();
    await folders.forget(only()?.id ?? '');
    expect(only()?.error?.message).toMatch(/./);
  });

  test('a forgotten folder leaves its documents; chosen twice, it is looked at again', async () => {
    await folders.add();
    await until(() => state().documents.length === 2 && only());
    await folders.add();
    expect(library.notes).toContain('Nothing has changed in “notes”.');
    expect(folders.store.getState().folders).toHaveLength(1);
    await folders.forget(only()?.id ?? '');
    await until(() => only() === undefined);
    expect(state().documents).toHaveLength(2);
    library.undo();
    await until(() => only());
  });
});
