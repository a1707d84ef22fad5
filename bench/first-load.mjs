// Claim 6: at most 130 kB of JavaScript (gzip) before the chat can be used; engines are fetched only when used.
//   node bench/first-load.mjs [--rounds 3]
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { log, runBench } from './shared/bench.mjs';
import { startCountingProxy } from './shared/counting-proxy.mjs';
import { DIST, engineFiles } from './shared/site.mjs';
import { spread, sum } from './shared/stats.mjs';

const MOST_KB = 130;
const kB = (bytes) => Number((bytes / 1000).toFixed(1));

/** As it lies packed beside the file; one that is too small to be packed is packed here. */
function gzipBytes(path) {
  const file = join(DIST, path);
  return existsSync(`${file}.gz`) ? statSync(`${file}.gz`).size : gzipSync(readFileSync(file)).length;
}

/** One first visit, and everything that it asked the server for. */
async function visit(newContext, port) {
  const proxy = await startCountingProxy(port);
  const { context, page } = await newContext(proxy.url);
  try {
    const opened = await page('chat');
    // The clock of the page and that of the proxy are one: both are this machine's.
    const usable = await opened.evaluate(() => globalThis.benchWatch.usable);
    await opened.waitForLoadState('networkidle');
    await opened.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    return { usable, requests: [...proxy.requests] };
  } finally {
    await context.close();
    await proxy.close();
  }
}

/** Run by the page or a worker. What the service worker lays by for offline use is fetched for later ('empty'). */
const isCode = ({ path, wanted }) => /\.m?js$/.test(path) && wanted !== 'empty';

function describe({ usable, requests }) {
  const early = requests.filter(({ atMs }) => atMs <= usable.atMs);
  const files = early.filter(isCode).map(({ path, wanted, atMs, wireBytes, encoding }) => ({
    path,
    wanted,
    beforeUsableMs: usable.atMs - atMs,
    gzipBytes: gzipBytes(path),
    wireBytes,
    encoding,
  }));
  const gzipOf = (kind) => sum(files.filter(({ wanted }) => wanted === kind).map((file) => file.gzipBytes));
  const byKind = {
    page: gzipOf('script'),
    workers: gzipOf('worker'),
    serviceWorker: gzipOf('serviceworker'),
  };
  return {
    files,
    byKind,
    gzipBytes: byKind.page + byKind.workers,
    wireBytes: sum(files.map((file) => file.wireBytes)),
    allWireBytes: sum(early.map((entry) => entry.wireBytes)),
    usableMs: usable.sinceStartMs,
  };
}

async function measure({ rounds, port, newContext }) {
  const visits = [];
  for (let round = 0; round < rounds; round++) {
    visits.push(await visit(newContext, port));
    log(`first load ${round + 1}/${rounds}`);
  }
  const loads = visits.map(describe);
  const largest = loads.reduce((most, load) => (load.gzipBytes > most.gzipBytes ? load : most));
  const asked = new Set(visits.flatMap(({ requests }) => requests.map(({ path }) => path)));
  const engines = Object.entries(engineFiles()).map(([engine, paths]) => ({
    engine,
    files: paths.length,
    fetched: paths.filter((path) => asked.has(path)),
  }));
  const fetched = engines.filter((group) => group.fetched.length > 0);
  const untouched = engines.filter((group) => group.fetched.length === 0).map(({ engine }) => engine);
  return {
    summary: `${kB(largest.gzipBytes)} kB: page ${kB(largest.byKind.page)}, worker for models ${kB(largest.byKind.workers)} (and ${kB(largest.byKind.serviceWorker)} of the service worker beside it); no file of ${untouched.join(', ')}${fetched.length > 0 ? `; but of ${fetched.map(({ engine }) => engine).join(', ')}` : ''}`,
    isMet: largest.gzipBytes <= MOST_KB * 1000 && fetched.length === 0,
    gzipKB: spread(
      loads.map((load) => kB(load.gzipBytes)),
      1,
    ),
    scriptsAsSentKB: kB(largest.wireBytes),
    everythingAsSentKB: kB(largest.allWireBytes),
    usableMs: spread(
      loads.map((load) => load.usableMs),
      0,
    ),
    scripts: largest.files,
    engines,
  };
}

await runBench({
  name: 'first-load',
  claim: 'JavaScript of a first visit before the chat can be used; engines only when used',
  goal: `≤ ${MOST_KB} kB gzip`,
  rounds: 3,
  measure,
});
