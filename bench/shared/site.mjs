// What the benches serve: the production build, and beside it under /bench/ the pages that call the libraries bare.
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build as viteBuild } from 'vite';
import { build } from '../../scripts/build.mjs';

export const PROJECT = resolve(import.meta.dirname, '../..');
export const CACHE = join(PROJECT, '.cache/bench');
/** Of this run alone: two benches at once must not take each other's files. */
const SITE = join(CACHE, `site-${process.pid}`);
const PAGES = join(PROJECT, 'bench/pages');
/** Models that a bench makes up; served under /bench-models/. */
export const MADE_MODELS = join(CACHE, 'models');

export const DIST = join(PROJECT, 'dist');

/** The same server then gives both with the same headers, from one origin: they share the stored models. */
function joinSite() {
  removeSite();
  mkdirSync(SITE, { recursive: true });
  for (const entry of readdirSync(DIST, { withFileTypes: true })) {
    const [from, to] = [join(DIST, entry.name), join(SITE, entry.name)];
    if (entry.isDirectory()) symlinkSync(from, to, 'junction');
    else copyFileSync(from, to);
  }
  mkdirSync(MADE_MODELS, { recursive: true });
  symlinkSync(MADE_MODELS, join(SITE, 'bench-models'), 'junction');
}

function buildPages() {
  const pages = readdirSync(PAGES).filter((name) => name.endsWith('.html'));
  return viteBuild({
    configFile: false,
    root: PAGES,
    base: '/bench/',
    logLevel: 'error',
    worker: { format: 'es' },
    build: {
      target: 'es2023',
      outDir: join(SITE, 'bench'),
      modulePreload: { polyfill: false },
      rollupOptions: { input: pages.map((name) => join(PAGES, name)) },
    },
  });
}

/** @returns {Promise<string>} the folder to serve */
export async function buildSite() {
  await build({ log: console.error });
  if (!existsSync(join(DIST, 'index.html'))) throw new Error('There is no build: npm run build');
  joinSite();
  await buildPages();
  return SITE;
}

export const removeSite = () => rmSync(SITE, { recursive: true, force: true });

/** URL paths of each engine's files, as the service worker of the build groups them. */
export function engineFiles() {
  const [first] = readFileSync(join(DIST, 'sw.js'), 'utf8').split('\n');
  return JSON.parse(first.slice(first.indexOf('{'), first.lastIndexOf('}') + 1)).groups;
}
