import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sha256Of } from '#adapters/hash-stream/index.ts';
import { createBm25Index } from '#adapters/lexical-bm25/index.ts';
import { openRepositories } from '#adapters/storage-idb/index.ts';
import { createWebLocks } from '#adapters/web-locks/index.ts';
import type { ChatEngine } from '#core/ports/chat-engine.ts';
import type { ReadyEngine } from '#core/ports/engine-room.ts';
import type { ModelSpec } from '#core/ports/model.ts';
import { AppError } from '#shared/errors.ts';
import { createId } from '#shared/ids.ts';
import { createAddPictures } from './add-pictures.ts';
import { createCaptionPictures } from './caption-pictures.ts';
import { createPictureWords } from './picture-words.ts';
import { manyFiles } from './pictures.test-support.ts';
import { createPpmDecoder } from './ppm-decoder.test-support.ts';
import { captionPace } from './text-pace.ts';
import { wordMatch } from './word-match.ts';

describe('the job that has pictures described', () => {
  let repositories: Awaited<ReturnType<typeof openRepositories>>;
  let name = '';
  let ids: readonly string[] = [];
  let seen: string[] = [];
  let clock = 0;
  beforeEach(async () => {
    name = `pictures-captions-test-${createId()}`;
    repositories = await openRepositories({ name });
    seen = [];
    const add = createAddPictures({
      images: repositories.images,
      decoder: createPpmDecoder(),
      locks: createWebLocks(createId()),
      sha256: sha256Of,
      now: () => 1,
    });
    ids = (await add({ files: manyFiles().slice(0, 5) })).imageIds;
  });
  afterEach(() => {
    repositories.close();
    indexedDB.deleteDatabase(name);
  });

  const model = { id: 'seer', label: 'Seer' } as ModelSpec;
  const place = {
    modelId: 'seer',
    contextTokens: 99,
    runsOn: 'wasm',
    threads: 1,
    placeLabel: '',
    loadMs: 1,
  } as const;
  const ready: ReadyEngine = { model, loaded: { ...place, seesImages: true } };

  /** Says how many bytes the picture has that it was given. */
  const looking: Pick<ChatEngine, 'generate'> = {
    async *generate({ messages }) {
      const [image] = messages.at(-1)?.images ?? [];
      const size = (await image?.blob.arrayBuffer())?.byteLength;
      seen.push(messages.at(-1)?.content ?? '');
      yield { type: 'text-delta', text: '<think>Hm.</think> A picture\nof ' };
      yield { type: 'text-delta', text: `${size} bytes. ` };
    },
  };
  const over = (change: Partial<Parameters<typeof createCaptionPictures>[0]> = {}) =>
    createCaptionPictures({
      repositories,
      now: () => {
        clock += 300;
        return clock;
      },
      engine: looking,
      ready: async () => ready,
      prepare: async ({ file }) => ({ blob: file, mediaType: 'image/png', width: 1, height: 1, sha256: '' }),
      ...change,
    });

  async function job(): Promise<string> {
    const id = createId();
    await repositories.jobs.save({
      ...{ id, kind: 'image-captions', label: 'Describing', state: 'running', createdAt: 1, updatedAt: 1 },
      input: { imageIds: ids, modelId: 'seer' },
    });
    return id;
  }
  const records = async () => Promise.all(ids.map(async (id) => (await repositories.images.get(id))!));

  test('keeps what the model writes of each, apart from the user’s captions, and its pace', async () => {
    const [first = ''] = ids;
    await repositories.images.commit({
      updates: [{ id: first, change: (image) => ({ ...image, captions: ['my own'] }) }],
    });
    expect(await over()({ jobId: await job() })).toEqual({ described: 5, failed: 0 });
    for (const { id, generatedCaption, sizeBytes, captions } of await records()) {
      const text = `A picture of ${sizeBytes} bytes.`;
      expect(generatedCaption).toEqual({ text, modelId: 'seer', modelLabel: 'Seer' });
      expect(captions).toEqual(id === first ? ['my own'] : undefined);
    }
    expect(new Set(seen)).toEqual(new Set(['What does this picture show?']));
    expect(await captionPace.read(repositories.settings)).toBe(300);
  });

  test('a description that ran out of room is marked as cut', async () => {
    const usage = {
      ...{ promptTokens: 9, cachedTokens: 0, completionTokens: 120, ttftMs: 1 },
      ...{ prefillTokensPerSecond: 1, decodeTokensPerSecond: 1 },
    };
    const endless: Pick<ChatEngine, 'generate'> = {
      async *generate(request, options) {
        yield* looking.generate(request, options);
        yield { type: 'finish', reason: 'length', usage };
      },
    };
    await over({ engine: endless })({ jobId: await job() });
    for (const { generatedCaption, sizeBytes } of await records())
      expect(generatedCaption?.text).toBe(`A picture of ${sizeBytes} bytes.…`);
  });

  test('that is stopped and goes on describes each picture once', async () => {
    const jobId = await job();
    const stop = new AbortController();
    const stopping: Pick<ChatEngine, 'generate'> = {
      async *generate(request, options) {
        if (seen.length === 2) stop.abort();
        if (stop.signal.aborted) throw new AppError('abort/by-user', 'Cancelled');
        yield* looking.generate(request, options);
      },
    };
    await expect(over({ engine: stopping })({ jobId }, { signal: stop.signal })).rejects.toMatchObject({
      code: 'abort/by-user',
    });
    expect(await over()({ jobId })).toEqual({ described: 5, failed: 0 });
    expect(seen).toHaveLength(5);
  });

  test('a picture that cannot be described is recorded and tried again; the others are described', async () => {
    const broken = async ({ file, name: of }: { readonly file: Blob; readonly name: string }) => {
      if (file.size === (await repositories.images.get(ids[1] ?? ''))?.sizeBytes && of !== '')
        throw new AppError('input/invalid', `“${of}” is damaged.`);
      return { blob: file, mediaType: 'image/png', width: 1, height: 1, sha256: '' } as const;
    };
    const jobId = await job();
    const { failed, described } = await over({ prepare: broken })({ jobId });
    expect([failed >= 1, failed + described]).toEqual([true, 5]);
    expect((await records())[1]).toMatchObject({ generatedCaptionError: { code: 'input/invalid' } });
    expect(await over()({ jobId })).toEqual({ described: 5, failed: 0 });
    expect((await records())[1]).not.toHaveProperty('generatedCaptionError');
  });

  test('a model that sees nothing describes nothing; one that is unloaded ends the job in words', async () => {
    const blind = over({ ready: async () => ({ model, loaded: place }) });
    await expect(blind({ jobId: await job() })).rejects.toMatchObject({ code: 'input/unsupported' });
    const unloaded: Pick<ChatEngine, 'generate'> = {
      // biome-ignore lint/correctness/useYield: it is taken away before its first word
      async *generate() {
        throw new AppError('abort/by-user', 'Another model was chosen.');
      },
    };
    await expect(over({ engine: unloaded })({ jobId: await job() })).rejects.toMatchObject({
      code: 'model/not-found',
      message: expect.stringContaining('Seer was unloaded'),
    });
    expect((await records()).every(({ generatedCaption }) => generatedCaption === undefined)).toBe(true);
  });

  test('its words find the picture, and say that a model wrote them', async () => {
    await over()({ jobId: await job() });
    const words = createPictureWords(createBm25Index);
    const all = await records();
    for (const record of all) words.put(record);
    const [wanted] = all;
    const size = String(wanted?.sizeBytes);
    const found = words.search(`${size} bytes`, 10, (id) => all.find((record) => record.id === id));
    expect(found[0]?.sizeBytes).toBe(wanted?.sizeBytes);
    expect(wordMatch(wanted!, `picture ${size} bytes`, [])).toEqual({
      source: 'description',
      excerpt: `A picture of ${size} bytes.`,
    });
  });
});
