import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { FilmFrame } from '#core/ports/frame-reader.ts';
import { createPageFilmGrabber } from '../film-grabber-page/index.ts';
import { createFrameReader } from './index.ts';

// Six pictures of emoji-eval for two seconds each; see the README beside them.
const urls = import.meta.glob<string>('../../../e2e/fixtures/films/*.{mp4,webm}', {
  query: '?url',
  import: 'default',
  eager: true,
});

async function filmOf(name: string): Promise<Blob> {
  const url = urls[`../../../e2e/fixtures/films/${name}`];
  if (url === undefined) throw new Error(`No film ${name}`);
  return (await fetch(url)).blob();
}

const HALF_SECONDS = Array.from({ length: 24 }, (_, i) => i / 2);

const difference = (a: FilmFrame, b: FilmFrame): number =>
  a.colours.reduce((sum, value, i) => sum + Math.abs(value - (b.colours[i] ?? 0)), 0) / a.colours.length;

async function framesOf(name: string, seconds: readonly number[]): Promise<readonly FilmFrame[]> {
  const film = await createFrameReader().open({ file: await filmOf(name), name });
  const frames: FilmFrame[] = [];
  for await (const frame of film.frames(seconds)) frames.push(frame);
  film.close();
  return frames;
}

describe('films by WebCodecs', () => {
  const reader = createFrameReader();

  test.each([
    ['six-vp8.webm', 'video/webm'],
    ['six-vp9.webm', 'video/webm'],
    ['six-h264.mp4', 'video/mp4'],
  ])('%s: size, length, and each picture at its second', async (name, mediaType) => {
    const file = await filmOf(name);
    expect(reader.sniff(new Uint8Array(await file.slice(0, 4096).arrayBuffer()))).toBe(mediaType);
    const film = await reader.open({ file, name });
    expect(film).toMatchObject({ mediaType, width: 160, height: 160, runsOn: 'webcodecs' });
    expect(film.durationSeconds).toBeCloseTo(12, 1);
    film.close();
    const frames = await framesOf(name, HALF_SECONDS);
    expect(frames).toHaveLength(24);
    frames.forEach(({ seconds }, i) => {
      expect(Math.abs(seconds - i / 2)).toBeLessThanOrEqual(1 / 12 + 0.001);
    });
    const cuts = frames.flatMap((frame, i) => {
      const before = frames[i - 1];
      return before && difference(frame, before) > 10 ? [i / 2] : [];
    });
    expect(cuts).toEqual([2, 4, 6, 8, 10]);
  });

  test("a frame is a picture of the film's size", async () => {
    const film = await reader.open({ file: await filmOf('six-h264.mp4'), name: 'x' });
    for await (const frame of film.frames([5])) {
      const bitmap = await createImageBitmap(await frame.picture());
      expect([bitmap.width, bitmap.height]).toEqual([160, 160]);
    }
    film.close();
  });

  test('a frame that is shown at several of the seconds comes once', async () => {
    expect(await framesOf('six-vp8.webm', [1, 1.001, 1.002, 3])).toHaveLength(2);
  });

  test.each([
    ['the decoder', true],
    ['the page', false],
  ])('a film that was turned is read as it is shown, by %s', async (_, hasDecoder) => {
    if (!hasDecoder) vi.stubGlobal('VideoDecoder', undefined);
    const file = await filmOf('turned-h264.mp4');
    const film = await createFrameReader({ grabber: createPageFilmGrabber() }).open({ file, name: 'x' });
    vi.unstubAllGlobals();
    expect(film).toMatchObject({ width: 96, height: 192 });
    const frames: FilmFrame[] = [];
    for await (const frame of film.frames([0])) frames.push(frame);
    film.close();
    const colours = frames[0]?.colours ?? new Uint8Array();
    // Red on the left becomes red at the foot, a quarter turn to the left.
    expect([colours[0], colours[2]].map((value = 0) => value > 128)).toEqual([false, true]);
    expect([colours.at(-3), colours.at(-1)].map((value = 0) => value > 128)).toEqual([true, false]);
  });

  test('a codec that the browser lacks is named', async () => {
    const file = await filmOf('six-mpeg4.mp4');
    await expect(reader.open({ file, name: 'old.mp4' })).rejects.toMatchObject({
      code: 'input/unsupported',
      message: expect.stringMatching(/“old\.mp4”.*MPEG-4 Part 2/),
    });
  });

  test('sound without pictures is refused as that', async () => {
    const file = await filmOf('only-sound.webm');
    await expect(reader.open({ file, name: 'song.webm' })).rejects.toMatchObject({
      code: 'input/unsupported',
      message: expect.stringContaining('no pictures, only sound'),
    });
  });

  test.each(['six-vp8.webm', 'six-vp9.webm', 'six-h264.mp4', 'six-mpeg4.mp4'])(
    '%s, cut off anywhere, is refused',
    async (name) => {
      const file = await filmOf(name);
      for (const share of [0.9, 0.5, 0.1, 0.01])
        await expect(
          reader.open({ file: file.slice(0, Math.floor(file.size * share)), name }),
          `${share}`,
        ).rejects.toMatchObject({ code: expect.stringMatching(/^input\/(?:invalid|unsupported)$/) });
    },
  );

  test('spoilt pictures behind a sound header are refused, and the next film is read', async () => {
    const bytes = new Uint8Array(await (await filmOf('six-h264.mp4')).arrayBuffer());
    bytes.fill(0x55, Math.floor(bytes.length / 2));
    const film = await reader.open({ file: new Blob([bytes]), name: 'spoilt.mp4' });
    const all = async () => {
      for await (const _ of film.frames(HALF_SECONDS));
    };
    await expect(all()).rejects.toMatchObject({
      code: 'input/invalid',
      message: expect.stringContaining('spoilt.mp4'),
    });
    film.close();
    expect(await framesOf('six-vp9.webm', [1])).toHaveLength(1);
  });

  test('what begins like a film and is none is refused', async () => {
    const start = new Uint8Array(await (await filmOf('six-h264.mp4')).slice(0, 24).arrayBuffer());
    const file = new Blob([start, new Uint8Array(5000).fill(7)]);
    await expect(reader.open({ file, name: 'x' })).rejects.toMatchObject({ code: 'input/invalid' });
    expect(reader.sniff(new TextEncoder().encode('a text that is no film at all'))).toBeUndefined();
  });

  test('an abort is heard between two frames', async () => {
    const stop = new AbortController();
    const film = await reader.open({ file: await filmOf('six-vp9.webm'), name: 'x' });
    let count = 0;
    const all = async () => {
      for await (const _ of film.frames(HALF_SECONDS, { signal: stop.signal }))
        if (++count === 3) stop.abort();
    };
    await expect(all()).rejects.toMatchObject({ code: 'abort/by-user' });
    expect(count).toBe(3);
    await expect(
      reader.open({ file: await filmOf('six-vp9.webm'), name: 'x' }, { signal: stop.signal }),
    ).rejects.toMatchObject({ code: 'abort/by-user' });
  });
});

describe('films by the page, where a browser has no WebCodecs', () => {
  const reader = createFrameReader({ grabber: createPageFilmGrabber() });
  beforeEach(() => void vi.stubGlobal('VideoDecoder', undefined));
  afterEach(() => void vi.unstubAllGlobals());

  test.each(['six-vp8.webm', 'six-vp9.webm', 'six-h264.mp4'])(
    '%s: each picture at its second',
    async (name) => {
      const film = await reader.open({ file: await filmOf(name), name });
      expect(film).toMatchObject({ width: 160, height: 160, runsOn: 'video-element' });
      expect(film.durationSeconds).toBeCloseTo(12, 1);
      const frames: FilmFrame[] = [];
      for await (const frame of film.frames(HALF_SECONDS)) frames.push(frame);
      expect(frames.map(({ seconds }) => seconds)).toEqual(HALF_SECONDS);
      const cuts = frames.flatMap((frame, i) => {
        const before = frames[i - 1];
        return before && difference(frame, before) > 10 ? [i / 2] : [];
      });
      expect(cuts).toEqual([2, 4, 6, 8, 10]);
      film.close();
      vi.unstubAllGlobals();
      // Where a file does not state its colours (here VP9), the player and the decoder guess differently, by 4 of 255.
      const known = await framesOf(name, HALF_SECONDS);
      known.forEach((frame, i) => {
        expect(difference(frame, frames[i] as FilmFrame)).toBeLessThan(6);
      });
    },
  );

  test('a codec that the player lacks, too, is named; a cut film is refused; without a page all are', async () => {
    await expect(reader.open({ file: await filmOf('six-mpeg4.mp4'), name: 'old.mp4' })).rejects.toMatchObject(
      {
        code: 'input/unsupported',
        message: expect.stringContaining('MPEG-4 Part 2'),
      },
    );
    const whole = await filmOf('six-vp9.webm');
    await expect(
      reader.open({ file: whole.slice(0, whole.size / 2), name: 'cut.webm' }),
    ).rejects.toMatchObject({ code: 'input/invalid' });
    await expect(createFrameReader().open({ file: whole, name: 'x' })).rejects.toMatchObject({
      code: 'input/unsupported',
      message: expect.stringContaining('VP9'),
    });
  });

  test('an abort is heard between two frames', async () => {
    const stop = new AbortController();
    const film = await reader.open({ file: await filmOf('six-vp9.webm'), name: 'x' });
    let count = 0;
    const all = async () => {
      for await (const _ of film.frames(HALF_SECONDS, { signal: stop.signal }))
        if (++count === 3) stop.abort();
    };
    await expect(all()).rejects.toMatchObject({ code: 'abort/by-user' });
    expect(count).toBe(3);
  });
});
