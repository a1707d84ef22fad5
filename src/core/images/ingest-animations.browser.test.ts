import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { EMOJI, emojiFiles } from '#adapters/engine-transformers/emoji-clip.test-support.ts';
import { createTransformersImageEmbedder } from '#adapters/engine-transformers/index.ts';
import { createAnimationReader } from '#adapters/frame-reader-webcodecs/index.ts';
import { createPictureDecoder } from '#adapters/picture-decoder/index.ts';
import { gifOf, scene, webpAnimation } from '#adapters/picture-decoder/pictures.test-support.ts';
import type { ImageRecord } from '#core/ports/image-records.ts';
import type { Repositories } from '#core/ports/repositories.ts';
import { dyingAt } from './ingest-house.test-support.ts';
import { openStoredHouse } from './stored-house.test-support.ts';

const urls = import.meta.glob<string>('../../../e2e/fixtures/emoji-eval/pictures/*.webp', {
  query: '?url',
  import: 'default',
  eager: true,
});
const SIDE = 160;
/** Each stays for half a second. */
const SHOWN = ['elephant', 'elephant', 'banana', 'pizza', 'penguin'];
const OTHERS = ['airplane', 'avocado', 'automobile', 'bicycle', 'alarm-clock'];

async function stillOf(name: string): Promise<File> {
  const path = Object.keys(urls).find((each) => each.endsWith(`/${name}.webp`));
  if (path === undefined) throw new Error(`No picture ${name}`);
  return new File([await (await fetch(urls[path] ?? '')).blob()], `${name}.webp`);
}

async function pixelsOf(file: Blob): Promise<ImageData> {
  const context = new OffscreenCanvas(SIDE, SIDE).getContext('2d');
  context?.drawImage(await createImageBitmap(file), 0, 0, SIDE, SIDE);
  if (!context) throw new Error('No canvas');
  return context.getImageData(0, 0, SIDE, SIDE);
}

describe('animated pictures', () => {
  const embedder = createTransformersImageEmbedder({ openFile: emojiFiles() });
  let stored: Awaited<ReturnType<typeof openStoredHouse>>;
  let repositories: Repositories;
  let house: (typeof stored)['house'];
  const over = (of: Repositories = repositories) => house.over(of, embedder);
  beforeEach(async () => {
    stored = await openStoredHouse({ decoder: createPictureDecoder(), animations: createAnimationReader() });
    ({ repositories, house } = stored);
  });
  afterEach(() => stored.end());

  const shown = async (): Promise<File> => {
    const frames = await Promise.all(SHOWN.map(async (each) => pixelsOf(await stillOf(each))));
    return new File([gifOf(frames, 500)], 'party.gif');
  };
  async function rowsOf({ spaceId = '' }: ImageRecord): Promise<readonly string[]> {
    const rows: string[] = [];
    for await (const { imageIds } of repositories.images.segments(spaceId))
      rows.push(...imageIds.filter((id) => id !== ''));
    return rows.sort();
  }
  async function recordOf(id: string): Promise<ImageRecord> {
    const record = await repositories.images.get(id);
    if (record === undefined) throw new Error('No record');
    return record;
  }

  test('what appears only later is found, at its moment; killed in between, each frame is there once', async () => {
    const others = await Promise.all(OTHERS.map(stillOf));
    const ids = await house.add([await shown(), ...others]);
    const [gif = ''] = ids;
    const jobId = await house.jobOver(ids, EMOJI);
    // Killed between the first frame and the others, then when the others are written.
    for (const [write, isWritten] of [
      [1, false],
      [0, false],
      [0, true],
    ] as const) {
      const run = over(dyingAt(repositories, write, isWritten)).ingest({ jobId });
      await expect(run).rejects.toThrow('killed');
      const record = await recordOf(gif);
      expect(record).toMatchObject({ status: 'ready', isAnimated: true });
      expect(record.moments).toEqual(isWritten ? [0, 1000, 1500, 2000] : undefined);
      expect(await over().stale({ embedder: EMOJI })).toEqual(
        isWritten ? { imageIds: [] } : { imageIds: [gif], firstFrameIds: [gif] },
      );
      expect(await rowsOf(record)).toHaveLength(isWritten ? 9 : 6);
    }
    expect(await over().ingest({ jobId })).toMatchObject({ ready: 6, failed: 0 });
    const record = await recordOf(gif);
    expect(await rowsOf(record)).toEqual(
      [...ids.slice(1), ...(record.moments ?? []).map((milliseconds) => `${gif}@${milliseconds}`)].sort(),
    );
    const pictures = over();
    for (const [words, seconds] of [
      ['banana', 1],
      ['pizza', 1.5],
      ['penguin', 2],
    ] as const) {
      const { hits, searched } = await pictures.search({ embedder: EMOJI, words, limit: 2 });
      expect(searched).toBe(6);
      expect(hits[0], words).toMatchObject({ imageId: gif, seconds });
      expect(hits[1]?.imageId).not.toBe(gif);
    }
    const moments = await pictures.moments({ embedder: EMOJI, words: 'pizza', imageId: gif });
    expect(moments.map(({ seconds }) => seconds)).toEqual([0, 1, 1.5, 2]);
    // The hit can be shown: the frame is that of the pizza.
    const frame = await pictures.frame({ imageId: gif, seconds: 1.5 });
    const { hits } = await pictures.search({ embedder: EMOJI, picture: { file: frame as Blob }, limit: 1 });
    expect(hits).toMatchObject([{ imageId: gif, seconds: 1.5 }]);
    expect(await pictures.frame({ imageId: ids[1] ?? '', seconds: 1 })).toBeUndefined();
  }, 60_000);

  test('one scene is one row; a bomb is looked at here and there; a broken one keeps what could be read', async () => {
    const still = await scene(120, 60, 'image/webp');
    const bomb = new File([await webpAnimation(still, 120, 60, 20_000)], 'bomb.webp');
    const whole = await shown();
    const broken = new File([whole.slice(0, whole.size * 0.7)], 'broken.gif');
    const ids = await house.add([bomb, broken]);
    await over().ingest({ jobId: await house.jobOver(ids, EMOJI) });
    const records = await Promise.all(ids.map(recordOf));
    expect(records).toMatchObject([
      { status: 'ready', isAnimated: true },
      { status: 'ready', isAnimated: true },
    ]);
    expect(records[0]?.moments).toEqual([]);
    expect(records[0]?.error).toBeUndefined();
    expect(records[1]?.moments).toEqual([0, 1000]);
    expect(records[1]?.error?.message).toContain('only its first frames could be read');
    expect(await over().stale({ embedder: EMOJI })).toEqual({ imageIds: [] });
  }, 60_000);
});
