import { expect, test } from 'vitest';
import type { Progress } from '#shared/call.ts';
import { SMALL_GGUF, SMALL_PROJECTOR, writeGguf } from './gguf-writer.test-support.ts';
import type { ModelStoreSubject } from './model-store.conformance.ts';
import type { ModelStore } from './model-store.ts';

const GGUF = new File([writeGguf(SMALL_GGUF)], 'tiny.gguf');

/** Files from the user's own disk: the part of the model store's promises that asks no server. */
export function describeImports(subject: () => ModelStoreSubject): void {
  const store = (): ModelStore => subject().store;

  async function contentOf(modelId: string, path: string): Promise<Uint8Array> {
    return new Uint8Array(await (await store().openFile({ modelId, path })).arrayBuffer());
  }

  test('a GGUF from disk is copied in, read and checked; a second time changes nothing', async () => {
    const events: Progress[] = [];
    const spec = await store().importFile({ file: GGUF }, { onProgress: (event) => events.push(event) });
    expect(spec).toMatchObject({ engine: 'wllama', isImported: true, files: [{ sizeBytes: GGUF.size }] });
    expect(events.map(({ phase }) => phase)).toEqual(expect.arrayContaining(['verify', 'load']));
    const path = spec.files[0]?.path ?? '';
    expect(await contentOf(spec.id, path)).toEqual(new Uint8Array(await GGUF.arrayBuffer()));
    const before = await store().list(null);
    expect(await store().importFile({ file: GGUF })).toEqual(spec);
    expect(await store().list(null)).toEqual(before);
    // Under another name it is the same model, and no part of it that sees.
    const renamed = await store().importFile({ file: new File([GGUF], 'TINY.gguf') });
    expect(renamed).toEqual({ ...spec, files: [{ ...spec.files[0], path: 'TINY.gguf' }] });
    expect(await store().list(null)).toMatchObject([{ modelId: spec.id, totalBytes: GGUF.size }]);
  });

  test('a model and its projector become one model that sees; the projector can come later', async () => {
    const projector = new File([writeGguf(SMALL_PROJECTOR)], 'mmproj.gguf');
    const blind = await store().importFile({ file: GGUF });
    expect(blind.seesImages).toBeUndefined();
    const spec = await store().importFile({ file: GGUF, projector });
    expect(spec).toMatchObject({ id: blind.id, seesImages: true });
    expect(spec.files.map(({ sizeBytes }) => sizeBytes)).toEqual([GGUF.size, projector.size]);
    expect(spec.needs.memoryBytes).toBeGreaterThan(blind.needs.memoryBytes);
    const paths = spec.files.map(({ path }) => path);
    expect(await contentOf(spec.id, paths[1] ?? '')).toEqual(new Uint8Array(await projector.arrayBuffer()));
    expect(await store().list(null)).toMatchObject([
      { modelId: spec.id, isComplete: true, totalBytes: GGUF.size + projector.size },
    ]);
    expect(await store().importFile({ file: GGUF })).toEqual(spec); // it does not go blind again
  });

  test('another projector takes the place of the first; one that does not fit leaves the first', async () => {
    const projector = (title: string, name: string): File => {
      const values = { ...SMALL_PROJECTOR.values, 'general.name': title };
      return new File([writeGguf({ ...SMALL_PROJECTOR, values })], name);
    };
    const old = projector('Old', 'mmproj.gguf');
    const before = await store().importFile({ file: GGUF, projector: old });
    const bytesBefore = (await store().list(null))[0]?.storedBytes ?? 0;
    await subject().limitDisk({ bytes: 10, isKnown: false });
    await expect(
      store().importFile({ file: GGUF, projector: projector('New', 'mmproj.gguf') }),
    ).rejects.toMatchObject({ code: 'storage/quota-exceeded' });
    const path = before.files[1]?.path ?? '';
    expect(await contentOf(before.id, path)).toEqual(new Uint8Array(await old.arrayBuffer()));
    await subject().limitDisk({ bytes: undefined, isKnown: false });
    const other = projector('Other name', 'other-mmproj.gguf');
    const after = await store().importFile({ file: GGUF, projector: other });
    expect(after.files.map(({ path: name }) => name)).toEqual([GGUF.name, 'other-mmproj.gguf']);
    await expect(store().openFile({ modelId: after.id, path })).rejects.toMatchObject({
      code: 'model/not-found',
    });
    const [stored] = await store().list(null);
    expect(stored).toMatchObject({ isComplete: true, totalBytes: GGUF.size + other.size });
    expect((stored?.storedBytes ?? 0) - bytesBefore).toBeLessThan(old.size); // the first one takes no room
  });

  test('a projector alone, or a model in its place, is refused and leaves nothing', async () => {
    const projector = new File([writeGguf(SMALL_PROJECTOR)], 'mmproj.gguf');
    await expect(store().importFile({ file: projector })).rejects.toMatchObject({
      code: 'input/invalid',
      message: expect.stringContaining('together with the GGUF file of its model'),
    });
    await expect(store().importFile({ file: GGUF, projector: GGUF })).rejects.toMatchObject({
      code: 'input/invalid',
    });
    expect(await store().list(null)).toEqual([]);
  });

  test('a file that is no model, or half of one, is refused and leaves nothing', async () => {
    const files = [
      new File([], 'empty.gguf'),
      new File(['<!doctype html>'], 'page.gguf'),
      new File([GGUF.slice(0, GGUF.size - 1)], 'half.gguf'),
    ];
    for (const file of files)
      await expect(store().importFile({ file })).rejects.toMatchObject({ code: 'input/invalid' });
    expect(await store().list(null)).toEqual([]);
  });

  test('an import that does not fit leaves nothing', async () => {
    await subject().limitDisk({ bytes: 10, isKnown: false });
    await expect(store().importFile({ file: GGUF })).rejects.toMatchObject({
      code: 'storage/quota-exceeded',
    });
    expect(await store().list(null)).toEqual([]);
  });
}
