import { expect, test } from 'vitest';
import { parseCatalog } from '../src/core/models/catalog.ts';
import { readCatalog } from './models.mjs';

const GGUF_LIMIT_BYTES = 2 ** 31;

test('the catalog is one that the page accepts, and its packs name its models', () => {
  const catalog = readCatalog();
  const ids = parseCatalog(catalog).map(({ id }) => id);
  for (const pack of Object.values(catalog.packs)) for (const id of pack) expect(ids).toContain(id);
});

test('every GGUF can be read by the engine and states its size', () => {
  for (const { id, files } of readCatalog().models.filter(({ engine }) => engine === 'wllama'))
    for (const { sizeBytes } of files) {
      expect(sizeBytes, id).toBeGreaterThan(1e6);
      expect(sizeBytes, id).toBeLessThan(GGUF_LIMIT_BYTES);
    }
});

test('what comes from outside the hub has a hash', () => {
  for (const { id, files, sources } of readCatalog().models)
    if (sources.some(({ kind }) => kind === 'pypi' || kind === 'maven' || kind === 'converted'))
      for (const { sha256 } of files) expect(sha256, id).toMatch(/^[0-9a-f]{64}$/);
});
