// Builds dist/ and what the browser wants beside it: the service worker with its list of files, and packed copies.
// Skipped when nothing that goes into the build has changed since.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { compressFolder } from './compress.mjs';
import { writeServiceWorker } from './service-worker-manifest.mjs';

const PROJECT = resolve(import.meta.dirname, '..');
const DIST = join(PROJECT, 'dist');
const INPUTS = [
  'src',
  'workers',
  'public',
  'models',
  'vite-plugins',
  'index.html',
  'vite.config.ts',
  'package.json',
  'package-lock.json',
  'scripts/build.mjs',
  'scripts/compress.mjs',
  'scripts/service-worker-manifest.mjs',
];

function* filesBelow(path) {
  if (!existsSync(path)) return;
  if (statSync(path).isFile()) yield path;
  else for (const name of readdirSync(path).sort()) yield* filesBelow(join(path, name));
}

function inputsHash() {
  const hash = createHash('sha256');
  for (const input of INPUTS)
    for (const file of filesBelow(join(PROJECT, input))) {
      if (/\.test\.|\.test-support\.|conformance/.test(file)) continue;
      hash.update(`${relative(PROJECT, file)}\0`).update(readFileSync(file));
    }
  return hash.digest('hex');
}

/** @returns {Promise<boolean>} false when the build was up to date */
export async function build({ isForced = false, log = console.log } = {}) {
  const stamp = join(DIST, '.inputs');
  const hash = inputsHash();
  if (!isForced && existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return false;
  log('Building …');
  execFileSync(
    process.execPath,
    [join(PROJECT, 'node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'warn'],
    {
      cwd: PROJECT,
      stdio: 'inherit',
    },
  );
  writeServiceWorker(DIST);
  await compressFolder(DIST);
  writeFileSync(stamp, hash);
  return true;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href)
  await build({ isForced: true });
