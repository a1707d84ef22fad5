import { expect, test } from 'vitest';
import { SMALL_GGUF, SMALL_PROJECTOR, writeGguf } from '#core/ports/gguf-writer.test-support.ts';
import { pairFiles } from './pair-files.ts';

const model = (name: string, title = ''): File =>
  new File([writeGguf({ ...SMALL_GGUF, values: { ...SMALL_GGUF.values, 'general.name': title } })], name);
const projector = (name: string, title = ''): File =>
  new File(
    [writeGguf({ ...SMALL_PROJECTOR, values: { ...SMALL_PROJECTOR.values, 'general.name': title } })],
    name,
  );

async function namesOf(...files: readonly File[]): Promise<readonly (readonly (string | undefined)[])[]> {
  return (await pairFiles(files)).map((picked) => [picked.file.name, picked.projector?.name]);
}

test('a model and a projector belong together, whatever they are called and whichever comes first', async () => {
  expect(await namesOf(projector('b.gguf'), model('a.gguf'))).toEqual([['a.gguf', 'b.gguf']]);
});

test('several models are each imported, and a single file is left as it is', async () => {
  expect(await namesOf(model('a.gguf'), model('b.gguf'))).toEqual([
    ['a.gguf', undefined],
    ['b.gguf', undefined],
  ]);
  expect(await namesOf(projector('mmproj.gguf'))).toEqual([['mmproj.gguf', undefined]]);
});

test('of several models the one of the same name sees, else the one whose file is called most alike', async () => {
  expect(
    await namesOf(model('x.gguf', 'LFM2 VL'), model('y.gguf', 'SmolVLM'), projector('p.gguf', 'smolvlm')),
  ).toEqual([
    ['x.gguf', undefined],
    ['y.gguf', 'p.gguf'],
  ]);
  const files = [
    model('SmolVLM-256M-Instruct-Q8_0.gguf'),
    model('SmolVLM-500M-Instruct-Q8_0.gguf'),
    projector('mmproj-SmolVLM-500M-Instruct-Q8_0.gguf'),
    projector('mmproj-SmolVLM-256M-Instruct-f16.gguf'),
  ];
  expect(await namesOf(...files)).toEqual([
    ['SmolVLM-256M-Instruct-Q8_0.gguf', 'mmproj-SmolVLM-256M-Instruct-f16.gguf'],
    ['SmolVLM-500M-Instruct-Q8_0.gguf', 'mmproj-SmolVLM-500M-Instruct-Q8_0.gguf'],
  ]);
});

test('a projector that may belong to either of two models is left alone, and so is one beside a broken file', async () => {
  expect(await namesOf(model('a.gguf'), model('b.gguf'), projector('mmproj.gguf'))).toEqual([
    ['a.gguf', undefined],
    ['b.gguf', undefined],
    ['mmproj.gguf', undefined],
  ]);
  expect(await namesOf(new File(['no model'], 'broken.gguf'), projector('mmproj.gguf'))).toEqual([
    ['broken.gguf', undefined],
    ['mmproj.gguf', undefined],
  ]);
});
