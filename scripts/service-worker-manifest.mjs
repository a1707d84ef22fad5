// Writes into dist/sw.js which files make the app work offline: the shell at once, each engine's files when it is used.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';

const GLOBAL = 'BENCHTOP_FILES';

/** Assets that belong to one engine and are kept only once that engine is used. Everything else is the shell. */
const GROUPS = [
  ['wllama', /wllama/],
  ['webllm', /webllm|web-llm/],
  // The build for GPUs, twice the size: src/app/offline-groups.ts asks for it where there is one.
  ['transformers-gpu', /ort-wasm.*asyncify/],
  ['transformers', /ort-wasm|transformers|(?:embed|rerank|speech)\.worker/],
  ['pdf', /pdf|cmap|standard_fonts/],
  ['voy', /voy/],
  // For the rare browser without SIMD; it is fetched when it is used, and not kept.
  ['ocr-plain', /tesseract-core-lstm/],
  ['ocr', /tesseract|traineddata|ocr\.worker/],
];

/** A larger file in the shell is an engine's that no pattern above knows: every first visit would load it. */
const LARGEST_SHELL_FILE_BYTES = 1_000_000;

/**
 * Not asked for by any browser that runs the app: the map of a script, packed copies, fonts in the formats before woff2.
 * A language of text recognition is packed by its makers: that is the file itself.
 */
const NOT_KEPT = /\.(br|map|woff|ttf)$|(?<!\.traineddata-[\w-]+)\.gz$|^\/(sw\.js|\.inputs|\.vite\/.*)$/;

/** @returns {{ version: string, shell: string[], groups: Record<string, string[]> }} URL paths */
export function offlineFiles(dist) {
  const paths = readdirSync(dist, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `/${relative(dist, join(entry.parentPath, entry.name)).replaceAll('\\', '/')}`)
    .filter((path) => !NOT_KEPT.test(path))
    .sort();
  const groups = Object.fromEntries(GROUPS.map(([name]) => [name, []]));
  const shell = [];
  for (const path of paths) {
    const group = GROUPS.find(([, pattern]) => path.startsWith('/assets/') && pattern.test(path));
    if (group === undefined && statSync(join(dist, path)).size > LARGEST_SHELL_FILE_BYTES)
      throw new Error(`${path} is too large for the shell: give it a group in service-worker-manifest.mjs`);
    (group ? groups[group[0]] : shell).push(path === '/index.html' ? '/' : path);
  }
  const hash = createHash('sha256');
  for (const path of paths) hash.update(path).update(readFileSync(join(dist, path)));
  return { version: hash.digest('hex').slice(0, 16), shell, groups };
}

/** Puts the list before the script, where no minifier can touch it. */
export function writeServiceWorker(dist) {
  const path = join(dist, 'sw.js');
  const script = readFileSync(path, 'utf8');
  if (!script.includes(GLOBAL)) throw new Error(`dist/sw.js does not read ${GLOBAL}`);
  writeFileSync(path, `self.${GLOBAL}=${JSON.stringify(offlineFiles(dist))};\n${script}`);
}
