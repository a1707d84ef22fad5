// npm run eval:retrieval -- --beir <dir> [--embedder bge-small-en-v1.5] [--mode dense|lexical|hybrid]
// Measures retrieval in the built product: opens it in Chromium, gives its Evaluate screen the folder (corpus.jsonl,
// queries.jsonl, qrels/test.tsv), lets it ingest and ask, and prints the figures it exports as JSON. Progress on stderr.
//   --mode      may be repeated; all three unless told
//   --shares    shares of meaning in hybrid, as '0.3,0.5,0.7'      --lambdas   λ of diversity, as 'off,0.5'
//   --passages <file>   the passages as they were embedded (for scripts/eval-reference.py)   --runs <file>   TREC runs
// `npm run --silent` keeps npm's own lines out of stdout.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright';
import { CHROMIUM_FLAGS, findChromium } from './find-chromium.mjs';
import { fetchPack, readCatalog } from './models.mjs';
import { startServer } from './serve.mjs';

const PROJECT = resolve(import.meta.dirname, '..');
const MODES = ['dense', 'lexical', 'hybrid'];
const LABELS = { dense: 'Dense', lexical: 'Lexical', hybrid: 'Hybrid' };
const FILES = ['corpus.jsonl', 'queries.jsonl', 'qrels/test.tsv'];
const DOWNLOAD_MS = 120_000;
/** A set of the size of the public ones is read and stored in far less. */
const IMPORT_MS = 600_000;
const SAY_EVERY_MS = 2000;

const say = (text) => process.stderr.write(`${text}\n`);

/** What was asked for, or an error that says what is wrong with it. */
export function readArguments(args, catalog = readCatalog()) {
  const { values } = parseArgs({
    args,
    options: {
      beir: { type: 'string' },
      embedder: { type: 'string', default: 'bge-small-en-v1.5' },
      mode: { type: 'string', multiple: true, default: MODES },
      shares: { type: 'string' },
      lambdas: { type: 'string' },
      passages: { type: 'string' },
      runs: { type: 'string' },
    },
  });
  if (values.beir === undefined) throw new Error('Say which set: --beir <dir>.');
  const folder = resolve(values.beir);
  const missing = FILES.filter((path) => !existsSync(join(folder, path)));
  if (missing.length > 0) throw new Error(`${folder} lacks ${missing.join(', ')}.`);
  const modes = values.mode.flatMap((mode) => mode.split(','));
  const unknown = modes.find((mode) => !MODES.includes(mode));
  if (unknown !== undefined) throw new Error(`There is no mode “${unknown}”. Modes: ${MODES.join(', ')}.`);
  const embedders = catalog.models.filter(({ task }) => task === 'embed-text');
  const embedder = embedders.find(({ id }) => id === values.embedder);
  if (embedder === undefined)
    throw new Error(
      `There is no embedder “${values.embedder}”. Embedders: ${embedders.map(({ id }) => id).join(', ')}.`,
    );
  return { ...values, folder, modes, embedder };
}

/** In a process of its own, so that nothing of it gets between the JSON. */
function buildIfChanged() {
  const code = `import(${JSON.stringify(pathToFileURL(join(PROJECT, 'scripts/build.mjs')).href)}).then((m) => m.build())`;
  execFileSync(process.execPath, ['--input-type=module', '-e', code], {
    cwd: PROJECT,
    stdio: ['ignore', 2, 2],
  });
}

async function getEmbedder(page, url, { id, label }) {
  await page.goto(`${url}models`);
  // The list shows only what is in sight.
  await page.getByRole('searchbox', { name: 'Search models' }).fill(label);
  await page.getByRole('button', { name: `Download ${label}` }).click();
  await page.getByRole('button', { name: `Delete ${label}` }).waitFor({ timeout: DOWNLOAD_MS });
  say(`${id} is in the product's store`);
}

/** Says how far it is until it is done; throws what the screen shows as an error. */
async function untilIdle(page) {
  const status = page.getByTestId('eval-status');
  let last = '';
  const timer = setInterval(async () => {
    const text = await status.textContent({ timeout: 500 }).catch(() => null);
    if (text !== null && text !== last) say(text);
    last = text ?? last;
  }, SAY_EVERY_MS);
  try {
    await status.waitFor({ state: 'detached', timeout: 0 });
  } finally {
    clearInterval(timer);
  }
  const alert = page.getByRole('main').getByRole('alert');
  if ((await alert.count()) > 0) throw new Error(await alert.first().textContent());
}

async function download(page, name, path) {
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name }).click(),
  ]);
  if (path !== undefined) await file.saveAs(path);
  return path ?? (await file.path());
}

async function evaluate(page, url, { folder, modes, embedder, shares, lambdas, passages, runs }) {
  await getEmbedder(page, url, embedder);
  await page.goto(`${url}evals`);
  await page.getByLabel('Folder with a question set').setInputFiles(folder);
  await page
    .getByRole('heading', { name: 'Settings to compare' })
    .or(page.getByRole('alert'))
    .first()
    .waitFor({ timeout: IMPORT_MS });
  await untilIdle(page);
  for (const mode of MODES)
    await page.getByRole('checkbox', { name: LABELS[mode] }).setChecked(modes.includes(mode));
  if (shares !== undefined) await page.getByLabel('Share of meaning in hybrid').fill(shares);
  if (lambdas !== undefined) await page.getByLabel('Diversity λ').fill(lambdas);
  await page.getByRole('button', { name: 'Evaluate', exact: true }).click();
  await untilIdle(page);
  if (passages !== undefined) await download(page, 'Passages (JSONL)', resolve(passages));
  if (runs !== undefined) await download(page, 'Rankings (TREC)', resolve(runs));
  return readFile(await download(page, 'Download figures (JSON)'), 'utf8');
}

async function main() {
  const wanted = readArguments(process.argv.slice(2));
  buildIfChanged();
  await fetchPack(wanted.embedder.id, { log: say });
  const server = await startServer({ root: join(PROJECT, 'dist'), port: 4891 });
  // A profile on disk: the storage of a private window lives in memory, and large sets do not fit there.
  const profile = await mkdtemp(join(tmpdir(), 'benchtop-eval-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: await findChromium({ log: say }),
    viewport: { width: 1280, height: 900 },
    args: CHROMIUM_FLAGS,
  });
  try {
    const page = context.pages()[0] ?? (await context.newPage());
    page.on('pageerror', (error) => say(`In the page: ${error.message}`));
    process.stdout.write(await evaluate(page, server.url, wanted));
  } finally {
    await context.close();
    await server.close();
    await rm(profile, { recursive: true, force: true });
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href)
  main().catch((error) => {
    say(error.message);
    process.exitCode = 1;
  });
