import { describe, expect, test } from 'vitest';
import { describeUnpacker } from '#core/ports/unpacker.conformance.ts';
import { writeZip } from '../../../scripts/office-writer.mjs';
import { createZipUnpacker } from './zip-unpacker.ts';

const unpacker = createZipUnpacker();
const zip = (files: Record<string, string | Uint8Array>, level: 0 | 6 = 6): File =>
  new File([writeZip(files, { level })], 'a.zip');

/** Changes 32-bit fields of every directory entry: 20 = packed size, 24 = size, 42 = place. */
function forged(file: Uint8Array<ArrayBuffer>, field: number, value: number): File {
  const view = new DataView(file.buffer);
  let at = view.getUint32(file.length - 22 + 16, true);
  for (let i = view.getUint16(file.length - 22 + 10, true); i > 0; i--) {
    view.setUint32(at + field, value, true);
    at += 46 + view.getUint16(at + 28, true) + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return new File([file], 'forged.zip');
}

describeUnpacker('the ZIP unpacker', {
  unpacker,
  name: 'a.zip',
  mediaType: 'application/zip',
  pack: (files) => zip({ ...files }),
});

describe('the unpacker of ZIP archives', () => {
  test('lists files by their paths, which never lead out of the archive', async () => {
    const files = await unpacker.list(
      zip({
        'a/b/c.md': '# c',
        '../../etc/passwd.txt': 'x',
        'C:\\notes\\d.txt': 'd',
        'grün.txt': 'ü',
        'folder/': '',
      }),
    );
    expect(files.map(({ path }) => path)).toEqual(['a/b/c.md', 'etc/passwd.txt', 'notes/d.txt', 'grün.txt']);
    const file = await files[0]!.open('a.zip/a/b/c.md');
    expect(file.name).toBe('a.zip/a/b/c.md');
    expect(await file.text()).toBe('# c');
    expect(new TextDecoder().decode(await files[3]!.head())).toBe('ü');
  });

  test('reads what is stored, and what stands behind other bytes', async () => {
    const plain = zip({ 'a.txt': 'stored' }, 0);
    const [stored] = await unpacker.list(plain);
    expect(await (await stored!.open('x')).text()).toBe('stored');
    const shifted = new File([new Uint8Array([0x7f, 0x45, 0x4c, 0x46]), plain], 'setup.zip');
    const [inner] = await unpacker.list(shifted);
    expect(await (await inner!.open('x')).text()).toBe('stored');
  });

  test('a member that unpacks to a thousand times its size is refused, the others can be read', async () => {
    const [bomb, note] = await unpacker.list(
      zip({ 'bomb.txt': new Uint8Array(32 * 2 ** 20), 'note.md': 'hello' }),
    );
    const tooLarge = { code: 'input/too-large', message: expect.stringMatching(/1\/250/) };
    await expect(bomb!.head()).rejects.toMatchObject(tooLarge);
    await expect(bomb!.open('bomb.txt')).rejects.toMatchObject(tooLarge);
    expect(await (await note!.open('note.md')).text()).toBe('hello');
  });

  test('a size that is a lie is met while inflating', async () => {
    const packed = writeZip({ 'a.txt': new Uint8Array(64 * 2 ** 20) });
    const [lie] = await unpacker.list(forged(packed, 24, 1000));
    await expect(lie!.open('x')).rejects.toMatchObject({ code: 'input/invalid' });
  });

  test('members that share their bytes are refused as a whole', async () => {
    const packed = writeZip({ 'a.txt': 'aaaa', 'b.txt': 'bbbb', 'c.txt': 'cccc' }, { level: 0 });
    await expect(unpacker.list(forged(packed, 20, 200))).rejects.toMatchObject({
      code: 'input/invalid',
      message: expect.stringMatching(/same bytes/),
    });
  });

  test('too many bytes or files are refused with the limit', async () => {
    // Below the ratio of a bomb, but three times 1.4 GB; the bytes before the archive make room for what it claims.
    const packed = writeZip({ 'a.txt': 'a', 'b.txt': 'b', 'c.txt': 'c' });
    const claims = await forged(packed, 20, 6 * 2 ** 20).arrayBuffer();
    const large = forged(new Uint8Array(claims), 24, 1400 * 2 ** 20);
    const room = new Uint8Array(20 * 2 ** 20);
    room.set([0x7f, 0x45, 0x4c, 0x46]);
    await expect(unpacker.list(new File([room, large], 'large.zip'))).rejects.toMatchObject({
      code: 'input/too-large',
      message: expect.stringMatching(/4200 MB; up to 4096 MB/),
    });
    const many = writeZip(Object.fromEntries(Array.from({ length: 20_001 }, (_, i) => [`${i}.txt`, 'x'])), {
      level: 0,
    });
    await expect(unpacker.list(new File([many], 'many.zip'))).rejects.toMatchObject({
      code: 'input/too-large',
      message: expect.stringMatching(/20001 files; up to 20000/),
    });
  });

  test('what is damaged, locked, empty or no archive is refused in words', async () => {
    const packed = writeZip({ 'a.txt': 'one two three four' });
    const refuse = async (file: Blob): Promise<unknown> =>
      unpacker.list(file).then(
        () => 'listed',
        (e) => e,
      );
    expect(await refuse(new File([packed.slice(0, -30)], 'cut.zip'))).toMatchObject({
      code: 'input/invalid',
      message: expect.stringMatching(/cut off/),
    });
    expect(await refuse(new File(['text'], 'x.zip'))).toMatchObject({
      message: expect.stringMatching(/something else/),
    });
    expect(await refuse(new File([], 'x.zip'))).toMatchObject({ message: expect.stringMatching(/empty/) });
    expect(await refuse(new File([writeZip({})], 'x.zip'))).toMatchObject({
      message: expect.stringMatching(/empty/),
    });
    const flipped = packed.slice();
    flipped[40] = (flipped[40] ?? 0) ^ 0xff;
    const [broken] = await unpacker.list(new File([flipped], 'x.zip'));
    await expect(broken!.open('x')).rejects.toMatchObject({ code: 'input/invalid' });
    const locked = packed.slice();
    const directoryAt = new DataView(locked.buffer).getUint32(locked.length - 6, true);
    locked[directoryAt + 8] = (locked[directoryAt + 8] ?? 0) | 1;
    const [shut] = await unpacker.list(new File([locked], 'x.zip'));
    await expect(shut!.open('x')).rejects.toMatchObject({ code: 'input/password-protected' });
  });

  test('other formats that are archives within are not taken', () => {
    const head = new Uint8Array([0x50, 0x4b, 3, 4]);
    for (const name of ['a.pptx', 'a.jar', 'a.odt'])
      expect(unpacker.accepts({ name, mediaType: '', head })).toBe(false);
    expect(unpacker.accepts({ name: 'download', mediaType: '', head })).toBe(true);
  });
});
