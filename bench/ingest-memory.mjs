// Memory while a folder of many small files is taken in: a curve and its slope.
//   node bench/ingest-memory.mjs [--files 10000]     the goal is about 10,000; 1,000 unless told
// What is measured: performance.measureUserAgentSpecificMemory(), which the browser answers after a collection of garbage:
// the JavaScript memory of the page and its workers, by scope. What the browser keeps elsewhere (IndexedDB, painted rows)
// is not in it. Each file has one passage of a few words, so that the model costs as little as it can.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { download, EMBEDDER } from './shared/app.mjs';
import { log, runBench } from './shared/bench.mjs';

const POINTS = 12;
const MEGABYTE = 2 ** 20;
/** Over all files; what grows by more is kept for each file. */
const MOST_GROWTH = 0.25;

function makeFolder(count) {
  const top = mkdtempSync(join(tmpdir(), 'bench-ingest-memory-'));
  const folder = join(top, 'notes');
  mkdirSync(folder);
  const paths = Array.from({ length: count }, (_, i) => join(folder, `note-${i}.txt`));
  for (const [i, path] of paths.entries())
    writeFileSync(path, `Note ${i}: pump ${i * 7} ran in hall ${i % 97}.\n`);
  return { paths, remove: () => rmSync(top, { recursive: true, force: true }) };
}

/** Resolves when so many passages are stored. */
function whenStored(page, wanted) {
  return page.evaluate(async (least) => {
    const wait = (request) =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const database = await wait(indexedDB.open('benchtop'));
    const count = () => wait(database.transaction('chunks').objectStore('chunks').count());
    let stored = await count();
    while (stored < least) {
      await new Promise((resolve) => setTimeout(resolve, 250));
      stored = await count();
    }
    database.close();
    return stored;
  }, wanted);
}

/** Bytes by scope: the page, and each worker by its file. */
function memory(page) {
  return page.evaluate(async () => {
    const { bytes, breakdown } = await performance.measureUserAgentSpecificMemory();
    const scopes = {};
    for (const part of breakdown) {
      if (part.bytes === 0) continue;
      const [{ scope, url } = { scope: 'shared' }] = part.attribution;
      const name = scope === 'DedicatedWorkerGlobalScope' ? new URL(url).pathname.split('/').at(-1) : scope;
      scopes[name] = (scopes[name] ?? 0) + part.bytes;
    }
    return { bytes, scopes };
  });
}

/** Of a line through the points, by least squares. */
function slope(points) {
  const mean = (values) => values.reduce((total, value) => total + value, 0) / values.length;
  const [x, y] = [mean(points.map(([at]) => at)), mean(points.map(([, value]) => value))];
  const along = points.reduce((total, [at, value]) => total + (at - x) * (value - y), 0);
  return along / points.reduce((total, [at]) => total + (at - x) ** 2, 0);
}

async function measure({ newContext, values }) {
  const files = Number(values.files);
  const { paths, remove } = makeFolder(files);
  try {
    const { context, page: openPage } = await newContext();
    const page = await openPage('models');
    await download(page, EMBEDDER.label);
    await page.getByRole('link', { name: 'Library' }).click();
    // As files: where folders can be remembered, a folder is asked for in a dialog of the browser's own.
    await page.getByLabel('Documents to add').first().setInputFiles(paths);
    context.setDefaultTimeout(0); // ten thousand files take long
    const curve = [];
    for (let point = 1; point <= POINTS; point++) {
      const stored = await whenStored(page, Math.floor((files * point) / POINTS));
      const { bytes, scopes } = await memory(page);
      curve.push({ stored, bytes, scopes });
      log(`${stored} of ${files} files: ${(bytes / MEGABYTE).toFixed(1)} MB`);
    }
    if (new Set(curve.slice(1).map(({ stored }) => stored)).size < POINTS / 2)
      throw new Error(`${files} files are stored faster than memory is measured: take more`);
    // The first point has the model that is still being loaded.
    const settled = curve.slice(1);
    const bytesAFile = slope(settled.map(({ stored, bytes }) => [stored, bytes]));
    const growth = (bytesAFile * files) / settled[0].bytes;
    return {
      summary: `${(bytesAFile / 1024).toFixed(1)} kB a file over ${files} files, ${(growth * 100).toFixed(0)} % of ${(settled[0].bytes / MEGABYTE).toFixed(0)} MB`,
      isMet: growth <= MOST_GROWTH,
      bytesAFile: Math.round(bytesAFile),
      growth: Number(growth.toFixed(3)),
      curve,
    };
  } finally {
    remove();
  }
}

await runBench({
  name: 'ingest-memory',
  claim: 'JavaScript memory of page and workers while a folder of small files is taken in',
  goal: `grows by at most ${MOST_GROWTH * 100} % over all files`,
  rounds: 1,
  // Otherwise each answer waits up to twenty seconds for a collection of garbage.
  flags: ['--enable-blink-features=ForceEagerMeasureMemory'],
  options: { files: { type: 'string', default: '1000' } },
  measure,
});
