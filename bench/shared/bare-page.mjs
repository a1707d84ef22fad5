// A page that holds one script of src/ and nothing else, in a profile on disk.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join, resolve } from 'node:path';
import { chromium } from 'playwright';
import { build } from 'vite';
import { CHROMIUM_FLAGS, findChromium } from '../../scripts/find-chromium.mjs';

const TYPES = { '.js': 'text/javascript', '.wasm': 'application/wasm', '.html': 'text/html' };
// Isolated, so that the clock is fine (5 µs).
const HEADERS = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

async function buildPage(input, outDir) {
  await build({
    configFile: false,
    root: resolve(import.meta.dirname, '../..'),
    logLevel: 'error',
    build: {
      outDir,
      emptyOutDir: true,
      target: 'es2023',
      modulePreload: { polyfill: false },
      rollupOptions: { input, output: { entryFileNames: 'measure.js' } },
    },
  });
}

function serve(root) {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const page = '<!doctype html><title>bench</title><script type="module" src="/measure.js"></script>';
    const body = pathname === '/' ? page : await readFile(join(root, pathname)).catch(() => undefined);
    const type = TYPES[extname(pathname)] ?? 'text/html';
    response.writeHead(body === undefined ? 404 : 200, { ...HEADERS, 'Content-Type': type }).end(body);
  });
  return new Promise((done) => server.listen(0, '127.0.0.1', () => done(server)));
}

/** Builds the script, serves it and starts Chromium; `close` takes all of it away. */
export async function openBarePage({ page, log }) {
  const folder = await mkdtemp(join(tmpdir(), 'bench-page-'));
  const site = join(folder, 'site');
  await buildPage(page, site);
  const server = await serve(site);
  // A profile on disk, as a person's browser has it: an incognito one keeps IndexedDB in memory.
  const context = await chromium.launchPersistentContext(join(folder, 'profile'), {
    executablePath: await findChromium({ log }),
    args: CHROMIUM_FLAGS,
  });
  return {
    context,
    url: `http://127.0.0.1:${server.address().port}/`,
    async close() {
      await context.close();
      server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
