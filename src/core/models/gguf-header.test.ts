import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SMALL_GGUF, SMALL_PROJECTOR, writeGguf } from '#core/ports/gguf-writer.test-support.ts';
import { AppError } from '#shared/errors.ts';
import { type ByteSource, readGgufHeader } from './gguf-header.ts';
import { specFromGguf } from './spec-from-gguf.ts';

function sourceOf(bytes: Uint8Array<ArrayBuffer>): ByteSource & { readonly reads: number[] } {
  const reads: number[] = [];
  return {
    sizeBytes: bytes.length,
    reads,
    async read(start, end) {
      reads.push(end - start);
      return bytes.slice(start, end).buffer;
    },
  };
}

test('a header is read', async () => {
  const bytes = writeGguf(SMALL_GGUF);
  expect(await readGgufHeader(sourceOf(bytes))).toEqual({
    architecture: 'llama',
    projector: undefined,
    name: 'Tiny Test',
    licence: 'apache-2.0',
    contextTokens: 4096,
    quantization: 'F32',
    parameters: 96,
    hasChatTemplate: true,
    endToken: '</s>',
    neededBytes: bytes.length,
  });
});

test('what is not said has plain defaults', async () => {
  expect(await readGgufHeader(sourceOf(writeGguf({})))).toMatchObject({
    architecture: 'unknown',
    name: undefined,
    contextTokens: 2048,
    quantization: 'unknown',
    hasChatTemplate: false,
    endToken: undefined,
  });
});

test('a projector says so', async () => {
  expect(await readGgufHeader(sourceOf(writeGguf(SMALL_PROJECTOR)))).toMatchObject({ projector: 'idefics3' });
  const silent = { 'general.architecture': 'clip' };
  expect(await readGgufHeader(sourceOf(writeGguf({ values: silent })))).toMatchObject({
    projector: 'unknown',
  });
});

test('a long vocabulary is read on', async () => {
  const tokens = Array.from({ length: 600_000 }, (_, i) => `token${i}`);
  const values = { 'tokenizer.ggml.tokens': tokens, 'tokenizer.ggml.eos_token_id': 599_999 };
  const source = sourceOf(writeGguf({ values }));
  expect((await readGgufHeader(source)).endToken).toBe('token599999');
  expect(source.reads.length).toBeGreaterThan(1);
});

test('what is no GGUF is refused with its reason', async () => {
  const good = writeGguf(SMALL_GGUF);
  const cases: readonly (readonly [Uint8Array<ArrayBuffer>, string, RegExp])[] = [
    [new Uint8Array(0), 'not-gguf', /empty/],
    [new Uint8Array([1]), 'not-gguf', /starts with “·”/],
    [new TextEncoder().encode('<!doctype html>'), 'not-gguf', /starts with “<!do”/],
    [writeGguf({ ...SMALL_GGUF, version: 1 }), 'version', /version 1/],
    [good.slice(0, 40), 'cut-short', /inside its header/],
    [good.slice(0, -1), 'cut-short', /cut off/],
  ];
  for (const [bytes, problem, message] of cases)
    await expect(readGgufHeader(sourceOf(bytes))).rejects.toMatchObject({
      code: 'input/invalid',
      message: expect.stringMatching(message),
      details: { problem },
    });
});

test('damage anywhere is an error in words or a header, never a crash', async () => {
  const good = writeGguf(SMALL_GGUF);
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 }),
      async (changes) => {
        const damaged = good.slice();
        for (const [at, value] of changes) damaged[at] = value;
        try {
          await readGgufHeader(sourceOf(damaged));
        } catch (error) {
          expect(error).toBeInstanceOf(AppError);
          expect((error as AppError).code).toBe('input/invalid');
        }
      },
    ),
    { numRuns: 500 },
  );
});

test('an import gets an id of its name and hash, and says when it may not chat', async () => {
  const header = await readGgufHeader(sourceOf(writeGguf({ values: { 'general.architecture': 'llama' } })));
  const file = { name: 'My Model (v2).Q4.gguf', sizeBytes: 1000, sha256: 'abcdef0123456789'.repeat(4) };
  expect(specFromGguf(header, file)).toMatchObject({
    id: 'import-my-model-v2-.q4-abcdef01',
    label: 'My Model (v2).Q4',
    files: [{ path: 'My Model (v2).Q4.gguf', sizeBytes: 1000 }],
    summary: expect.stringContaining('no chat template'),
    isImported: true,
  });
});
