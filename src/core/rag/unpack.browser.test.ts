import { expect, test } from 'vitest';
import { createParsers, createUnpackers } from '#adapters/parsers/index.ts';
import type { PackedFile, Unpacker } from '#core/ports/unpacker.ts';
import { writeDocx, writeZip } from '../../../scripts/office-writer.mjs';
import { createUnpack } from './unpack.ts';

const unpack = createUnpack({
  parsers: createParsers(),
  unpackers: createUnpackers(),
  isPicture: ({ name }) => name.endsWith('.png'),
});

async function namesIn(file: File): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const each of unpack(file, {}))
    found.push(
      each.type === 'file' ? `${each.file.name} ${each.parser.id}` : `${each.name} ${each.error.code}`,
    );
  return found;
}

const nested = (depth: number): Uint8Array<ArrayBuffer> =>
  depth === 0
    ? writeZip({ 'deep.md': '# deep' })
    : writeZip({ 'inner.zip': nested(depth - 1), [`at-${depth}.txt`]: 'x' });

test('a file is itself, an archive is what it holds, each by its parser', async () => {
  expect(await namesIn(new File(['# a'], 'a.md'))).toEqual(['a.md markdown']);
  const archive = writeZip({
    'notes/a.md': '# a',
    'letter.docx': writeDocx({ blocks: ['x'] }),
    'photo.png': new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 0]),
    'empty/__init__.py': '',
    '__MACOSX/notes/._a.md': 'x',
    '.git/HEAD': 'ref',
    'src/main.ts': 'export {}',
  });
  expect(await namesIn(new File([archive], 'folder.zip'))).toEqual([
    'folder.zip/notes/a.md markdown',
    'folder.zip/letter.docx docx',
    'folder.zip/photo.png input/unsupported',
    'folder.zip/src/main.ts code',
  ]);
});

test('archives within archives are opened to a depth, what lies deeper is refused by name', async () => {
  expect(await namesIn(new File([nested(2)], 'a.zip'))).toEqual([
    'a.zip/inner.zip/inner.zip/deep.md markdown',
    'a.zip/inner.zip/at-1.txt text',
    'a.zip/at-2.txt text',
  ]);
  expect(await namesIn(new File([nested(3)], 'a.zip'))).toEqual([
    'a.zip/inner.zip/inner.zip/inner.zip input/too-large',
    'a.zip/inner.zip/inner.zip/at-1.txt text',
    'a.zip/inner.zip/at-2.txt text',
    'a.zip/at-3.txt text',
  ]);
});

test('what is too large for its parser is refused by its stated size, and never unpacked', async () => {
  const asked: string[] = [];
  const packed = (path: string, sizeBytes: number): PackedFile => ({
    path,
    sizeBytes,
    head: async () => new TextEncoder().encode('<!doctype html><p>It reads.'),
    async open(name) {
      asked.push(path);
      return new File(['<!doctype html><p>It reads.'], name);
    },
  });
  const unpacker: Unpacker = {
    id: 'stated',
    accepts: ({ name }) => name.endsWith('.box'),
    list: async () => [packed('huge.html', 65 * 2 ** 20), packed('small.html', 27)],
  };
  const found: string[] = [];
  const over = createUnpack({
    parsers: createParsers(),
    unpackers: [unpacker],
    isPicture: () => false,
  });
  for await (const each of over(new File(['x'], 'a.box'), {}))
    found.push(each.type === 'file' ? each.file.name : `${each.name} ${each.error.code}`);
  expect(found).toEqual(['a.box/huge.html input/too-large', 'a.box/small.html']);
  expect(asked).toEqual(['small.html']);
  const large = new File([new Uint8Array(64 * 2 ** 20 + 1)], 'large.html');
  await expect(namesIn(large)).rejects.toMatchObject({ code: 'input/too-large' });
});

test('a bomb is refused by name with the rest taken', async () => {
  const bomb = writeZip({ 'bomb.txt': new Uint8Array(64 * 2 ** 20), 'note.md': '# still read' });
  expect(await namesIn(new File([bomb], 'b.zip'))).toEqual([
    'b.zip/bomb.txt input/too-large',
    'b.zip/note.md markdown',
  ]);
});

test('stops when it is told to', async () => {
  const found = unpack(new File([nested(2)], 'a.zip'), { signal: AbortSignal.abort() });
  await expect(found.next()).rejects.toMatchObject({ code: 'abort/by-user' });
});
