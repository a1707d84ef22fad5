import { describe, expect, it } from 'vitest';
import { AppError } from '#shared/errors.ts';
import { parseCatalog } from './catalog.ts';
import { BGE_SMALL, SMOLLM2_135M } from './sample-catalog.test-support.ts';

function refusal(json: unknown): AppError {
  try {
    parseCatalog(json);
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('It was accepted');
}

describe('parseCatalog', () => {
  it('reads a list, bare or under "models"', () => {
    expect(parseCatalog([SMOLLM2_135M, BGE_SMALL])).toEqual([SMOLLM2_135M, BGE_SMALL]);
    expect(parseCatalog({ version: 1, models: [SMOLLM2_135M] })).toEqual([SMOLLM2_135M]);
  });

  it.each<[string, unknown, string]>([
    ['not a list', { models: 1 }, 'not a list'],
    ['a double id', [SMOLLM2_135M, SMOLLM2_135M], '"smollm2-135m" is wrong: its id is used twice'],
    ['no files', [{ ...SMOLLM2_135M, files: [] }], '"smollm2-135m" is wrong: it lists no files'],
    ['no sources', [{ ...SMOLLM2_135M, sources: [] }], 'no source'],
    ['files left out', [{ ...SMOLLM2_135M, files: undefined }], 'files'],
    ['an unknown field', [{ ...SMOLLM2_135M, sizes: 1 }], 'sizes'],
    ['a bad hash', [{ ...SMOLLM2_135M, files: [{ path: 'a', sha256: 'B179' }] }], 'files.0.sha256'],
    ['a path out of the folder', [{ ...SMOLLM2_135M, files: [{ path: '../a' }] }], 'inside the model'],
    ['a path twice', [{ ...SMOLLM2_135M, files: [{ path: 'a' }, { path: 'a' }] }], 'listed twice'],
    ['an unknown task', [{ ...SMOLLM2_135M, task: 'sing' }], 'task'],
    ['an embedder without dimension', [{ ...BGE_SMALL, dimension: 384, pooling: undefined }], 'pooling'],
    ['an image-text embedder without logits', [{ ...BGE_SMALL, task: 'embed-image-text' }], 'logits'],
    ['an entry without id', [SMOLLM2_135M, { label: 'x' }], 'number 2'],
  ])('refuses %s, naming the entry', (_, json, words) => {
    const error = refusal(json);
    expect(error.code).toBe('input/invalid');
    expect(error.message).toContain(words);
  });
});
