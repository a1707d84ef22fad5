import { describe, expect, test } from 'vitest';
import type { ImagePart, ThreadRecord } from './chat-records.ts';
import type { RepositoriesSubject } from './repositories-samples.conformance.ts';
import { message, thread } from './repositories-samples.conformance.ts';

export function describeThreadRepository(subject: () => RepositoriesSubject): void {
  describe('threads', () => {
    const threads = () => subject().repositories.threads;
    const otherTab = () => subject().otherTab.threads;

    test('lists the newest first, deleted ones only when asked', async () => {
      await threads().save({ thread: thread('old', { updatedAt: 1 }) });
      await threads().save({ thread: thread('new', { updatedAt: 3 }) });
      await threads().save({ thread: thread('gone', { updatedAt: 2, deletedAt: 9 }) });
      expect((await threads().list()).map(({ id }) => id)).toEqual(['new', 'old']);
      const all = await threads().list({ includeDeleted: true });
      expect(all.map(({ id }) => id)).toEqual(['new', 'gone', 'old']);
      expect(await threads().get('nothing')).toBeUndefined();
    });

    test('keeps a thread and its messages, oldest first, and gives them to another tab', async () => {
      const messages = [
        message('m2', 't', 'second', { createdAt: 2, parentId: 'm1', role: 'assistant' }),
        message('m1', 't', 'first', { createdAt: 1 }),
      ];
      await threads().save({ thread: thread('t'), messages });
      expect(await otherTab().get('t')).toEqual(thread('t'));
      expect(await otherTab().messages('t')).toEqual([messages[1], messages[0]]);
      expect(await otherTab().messages('other')).toEqual([]);
    });

    test('a save that cannot be stored leaves nothing of it', async () => {
      const impossible = message('bad', 't', 'x', {
        parts: [{ type: 'text', text: (() => 'not data') as unknown as string }],
      });
      await expect(
        threads().save({ thread: thread('t'), messages: [message('good', 't', 'y'), impossible] }),
      ).rejects.toMatchObject({ name: 'AppError' });
      expect(await threads().get('t')).toBeUndefined();
      expect(await threads().messages('t')).toEqual([]);
    });

    test('two tabs that update at once lose none of each other’s fields', async () => {
      await threads().save({ thread: thread('t', { draft: '' }) });
      await Promise.all(
        Array.from({ length: 20 }, (_, i) =>
          (i % 2 === 0 ? threads() : otherTab()).update('t', (now) => ({ ...now, draft: `${now.draft}.` })),
        ),
      );
      expect((await threads().get('t'))?.draft).toHaveLength(20);
      expect(await threads().update('nothing', (now) => now)).toBeUndefined();
    });

    test('an update whose change throws changes nothing', async () => {
      await threads().save({ thread: thread('t') });
      const change = () => {
        throw new TypeError('no');
      };
      await expect(threads().update('t', change)).rejects.toMatchObject({ code: 'internal/unexpected' });
      expect(await threads().get('t')).toEqual(thread('t'));
    });

    test('removes single messages, and a thread with all of its own', async () => {
      await threads().save({
        thread: thread('t'),
        messages: [message('a', 't', '1'), message('b', 't', '2'), message('c', 'other', '3')],
      });
      await threads().removeMessages(['a', 'nothing']);
      expect((await threads().messages('t')).map(({ id }) => id)).toEqual(['b']);
      await threads().purge('t');
      expect(await threads().get('t')).toBeUndefined();
      expect(await threads().messages('t')).toEqual([]);
      expect(await threads().messages('other')).toHaveLength(1);
    });
  });

  describe('pictures of messages', () => {
    const threads = () => subject().repositories.threads;
    const otherTab = () => subject().otherTab.threads;
    const picture = (sha256: string): ImagePart => ({
      type: 'image',
      sha256,
      mediaType: 'image/png',
      name: `${sha256}.png`,
      width: 2,
      height: 1,
    });
    const asking = (id: string, threadId: string, ...hashes: readonly string[]) =>
      message(id, threadId, id, { parts: [...hashes.map(picture), { type: 'text', text: id }] });
    const bytesOf = (sha256: string) => ({ sha256, blob: new Blob([`bytes of ${sha256}`]) });
    const kept = async (sha256: string) => (await otherTab().attachment(sha256))?.text();

    test('are stored with what brings them, or not at all', async () => {
      await threads().save({
        thread: thread('t'),
        messages: [asking('m', 't', 'a')],
        attachments: [bytesOf('a')],
      });
      expect(await kept('a')).toBe('bytes of a');
      const impossible = message('bad', 't', (() => 'not data') as unknown as string);
      await expect(
        threads().save({ messages: [impossible], attachments: [bytesOf('b')] }),
      ).rejects.toMatchObject({ name: 'AppError' });
      expect(await kept('b')).toBeUndefined();
    });

    test('of a draft come with its thread; none for a thread that is gone', async () => {
      await threads().save({ thread: thread('t') });
      const withDraft = (stored: ThreadRecord) => ({ ...stored, draftImages: [picture('a')] });
      await threads().update('t', withDraft, [bytesOf('a')]);
      expect(await otherTab().get('t')).toEqual(thread('t', { draftImages: [picture('a')] }));
      expect(await kept('a')).toBe('bytes of a');
      expect(await threads().update('gone', withDraft, [bytesOf('b')])).toBeUndefined();
      expect(await kept('b')).toBeUndefined();
    });

    test('go with the last message that shows them, and come back with it', async () => {
      await threads().save({
        thread: thread('t'),
        messages: [asking('m1', 't', 'a', 'b'), asking('m2', 't', 'a'), asking('m3', 'other', 'c')],
        attachments: ['a', 'b', 'c'].map(bytesOf),
      });
      const first = await threads().removeMessages(['m1']);
      expect(first.map(({ sha256 }) => sha256)).toEqual(['a', 'b']);
      expect([await kept('a'), await kept('b'), await kept('c')]).toEqual([
        'bytes of a',
        undefined,
        'bytes of c',
      ]);
      // Whoever else showed it may be gone when the first one is put back.
      await threads().removeMessages(['m2']);
      expect(await kept('a')).toBeUndefined();
      await threads().save({ messages: [asking('m1', 't', 'a', 'b')], attachments: first });
      expect([await kept('a'), await kept('b')]).toEqual(['bytes of a', 'bytes of b']);
    });

    test('go with a thread that is purged, unless another message or a draft shows them', async () => {
      await threads().save({
        thread: thread('t', { draftImages: [picture('d')] }),
        messages: [asking('m1', 't', 'a', 'b', 'c')],
        attachments: ['a', 'b', 'c', 'd'].map(bytesOf),
      });
      await threads().save({
        thread: thread('other', { draftImages: [picture('c')], deletedAt: 3 }),
        messages: [asking('m2', 'other', 'b')],
      });
      await threads().purge('t');
      expect([await kept('a'), await kept('d')]).toEqual([undefined, undefined]);
      expect([await kept('b'), await kept('c')]).toEqual(['bytes of b', 'bytes of c']);
    });

    test('what nothing shows is swept up; other blobs stay', async () => {
      await threads().save({
        thread: thread('t', { draftImages: [picture('a')] }),
        messages: [asking('m', 't', 'b')],
        attachments: ['a', 'b', 'lost'].map(bytesOf),
      });
      const { library } = subject().repositories;
      await library.commit({ blobs: [{ id: 'text:document', blob: new Blob(['words']) }] });
      await threads().dropUnusedAttachments();
      expect([await kept('a'), await kept('b'), await kept('lost')]).toEqual([
        'bytes of a',
        'bytes of b',
        undefined,
      ]);
      expect(await library.blob('text:document')).toBeDefined();
    });
  });

  describe('search through threads', () => {
    const threads = () => subject().repositories.threads;
    const found = async (query: string) => (await threads().search(query)).map((hit) => hit.thread.id);

    test('finds all words, in title or messages, whatever their case and accents', async () => {
      await threads().save({
        thread: thread('cafe', { title: 'Ein Café in Zürich', updatedAt: 3 }),
        messages: [message('m1', 'cafe', 'Der Espresso war GUT.')],
      });
      await threads().save({
        thread: thread('tea', { title: 'Tea', updatedAt: 2 }),
        messages: [message('m2', 'tea', 'A long talk about the cafe\u0301s of Vienna and their espresso.')],
      });
      expect(await found('CAFE espresso')).toEqual(['cafe', 'tea']);
      expect(await found('zurich')).toEqual(['cafe']);
      expect(await found('cafés')).toEqual(['tea']);
      expect(await found('cafe coffee')).toEqual([]);
      expect(await found('  ')).toEqual(['cafe', 'tea']);
    });

    test('shows where it was found', async () => {
      const long = `${'word '.repeat(100)}the relief valve opens at 6 bar ${'word '.repeat(100)}`;
      await threads().save({ thread: thread('t', { title: 'Pumps' }), messages: [message('m', 't', long)] });
      const [hit] = await threads().search('valve bar');
      expect(hit?.messageId).toBe('m');
      expect(hit?.snippet).toContain('relief valve opens');
      expect(hit?.snippet.length).toBeLessThan(160);
      const [byTitle] = await threads().search('pump');
      expect(byTitle).toEqual({ thread: thread('t', { title: 'Pumps' }), snippet: 'Pumps' });
    });

    test('deleted threads and reasoning are not searched', async () => {
      await threads().save({
        thread: thread('gone', { deletedAt: 5 }),
        messages: [message('m1', 'gone', 'secret')],
      });
      await threads().save({
        thread: thread('t'),
        messages: [message('m2', 't', '', { parts: [{ type: 'reasoning', text: 'secret' }] })],
      });
      expect(await found('secret')).toEqual([]);
    });
  });
}
