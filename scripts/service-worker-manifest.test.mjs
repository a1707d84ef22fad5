import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { offlineFiles, writeServiceWorker } from './service-worker-manifest.mjs';

let dist;
const put = (path, content = 'x') => writeFileSync(join(dist, path), content);
beforeEach(() => {
  dist = mkdtempSync(join(tmpdir(), 'benchtop-dist-'));
  mkdirSync(join(dist, 'assets'));
  for (const path of ['index.html', 'sw.js', 'sw.js.br', 'icon.svg', 'assets/app-1.js', 'assets/app-1.js.gz'])
    put(path);
  put('assets/wllama-2.wasm');
  put('assets/ort-wasm-simd-threaded.asyncify-3.wasm');
  put('assets/ort-wasm-simd-threaded.asyncify-3.mjs');
  put('assets/ort-wasm-simd-threaded-6.wasm');
  put('assets/embed.worker-7.js');
  put('assets/KaTeX_Main-4.woff');
  put('assets/KaTeX_Main-4.woff2');
});
afterEach(() => rmSync(dist, { recursive: true }));

test('the shell is what every visit needs, an engine is a group of its own', () => {
  const { shell, groups } = offlineFiles(dist);
  expect(shell).toEqual(['/assets/KaTeX_Main-4.woff2', '/assets/app-1.js', '/icon.svg', '/']);
  expect(groups.wllama).toEqual(['/assets/wllama-2.wasm']);
});

test('a machine without a GPU is not given the build for GPUs', () => {
  const { groups } = offlineFiles(dist);
  expect(groups.transformers).toEqual(['/assets/embed.worker-7.js', '/assets/ort-wasm-simd-threaded-6.wasm']);
  expect(groups['transformers-gpu']).toEqual([
    '/assets/ort-wasm-simd-threaded.asyncify-3.mjs',
    '/assets/ort-wasm-simd-threaded.asyncify-3.wasm',
  ]);
});

test('text recognition is kept with its language, which is packed by its makers, and without the build for old browsers', () => {
  for (const name of [
    'ocr.worker-8.js',
    'tesseract-core-simd-lstm-9.wasm',
    'tesseract-core-simd-lstm-9.wasm.gz',
    'tesseract-core-lstm-9.wasm',
    'eng.traineddata-B_c-1x.gz',
  ])
    put(`assets/${name}`);
  const { shell, groups } = offlineFiles(dist);
  expect(groups.ocr).toEqual([
    '/assets/eng.traineddata-B_c-1x.gz',
    '/assets/ocr.worker-8.js',
    '/assets/tesseract-core-simd-lstm-9.wasm',
  ]);
  expect(shell.join()).not.toMatch(/tesseract|traineddata|ocr/);
});

test('a large file that no group knows stops the build', () => {
  put('assets/mystery-5.wasm', Buffer.alloc(1_000_001));
  expect(() => offlineFiles(dist)).toThrow(/mystery-5\.wasm is too large for the shell/);
});

test('another content is another version, and the list lands in the script', () => {
  const before = offlineFiles(dist).version;
  put('icon.svg', 'y');
  expect(offlineFiles(dist).version).not.toBe(before);
  expect(() => writeServiceWorker(dist)).toThrow(/does not read/);
  put('sw.js', 'use(self.BENCHTOP_FILES)');
  writeServiceWorker(dist);
  expect(readFileSync(join(dist, 'sw.js'), 'utf8')).toMatch(/^self\.BENCHTOP_FILES=\{.*\};\nuse\(/);
});
