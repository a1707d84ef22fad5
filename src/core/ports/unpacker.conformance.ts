import { describe, expect, test } from 'vitest';
import type { Unpacker } from './unpacker.ts';

/** An unpacker and a writer of its containers. */
export interface UnpackerSubject {
  readonly unpacker: Unpacker;
  readonly name: string;
  readonly mediaType: string;
  pack(files: Readonly<Record<string, string | Uint8Array>>): File;
}

const HEAD_BYTES = 4096;

/** Every adapter of the port runs this, on containers that are really packed. */
export function describeUnpacker(name: string, { unpacker, pack, ...kind }: UnpackerSubject): void {
  describe(`${name} is an Unpacker`, () => {
    const long = 'A line of the log.\n'.repeat(2000);

    test('it knows its containers by their first bytes, and nothing else', async () => {
      const head = new Uint8Array(await pack({ 'a.txt': 'a' }).slice(0, HEAD_BYTES).arrayBuffer());
      expect(unpacker.accepts({ ...kind, head })).toBe(true);
      const text = new TextEncoder().encode('Just a text.');
      expect(unpacker.accepts({ name: 'a.txt', mediaType: 'text/plain', head: text })).toBe(false);
    });

    test('it lists files with their sizes, and gives heads and whole files under the asked name', async () => {
      const files = await unpacker.list(pack({ 'one.md': '# One', 'deep/er/log.txt': long }));
      expect(files.map(({ path, sizeBytes }) => [path, sizeBytes])).toEqual([
        ['one.md', 5],
        ['deep/er/log.txt', long.length],
      ]);
      const [one, log] = files;
      expect(new TextDecoder().decode(await one?.head())).toBe('# One');
      const head = await log?.head();
      expect(head?.length).toBeGreaterThan(0);
      expect(head?.length).toBeLessThanOrEqual(HEAD_BYTES);
      expect(long.startsWith(new TextDecoder().decode(head))).toBe(true);
      const opened = await log?.open('box/log.txt');
      expect(opened?.name).toBe('box/log.txt');
      expect(await opened?.text()).toBe(long);
      expect(await (await one?.open('again'))?.text()).toBe('# One');
    });

    test('no path leads out of the container', async () => {
      const files = await unpacker.list(pack({ '../../out.txt': 'x', '/rooted.txt': 'y' }));
      expect(files).toHaveLength(2);
      for (const { path } of files) expect(path).not.toMatch(/^\/|(?:^|\/)\.\.(?:\/|$)/);
    });

    test('what is cut off, empty or none at all is refused with its reason', async () => {
      const whole = pack({ 'a.txt': long });
      const broken = [new File([whole.slice(0, whole.size / 2)], kind.name), new File([], kind.name)];
      for (const file of broken)
        await expect(unpacker.list(file)).rejects.toMatchObject({ code: 'input/invalid' });
    });

    test('an abort is an abort', async () => {
      const abort = new AbortController();
      const [file] = await unpacker.list(pack({ 'a.txt': long }));
      abort.abort();
      await expect(file?.open('a.txt', { signal: abort.signal })).rejects.toMatchObject({
        code: 'abort/by-user',
      });
    });
  });
}
