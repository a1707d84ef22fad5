import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from '../fixtures/benchtop.ts';
import { LibraryPage } from '../pages/library.page.ts';
import { ModelsPage } from '../pages/models.page.ts';

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

test('every format is read, found, and its passage opens with the very words marked', async ({ page }) => {
  const models = new ModelsPage(page);
  await models.open();
  await models.download('BGE small (English)');
  const library = new LibraryPage(page);
  await library.open();
  await library.drop(
    FORMATS.map(([name]) => ({
      name,
      type: '',
      bytes: readFileSync(resolve(import.meta.dirname, '../fixtures/documents', name)),
    })),
  );
  for (const [, document] of FORMATS) await library.ready(document);
  // What an archive holds beside them is refused by name.
  await expect(page.getByText('orchard.zip/orchard/tree.png')).toBeVisible();
  await expect(page.getByText('bomb.zip/zeros.txt')).toBeVisible();

  for (const [, document, query, path, marked] of FORMATS) {
    await page.getByRole('searchbox', { name: 'Search the library' }).fill(query);
    const passage = page.getByTestId('passage').filter({ hasText: document }).first();
    await expect(passage).toBeVisible();
    if (path !== '') await expect(passage).toContainText(path);
    await passage.click();
    await expect(library.viewer).toContainText(document);
    await expect(async () => expect(words(await library.markedText())).toContain(marked)).toPass();
  }
});

test('a chosen folder is taken in with its paths, and what programs left in it is not', async ({ page }) => {
  const folder = join(mkdtempSync(join(tmpdir(), 'benchtop-folder-')), 'garden');
  mkdirSync(join(folder, 'notes'), { recursive: true });
  mkdirSync(join(folder, '.git'));
  writeFileSync(join(folder, 'notes', 'hedge.md'), '# Hedge\n\nThe hornbeam is cut in August.\n');
  writeFileSync(join(folder, 'shed.csv'), 'Tool,Place\nSickle,third hook\n');
  writeFileSync(join(folder, '.git', 'HEAD'), 'ref: refs/heads/main\n');
  // As in a browser that hands out no folder that lasts.
  await page.addInitScript(() => Object.defineProperty(window, 'showDirectoryPicker', { value: undefined }));
  const library = new LibraryPage(page);
  await library.open();
  await page.getByLabel('Folder to add').setInputFiles(folder);
  await expect(library.row('garden/notes/hedge.md')).toBeVisible();
  await expect(library.row('garden/shed.csv')).toBeVisible();
  await expect(page.getByText('HEAD')).toHaveCount(0);
});
