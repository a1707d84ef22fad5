import { expect, test } from 'vitest';
import { createParsers } from './index.ts';

const recordings = import.meta.glob<string>('../../../e2e/fixtures/recordings/tone.*', {
  query: '?inline',
  import: 'default',
  eager: true,
});
const parserOf = (name: string, mediaType: string, head: Uint8Array) =>
  createParsers().find((parser) => parser.accepts({ name, mediaType, head }));
const bytes = (...parts: readonly (string | number)[]): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(
    parts.flatMap((part) =>
      typeof part === 'number' ? [part] : [...part].map((letter) => letter.charCodeAt(0)),
    ),
  );

test('recordings are known by their first bytes, whatever they are called', async () => {
  expect(Object.keys(recordings)).toHaveLength(6);
  for (const [path, url] of Object.entries(recordings)) {
    const name = path.split('/').at(-1) ?? '';
    const head = new Uint8Array(await (await fetch(url)).arrayBuffer());
    const isContainer = /webm|ogg|opus/.test(name);
    expect(parserOf(isContainer ? name : 'download', 'audio/any', head)?.id, name).toBe('sound');
  }
  expect(parserOf('a', '', bytes('RIFF', 0, 0, 0, 0, 'WAVE'))?.isRecording).toBe(true);
});

test('films in the same containers, pictures and text are not taken for recordings', () => {
  const film = bytes(0, 0, 0, 24, 'ftypisom');
  expect(parserOf('film.mp4', 'video/mp4', film)).toBeUndefined();
  expect(parserOf('film.webm', 'video/webm', bytes(0x1a, 0x45, 0xdf, 0xa3))).toBeUndefined();
  expect(parserOf('film.ogv', 'video/ogg', bytes('OggS'))).toBeUndefined();
  expect(parserOf('picture.webp', 'image/webp', bytes('RIFF', 0, 0, 0, 0, 'WEBP'))).toBeUndefined();
  expect(parserOf('notes.txt', 'text/plain', bytes('RIFFs and other words'))?.id).toBe('text');
});

test('a recording that nobody has written down has no text, and says what can be done', async () => {
  const sound = createParsers().find(({ id }) => id === 'sound');
  await expect(sound?.parse(new Blob([bytes('ID3')]))).rejects.toMatchObject({
    code: 'input/invalid',
    details: { canTranscribe: true },
  });
});
