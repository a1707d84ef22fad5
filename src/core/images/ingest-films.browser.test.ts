import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createFrameReader } from '#adapters/frame-reader-webcodecs/index.ts';
import { createPictureDecoder } from '#adapters/picture-decoder/index.ts';
import type { FrameReader, OpenFilm } from '#core/ports/frame-reader.ts';
import type { ImageEmbedder } from '#core/ports/image-embedder.ts';
import type { PictureHit } from '#core/ports/pictures.ts';
import type { Repositories } from '#core/ports/repositories.ts';
import type { Progress } from '#shared/call.ts';
import { COLOURS } from './colour-embedder.test-support.ts';
import { createTwoEmbedders, dyingAt, NEW, OLD } from './ingest-house.test-support.ts';
import type { Rgb } from './ppm-decoder.test-support.ts';
import { houseOver, openStoredHouse } from './stored-house.test-support.ts';

const urls = import.meta.glob<string>('../../../e2e/fixtures/films/*.{mp4,webm}', {
  query: '?url',
  import: 'default',
  eager: true,
});

async function filmOf(name: string): Promise<File> {
  const response = await fetch(urls[`../../../e2e/fixtures/films/${name}`] ?? '');
  return new File([await response.blob()], `films/${name}`);
}

/** A still picture of two halves, as a file of its own. */
async function pictureOf(left: string | Rgb, right: string | Rgb): Promise<File> {
  const canvas = new OffscreenCanvas(160, 160);
  const context = canvas.getContext('2d');
  for (const [i, name] of [left, right].entries()) {
    const colour = typeof name === 'string' ? COLOURS[name] : name;
    if (context) context.fillStyle = `rgb(${colour?.join(' ')})`;
    context?.fillRect(i * 80, 0, 80, 160);
  }
  return new File([await canvas.convertToBlob()], `${left}-${right}.png`);
}

const SLIDES = 'S';

/** A film that shows another two colours each second. */
function slidesOf(durationSeconds: number, onLook: (seconds: readonly number[]) => void): OpenFilm {
  const colours = Object.values(COLOURS);
  const sceneAt = (second: number): readonly Rgb[] => [
    colours[second % colours.length] ?? [0, 0, 0],
    colours[Math.floor(second / colours.length) % colours.length] ?? [0, 0, 0],
  ];
  return {
    mediaType: 'video/slides',
    width: 16,
    height: 16,
    durationSeconds,
    runsOn: 'webcodecs',
    async *frames(seconds) {
      onLook(seconds);
      for (const at of seconds.filter((second) => Number.isInteger(second))) {
        const [left = [0, 0, 0], right = [0, 0, 0]] = sceneAt(at);
        yield {
          seconds: at,
          colours: Uint8Array.from({ length: 216 }, (_, i) => ((i / 3) % 9 < 4.5 ? left : right)[i % 3] ?? 0),
          picture: () => pictureOf(left, right),
        };
      }
    },
    close: () => {},
  };
}

describe('films among the pictures', () => {
  let stored: Awaited<ReturnType<typeof openStoredHouse>>;
  let repositories: Repositories;
  let house: (typeof stored)['house'];
  const houseWith = (films: FrameReader) =>
    houseOver(repositories, { decoder: createPictureDecoder(), films });
  beforeEach(async () => {
    stored = await openStoredHouse({ decoder: createPictureDecoder(), films: createFrameReader() });
    ({ repositories, house } = stored);
  });
  afterEach(() => stored.end());

  async function ingested(files: readonly File[]) {
    const ids = await house.add(files);
    const counts = await house.over().ingest({ jobId: await house.jobOver(ids) });
    return { ids, ready: counts.ready, failed: counts.failed };
  }

  test('a film is one item with a frame a scene, a poster and its length', async () => {
    const { ids, ready } = await ingested([await filmOf('six-h264.mp4')]);
    expect(ready).toBe(1);
    const [id = ''] = ids;
    const film = await repositories.images.get(id);
    expect(film).toMatchObject({ kind: 'video', status: 'ready', width: 160, height: 160 });
    expect(film?.durationSeconds).toBeCloseTo(12, 1);
    expect(film?.moments).toEqual([0, 2000, 4000, 6000, 8000, 10_000]);
    expect((await house.rows())['space-new']).toEqual(
      film?.moments?.map((milliseconds) => `${id}@${milliseconds}`).sort(),
    );
    expect((await repositories.images.blob(`thumbnail:${id}`))?.type).toBe('image/jpeg');
  });

  test('a hit is the film once, at its best second; its moments say where else', async () => {
    const films = await Promise.all([filmOf('six-h264.mp4'), filmOf('six-vp8.webm')]);
    const { ids } = await ingested([
      ...films,
      await pictureOf('red', 'white'),
      await pictureOf('yellow', 'yellow'),
    ]);
    const pictures = house.over();
    const { hits, searched } = await pictures.search({ embedder: NEW, words: 'yellow', limit: 3 });
    expect(searched).toBe(4);
    expect(hits).toHaveLength(3);
    const isFilm = ({ imageId }: PictureHit): boolean => ids.indexOf(imageId) < 2;
    expect(hits.find((hit) => !isFilm(hit))).toEqual({ imageId: ids[3], score: expect.any(Number) });
    // The guitar lies on yellow.
    expect(hits.filter(isFilm)).toMatchObject([{ seconds: 8 }, { seconds: 8 }]);
    expect(new Set(hits.map(({ imageId }) => imageId)).size).toBe(3);
    for (const { imageId, seconds, score } of hits.filter(isFilm)) {
      const moments = await pictures.moments({ embedder: NEW, words: 'yellow', imageId });
      expect(moments.map((moment) => moment.seconds)).toEqual([0, 2, 4, 6, 8, 10]);
      const best = moments.toSorted((a, b) => b.score - a.score)[0];
      expect(best?.seconds).toBe(seconds);
      expect(best?.score).toBeCloseTo(score, 4);
    }
    expect(await pictures.moments({ embedder: NEW, words: 'yellow', imageId: ids[2] ?? '' })).toEqual([]);
    // More like the film: the other one, which shows the same.
    const like = await pictures.search({ embedder: NEW, picture: { imageId: ids[0] ?? '' }, limit: 1 });
    expect(like.hits).toMatchObject([{ imageId: ids[1] }]);
    expect((await pictures.map({ embedder: NEW })).imageIds).toHaveLength(4);
    expect(await pictures.groups({ embedder: NEW })).toEqual([]);
  });

  test('what cannot be shown is listed with its reason, and the rest goes on', async () => {
    const whole = await filmOf('six-vp9.webm');
    const cut = new File([whole.slice(0, whole.size / 2)], 'cut.webm');
    const files = [await filmOf('six-mpeg4.mp4'), await filmOf('only-sound.webm'), cut, whole];
    const { ready, failed } = await ingested([...files, await pictureOf('red', 'blue')]);
    expect({ ready, failed }).toEqual({ ready: 2, failed: 3 });
    const reasons = (await repositories.images.list()).flatMap(({ error }) => (error ? [error.message] : []));
    expect(reasons.sort()).toEqual(
      [
        expect.stringContaining('“cut.webm” is cut off'),
        expect.stringContaining('“films/only-sound.webm” has no pictures, only sound'),
        expect.stringContaining('MPEG-4 Part 2, which this browser cannot show'),
      ].sort((a, b) => String(a).localeCompare(String(b))),
    );
    expect(Object.keys(await house.rows())).toEqual(['space-new']);
  });

  test('killed before or after its write, each frame is there once', async () => {
    const ids = await house.add([await filmOf('six-vp9.webm'), await pictureOf('red', 'blue')]);
    const jobId = await house.jobOver(ids);
    for (const [write, isWritten] of [
      [0, true],
      [0, false],
      [0, true],
    ] as const)
      await house
        .over(dyingAt(repositories, write, isWritten))
        .ingest({ jobId })
        .catch(() => {});
    expect(await house.over().ingest({ jobId })).toMatchObject({ ready: 2, failed: 0 });
    expect((await house.rows())['space-new']).toHaveLength(7);
    const pictures = house.over();
    await pictures.search({ embedder: NEW, words: 'red', limit: 9 });
    // With another model the frames are the same, of the new space only.
    await pictures.ingest({ jobId: await house.jobOver(ids, OLD) });
    expect(Object.keys(await house.rows())).toEqual(['space-old']);
    expect((await pictures.search({ embedder: OLD, words: 'red', limit: 9 })).hits).toHaveLength(2);
  });

  test('a long film that is cut off goes on behind its last frame: each is embedded once', async () => {
    const embedded: number[] = [];
    const embedder = createTwoEmbedders();
    const counting: ImageEmbedder = {
      ...embedder,
      embedImages(input, options) {
        embedded.push(input.count);
        return embedder.embedImages(input, options);
      },
    };
    const looked: number[][] = [];
    const slides = houseWith({
      sniff: (head) => (head[0] === SLIDES.charCodeAt(0) ? 'video/slides' : undefined),
      open: async () => slidesOf(40, (seconds) => looked.push([...seconds])),
    });
    const ids = await slides.add([new File([SLIDES], 'talk.mp4')]);
    const jobId = await slides.jobOver(ids);
    const run = (of: Repositories = repositories) => slides.over(of, counting).ingest({ jobId });
    await expect(run(dyingAt(repositories, 1, true))).rejects.toThrow('killed');
    expect(embedded).toEqual([16, 16]);
    expect(await slides.rows()).toEqual({});
    expect((await repositories.jobs.get(jobId))?.cursor).toMatchObject({ imageId: ids[0], frames: 32 });
    expect(await repositories.images.get(ids[0] ?? '')).toMatchObject({ status: 'queued' });
    expect(await run()).toMatchObject({ ready: 1, failed: 0 });
    expect(embedded).toEqual([16, 16, 8]);
    expect(looked[1]?.[0]).toBe(31.5);
    const film = await repositories.images.get(ids[0] ?? '');
    expect(film?.moments).toEqual(Array.from({ length: 40 }, (_, i) => i * 1000));
    expect((await slides.rows())['space-new']).toHaveLength(40);
    expect(await repositories.images.blob(`frames:${ids[0]}`)).toBeUndefined();
    expect(await repositories.images.blob(`thumbnail:${ids[0]}`)).toBeDefined();
    const found = await slides.over().search({ embedder: NEW, words: 'left red', limit: 1 });

    // Killed before a write: that batch only is embedded again; what another model has embedded is not taken.
    const again = await slides.jobOver(ids, OLD);
    embedded.length = 0;
    for (const write of [1, 1])
      await slides
        .over(dyingAt(repositories, write, false), counting)
        .ingest({ jobId: again })
        .catch(() => {});
    expect(embedded).toEqual([16, 16, 16, 8]);
    expect((await slides.over().search({ embedder: NEW, words: 'left red', limit: 1 })).hits).toEqual(
      found.hits,
    );
    embedded.length = 0;
    await slides.over(repositories, counting).ingest({ jobId: again });
    expect(embedded).toEqual([8]);
    expect(Object.keys(await slides.rows())).toEqual(['space-old']);
    expect((await slides.rows())['space-old']).toHaveLength(40);
  });

  test('removed it is not found, put back it is', async () => {
    const { ids } = await ingested([await filmOf('six-vp9.webm'), await pictureOf('red', 'blue')]);
    const pictures = house.over();
    const found = async () =>
      (await pictures.search({ embedder: NEW, words: 'green', limit: 9 })).hits.map(({ imageId }) => imageId);
    expect((await found()).sort()).toEqual([...ids].sort());
    const taken = await repositories.images.remove(ids.slice(0, 1));
    expect(await found()).toEqual(ids.slice(1));
    await repositories.images.restore(taken);
    expect((await found()).sort()).toEqual([...ids].sort());
  });

  test('a stop is heard within a film; progress says where in it', async () => {
    const ids = await house.add([await filmOf('six-vp8.webm')]);
    const stop = new AbortController();
    const events: Progress[] = [];
    const onProgress = (event: Progress): void => {
      events.push(event);
      if (event.label.includes('0:05')) stop.abort();
    };
    const run = house.over().ingest({ jobId: await house.jobOver(ids) }, { signal: stop.signal, onProgress });
    await expect(run).rejects.toMatchObject({ code: 'abort/by-user' });
    expect(events.at(-1)).toMatchObject({ done: 0, total: 1, label: 'films/six-vp8.webm, 0:05 of 0:12' });
    const shares = events.map(({ share = 0 }) => share);
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    expect(await house.rows()).toEqual({});
    expect(await repositories.images.get(ids[0] ?? '')).toMatchObject({ status: 'queued' });
  });
});
