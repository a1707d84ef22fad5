import { expect, test } from 'vitest';
import { droppedFiles, folderFiles } from './dropped-files.ts';

const fileEntry = (fullPath: string) => ({
  isFile: true,
  isDirectory: false,
  fullPath,
  file: (done: (file: File) => void) => done(new File(['x'], fullPath.split('/').at(-1) ?? '')),
});

/** Gives its children in portions, as browsers do. */
const folderEntry = (fullPath: string, portions: readonly (readonly object[])[]) => ({
  isFile: false,
  isDirectory: true,
  fullPath,
  createReader: () => {
    const left = [...portions, []];
    return { readEntries: (done: (entries: readonly object[]) => void) => done(left.shift() ?? []) };
  },
});

function drop(entries: readonly object[], files: readonly File[] = []): DataTransfer {
  const items = entries.map((entry) => ({ kind: 'file', webkitGetAsEntry: () => entry }));
  return { items, files } as unknown as DataTransfer;
}

test('a dropped folder gives all its files under their paths', async () => {
  const inner = folderEntry('/notes/2024', [[fileEntry('/notes/2024/a.md')]]);
  const folder = folderEntry('/notes', [[fileEntry('/notes/b.md')], [inner, fileEntry('/notes/c.md')]]);
  const files = await droppedFiles(drop([folder, fileEntry('/d.md')]));
  expect(files.map(({ name }) => name)).toEqual(['notes/b.md', 'notes/2024/a.md', 'notes/c.md', 'd.md']);
});

test('files alone are there at once', () => {
  const file = new File(['x'], 'a.md');
  expect(droppedFiles(drop([fileEntry('/a.md')], [file]))).toEqual([file]);
});

test('a chosen folder gives paths', () => {
  const file = Object.assign(new File(['x'], 'a.md'), { webkitRelativePath: 'notes/a.md' });
  expect(folderFiles([file, new File(['y'], 'b.md')]).map(({ name }) => name)).toEqual([
    'notes/a.md',
    'b.md',
  ]);
});
