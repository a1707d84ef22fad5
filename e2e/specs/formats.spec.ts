import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { BrowserContext, TestInfo } from '@playwright/test';
import { expect, test } from '../fixtures/benchtop.ts';
import { entriesOf, longText } from '../fixtures/long-text.ts';
import { LibraryPage } from '../pages/library.page.ts';
import { ModelsPage } from '../pages/models.page.ts';
import { storedLibrary } from '../pages/stored-library.ts';

/** Each format with a question in the words of its document, what stands above the passage, and what is marked. */
const FORMATS: readonly (readonly [
  file: string,
  document: string,
  query: string,
  path: string,
  marked: string,
])[] = [
  [
    'harbour-crane.docx',
    'harbour-crane.docx',
    'six broken wires lay length',
    'Before the shift › Ropes',
    'A rope with six broken wires on one lay length is taken out of use.',
  ],
  [
    'tide-table.xlsx',
    'tide-table.xlsx',
    'Saltby high water range',
    'Spring tides › Rows 2–3',
    'Harbour: Saltby | Date: 2024-03-12 | High water: 07:15 | Range in metres: 4.2',
  ],
  [
    'bridges.csv',
    'bridges.csv',
    'swing bridge herring boats',
    'Rows 2–4',
    'Bridge: Kingfisher Lane | Town: Wrenmouth | Opened: 1931',
  ],
  [
    'lighthouse.epub',
    'lighthouse.epub',
    'keeper rang the bell in fog',
    'Of fog',
    'In fog the keeper rang the bell every two minutes, and his daughter counted.',
  ],
  [
    'valve-spring.eml',
    'valve-spring.eml',
    'spring wound in the Tarn foundry from nickel steel',
    'Spring of valve three (Ingrid Sølheim, 2024-05-17)',
    'wound in the Tarn foundry from nickel steel and cost € 40.',
  ],
  ['pump_log.py', 'pump_log.py', 'rings the brass bell', 'def watch_gauge', 'log.write("bell", bar)'],
  [
    'orchard.zip',
    'orchard.zip/orchard/apples.md',
    'Ashmead tree grafted quince stock',
    'Apples',
    'bears in its ninth year.',
  ],
  ['relief-valve-manual.pdf', 'relief-valve-manual.pdf', 'set pressure 8.4 bar', 'p. 2', '8.4 bar'],
  [
    'garden-notes.md',
    'garden-notes.md',
    'two barrows of compost each autumn',
    'Soil',
    'Every autumn two barrows of compost go on each bed.',
  ],
  ['hostile.html', 'hostile.html', 'bicycle on the ferry kroner', 'Ferry times', 'A bicycle costs 35 kroner'],
  ['valve-japanese.txt', 'valve-japanese.txt', '安全弁は何バールで開く', '', '安全弁は八点四バールで開く。'],
  ['valve-arabic.txt', 'valve-arabic.txt', 'صمام الأمان', '', 'يفتح صمام الأمان عند ضغط ثمانية بار.'],
  [
    'mill-1252.txt',
    'mill-1252.txt',
    'mill at Großenhain sacks',
    '',
    'The mill at Großenhain grinds 40 sacks for € 12 each.',
  ],
  [
    'bomb.zip',
    'bomb.zip/beside-the-bomb.md',
    'note beside the bomb',
    'Beside',
    'This note lies beside the bomb and is read.',
  ],
];

const words = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** Long enough for several batches, so that a kill meets the folder with a part of it stored. */
const LOG = { name: 'log-of-rounds.txt', entries: 560 } as const;

/** A folder on disk with a file of every format, and the log. */
function folderOfFormats(info: TestInfo): string {
  const folder = info.outputPath('papers');
  mkdirSync(folder, { recursive: true });
  for (const [name] of FORMATS)
    copyFileSync(resolve(import.meta.dirname, '../fixtures/documents', name), join(folder, name));
  writeFileSync(join(folder, LOG.name), longText(LOG.entries));
  return folder;
}

/** As in a browser that hands out no folder that lasts: the files are chosen instead. */
async function withoutFolderPicker(context: BrowserContext): Promise<void> {
  await context.addInitScript(() =>
    Object.defineProperty(window, 'showDirectoryPicker', { value: undefined }),
  );
}

test('a folder of every format is taken in over a kill, whole and once, and each passage opens with its words marked', async ({
  page,
  context,
  console,
}, info) => {
  await withoutFolderPicker(context);
  const models = new ModelsPage(page);
  await models.open();
  await models.download('BGE small (English)');
  const library = new LibraryPage(page);
  await library.open();
  await page.getByLabel('Folder to add').setInputFiles(folderOfFormats(info));
  // What an archive holds beside them is refused by name.
  await expect(page.getByText('orchard.zip/orchard/tree.png')).toBeVisible();
  await expect(page.getByText('bomb.zip/zeros.txt')).toBeVisible();
  await library.partlyEmbedded(LOG.name);
  const before = await storedLibrary(page);
  const killer = await context.newCDPSession(page);
  killer.send('Page.crash').catch(() => {});
  await page.waitForEvent('crash');

  const again = await context.newPage();
  console.watch(again);
  const reopened = new LibraryPage(again);
  await reopened.open();
  for (const [, document] of FORMATS) await reopened.ready(document);
  await reopened.ready(LOG.name);

  const after = await storedLibrary(again);
  expect(after.chunkKeys).toEqual(after.expectedKeys);
  expect(after.vectorKeys).toEqual(after.expectedKeys);
  // In the order of the ids the chunks of the log stand together, in their own order.
  const entries = entriesOf(after.chunks.join('\n'));
  expect(entries).toEqual(Array.from({ length: LOG.entries }, (_, i) => i));
  expect(before.vectorKeys.length).toBeGreaterThan(0);
  expect(before.vectorKeys.length).toBeLessThan(after.vectorKeys.length);
  const kept = new Set(after.vectorKeys);
  expect(before.vectorKeys.filter((key) => !kept.has(key))).toEqual([]);

  for (const [, document, query, path, marked] of FORMATS) {
    await again.getByRole('searchbox', { name: 'Search the library' }).fill(query);
    const passage = again.getByTestId('passage').filter({ hasText: document }).first();
    await expect(passage).toBeVisible();
    if (path !== '') await expect(passage).toContainText(path);
    await passage.click();
    await expect(reopened.viewer).toContainText(document);
    await expect(async () => expect(words(await reopened.markedText())).toContain(marked)).toPass();
  }
});

test('a chosen folder is taken in with its paths, and what programs left in it is not', async ({
  page,
}, info) => {
  const folder = info.outputPath('garden');
  mkdirSync(join(folder, 'notes'), { recursive: true });
  mkdirSync(join(folder, '.git'));
  writeFileSync(join(folder, 'notes', 'hedge.md'), '# Hedge\n\nThe hornbeam is cut in August.\n');
  writeFileSync(join(folder, 'shed.csv'), 'Tool,Place\nSickle,third hook\n');
  writeFileSync(join(folder, '.git', 'HEAD'), 'ref: refs/heads/main\n');
  await withoutFolderPicker(page.context());
  const library = new LibraryPage(page);
  await library.open();
  await page.getByLabel('Folder to add').setInputFiles(folder);
  await expect(library.row('garden/notes/hedge.md')).toBeVisible();
  await expect(library.row('garden/shed.csv')).toBeVisible();
  await expect(page.getByText('HEAD')).toHaveCount(0);
});

test('a remembered folder is looked at again after a reload: what changed is chosen, done, and undone', async ({
  page,
}) => {
  // The dialog is the browser's; the folder that it hands out here is a real one, of the origin.
  await page.addInitScript(() => {
    const pick = async () => (await navigator.storage.getDirectory()).getDirectoryHandle('garden');
    Object.defineProperty(window, 'showDirectoryPicker', { value: pick });
  });
  const write = (name: string, text: string) =>
    page.evaluate(
      async ([name, text]) => {
        const root = await navigator.storage.getDirectory();
        const folder = await root.getDirectoryHandle('garden', { create: true });
        const stream = await (await folder.getFileHandle(name, { create: true })).createWritable();
        await stream.write(text);
        await stream.close();
      },
      [name, text] as const,
    );
  const library = new LibraryPage(page);
  await library.open();
  await write('hedge.md', '# Hedge\n\nThe hornbeam is cut in August.\n');
  await write('shed.csv', 'Tool,Place\nSickle,third hook\n');
  await page.getByRole('button', { name: 'Add a folder' }).click();
  await expect(library.row('garden/hedge.md')).toBeVisible();
  await expect(library.row('garden/shed.csv')).toBeVisible();

  await page.reload();
  await write('pond.md', '# Pond\n\nThe newts come in March.\n');
  await page.evaluate(async () => {
    const root = await navigator.storage.getDirectory();
    await (await root.getDirectoryHandle('garden')).removeEntry('shed.csv');
  });
  await page.getByRole('button', { name: 'Look again' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByText('Added (1)')).toBeVisible();
  await expect(dialog.getByText('Removed (1)')).toBeVisible();
  await expect(library.row('garden/shed.csv')).toHaveCount(1);
  await dialog.getByRole('button', { name: 'Apply 2' }).click();
  await expect(library.row('garden/pond.md')).toBeVisible();
  await expect(library.row('garden/shed.csv')).toHaveCount(0);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(library.row('garden/shed.csv')).toBeVisible();
  await expect(library.row('garden/pond.md')).toHaveCount(0);
});
