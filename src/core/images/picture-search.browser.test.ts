import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sha256Of } from '#adapters/hash-stream/index.ts';
import { createExactIndex, createInt8Index } from '#adapters/index-scan/index.ts';
import { createBm25Index } from '#adapters/lexical-bm25/index.ts';
import { openRepositories } from '#adapters/storage-idb/index.ts';
import { createWebLocks } from '#adapters/web-locks/index.ts';
import type { ModelSpec } from '#core/ports/model.ts';
import type { Pictures } from '#core/ports/pictures.ts';
import { createId } from '#shared/ids.ts';
import { COLOUR_MODEL, createColourEmbedder } from './colour-embedder.test-support.ts';
import { createPictures } from './index.ts';
import { halves, halvesFile, manyFiles } from './pictures.test-support.ts';
import { createPpmDecoder } from './ppm-decoder.test-support.ts';

const embedder = COLOUR_MODEL;

describe('pictures that are stored and embedded', () => {
  let repositories: Awaited<ReturnType<typeof openRepositories>>;
  let name = '';
  let pictures: Pictures;
  let colours: ReturnType<typeof createColourEmbedder>;
  let at = 0;

  beforeEach(async () => {
    name = `pictures-test-${createId()}`;
    repositories = await openRepositories({ name });
    colours = createColourEmbedder();
    pictures = open();
  });
  afterEach(() => {
    repositories.close();
    indexedDB.deleteDatabase(name);
  });

  const open = (): Pictures =>
    createPictures({
      repositories,
      decoder: createPpmDecoder(),
      embedder: colours,
      placement: async () => ({ device: 'cpu', threads: 1 }),
      createVectorIndex: (dimension, options) =>
        options?.kind === 'int8' ? createInt8Index(dimension, options) : createExactIndex(dimension),
      createLexicalIndex: createBm25Index,
      locks: createWebLocks(createId()),
      sha256: sha256Of,
      now: () => ++at,
    });

  async function ingest(imageIds: readonly string[], model: ModelSpec = embedder) {
    const id = createId();
    const job = {
      kind: 'image-ingest',
      label: 'Indexing',
      state: 'running',
      createdAt: 1,
      updatedAt: 1,
    } as const;
    await repositories.jobs.save({ ...job, id, input: { imageIds, embedder: model } });
    return pictures.ingest({ jobId: id });
  }

  async function add(files: readonly File[]): Promise<readonly string[]> {
    const { imageIds } = await pictures.add({ files });
    expect(await ingest(imageIds)).toMatchObject({ ready: files.length, failed: 0 });
    return imageIds;
  }

  async function names(search: Partial<Parameters<Pictures['search']>[0]>): Promise<readonly string[]> {
    const { hits } = await pictures.search({ embedder, limit: 3, ...search });
    const records = await Promise.all(hits.map(({ imageId }) => repositories.images.get(imageId)));
    expect(hits.map(({ score }) => score)).toEqual(hits.map(({ score }) => score).sort((a, b) => b - a));
    return records.map((record) => record?.name ?? 'none');
  }

  test('are found by words, best first', async () => {
    await add(manyFiles());
    expect((await names({ words: 'red', limit: 14 })).every((found) => found.includes('red'))).toBe(true);
    expect((await names({ words: 'left green right blue', limit: 1 }))[0]).toBe('green-blue-0.ppm');
    const { hits, searched, timingsMs } = await pictures.search({ embedder, words: 'pink', limit: 500 });
    expect([hits.length, searched]).toEqual([56, 56]);
    expect(timingsMs.embed).toBeGreaterThanOrEqual(0);
    expect((await pictures.search({ embedder, words: '  ', limit: 5 })).hits).toEqual([]);
  });

  test('the same words again, for more of what was found, go through the model once', async () => {
    await add(manyFiles());
    const first = await names({ words: 'red', limit: 3 });
    expect((await names({ words: 'red', limit: 56 })).slice(0, 3)).toEqual(first);
    expect(colours.texts.filter((text) => text === 'red')).toHaveLength(1);
    const other = await names({ words: 'left blue', limit: 3 });
    expect(other).not.toEqual(first);
    expect(await names({ words: 'red', limit: 3 })).toEqual(first);
  });

  test('what holds the words of a query comes first, and says where they stand; all else stays in its order', async () => {
    const ids = await add(manyFiles());
    const before = await names({ words: 'red', limit: 56 });
    const say = (id: string, said: object) =>
      repositories.images.commit({ updates: [{ id, change: (stored) => ({ ...stored, ...said }) }] });
    const lastName = before.at(-1) ?? '';
    const last = (await repositories.images.list()).find((record) => record.name === lastName)?.id ?? '';
    await say(last, { text: 'North Mill\nInvoice no. 2024-117, payable in thirty days' });
    const search = { embedder, limit: 56 } as const;
    const { hits } = await pictures.search({ ...search, words: 'invoice 2024' });
    expect(hits[0]).toMatchObject({ imageId: last, words: { source: 'text' } });
    expect(hits[0]?.words?.excerpt).toContain('Invoice no. 2024');
    expect(hits.slice(1).every(({ words }) => words === undefined)).toBe(true);
    expect(hits).toHaveLength(56);
    const others = (await names({ words: 'red', limit: 56 })).filter((found) => found !== lastName);
    expect(others).toEqual(before.filter((found) => found !== lastName));
    // A short list ranks as the long one does.
    expect((await pictures.search({ ...search, words: 'invoice 2024', limit: 3 })).hits).toEqual(
      hits.slice(0, 3),
    );
    // One word of three is not enough, names of files are no words, and a minus takes away.
    for (const words of ['invoice of a red house', 'ppm', 'invoice -payable'])
      expect((await pictures.search({ ...search, words })).hits.some((hit) => hit.words)).toBe(false);
    // Caption and tag, in step with storage; what was taken away is gone.
    const other = ids.find((id) => id !== last) ?? '';
    await say(other, { captions: ['my first bicycle'], tags: ['holiday'] });
    expect((await pictures.search({ ...search, words: 'bicycle' })).hits[0]).toMatchObject({
      imageId: other,
      words: { source: 'caption', excerpt: 'my first bicycle' },
    });
    expect((await pictures.search({ ...search, words: 'holiday' })).hits[0]?.words?.source).toBe('tag');
    const tagged = await pictures.search({ ...search, words: 'holiday', filter: { tag: 'none' } });
    expect(tagged.hits).toEqual([]);
    await say(other, { captions: [], tags: [] });
    expect((await pictures.search({ ...search, words: 'bicycle' })).hits.some((hit) => hit.words)).toBe(
      false,
    );
    await repositories.images.remove([last]);
    expect((await pictures.search({ ...search, words: 'invoice' })).hits.some((hit) => hit.words)).toBe(
      false,
    );
  });

  test('the slider takes the say of the words away with them', async () => {
    const [first = ''] = await add(manyFiles());
    await repositories.images.commit({
      updates: [{ id: first, change: (stored) => ({ ...stored, text: 'invoice 2024' }) }],
    });
    const picture = { file: halves('yellow', 'black', 77) };
    const asked = { embedder, limit: 56, words: 'invoice', picture };
    expect((await pictures.search({ ...asked, balance: 0.5 })).hits[0]?.imageId).toBe(first);
    const alone = await pictures.search({ embedder, limit: 56, picture });
    expect((await pictures.search({ ...asked, balance: 1 })).hits.map(({ imageId }) => imageId)).toEqual(
      alone.hits.map(({ imageId }) => imageId),
    );
  });

  test('minus words are left behind', async () => {
    await add(manyFiles());
    const plain = await names({ words: 'red', limit: 14 });
    expect(plain.some((found) => found.includes('blue'))).toBe(true);
    const less = await names({ words: 'red -blue', limit: 12 });
    expect(less.every((found) => found.includes('red') && !found.includes('blue'))).toBe(true);
    expect((await names({ words: '-white', limit: 3 })).some((found) => found.includes('white'))).toBe(false);
  });

  test('by a file, by a stored picture, by a part of it', async () => {
    await add(manyFiles());
    const file = halves('yellow', 'black', 77);
    expect((await names({ picture: { file } }))[0]).toBe('yellow-black-0.ppm');
    const all = await repositories.images.list();
    const own = all.find((record) => record.name === 'yellow-black-0.ppm')?.id ?? '';
    const similar = await names({ picture: { imageId: own }, limit: 60 });
    expect(similar).toHaveLength(55);
    expect(similar).not.toContain('yellow-black-0.ppm');
    const left = { x: 0, y: 0, width: 0.5, height: 1 };
    const part = await names({ picture: { imageId: own, region: left }, limit: 13 });
    expect(part.every((found) => found.includes('yellow'))).toBe(true);
    await expect(
      pictures.search({ embedder, limit: 3, picture: { imageId: 'removed' } }),
    ).rejects.toMatchObject({ code: 'input/invalid' });
  });

  test('words and a picture together, by their weights', async () => {
    await add(manyFiles());
    const both = { words: 'right green', picture: { file: halves('pink', 'pink', 3) } };
    expect((await names({ ...both, balance: 0.5 }))[0]).toBe('pink-green-0.ppm');
    expect((await names({ ...both, balance: 0, limit: 7 })).every((found) => found.includes('-green'))).toBe(
      true,
    );
    expect((await names({ ...both, balance: 1, limit: 7 })).every((found) => found.includes('pink'))).toBe(
      true,
    );
  });

  test('only those that pass the filter are searched', async () => {
    const [sea = '', hill = ''] = await add([
      halvesFile('red', 'blue', 1, 'holiday/sea/'),
      halvesFile('red', 'blue', 2, 'holiday/hills/'),
      halvesFile('red', 'blue', 3, 'holidays/'),
    ]);
    await repositories.images.commit({
      updates: [
        { id: sea, change: (stored) => ({ ...stored, tags: ['best'], takenAt: 500 }) },
        { id: hill, change: (stored) => ({ ...stored, width: 4000, height: 3000 }) },
      ],
    });
    const found = async (filter: NonNullable<Parameters<Pictures['search']>[0]['filter']>) => {
      const { hits, searched } = await pictures.search({ embedder, words: 'red', limit: 9, filter });
      expect(hits).toHaveLength(searched);
      return new Set(hits.map(({ imageId }) => imageId));
    };
    expect(await found({ folder: 'holiday' })).toEqual(new Set([sea, hill]));
    expect(await found({ folder: 'holiday/sea/' })).toEqual(new Set([sea]));
    expect(await found({ tag: 'best' })).toEqual(new Set([sea]));
    expect(await found({ from: 500 })).toEqual(new Set([sea]));
    expect((await found({ before: 500 })).has(sea)).toBe(false);
    expect(await found({ minSide: 3000 })).toEqual(new Set([hill]));
    expect(await found({ minSide: 3001 })).toEqual(new Set());
  });

  test('what is removed is not found, what is put back is, and other tabs see the same', async () => {
    const ids = await add(manyFiles());
    const other = open();
    const count = async (of: Pictures) =>
      (await of.search({ embedder, words: 'red', limit: 99 })).hits.length;
    expect([await count(pictures), await count(other)]).toEqual([56, 56]);
    const snapshot = await repositories.images.remove(ids.slice(0, 20));
    expect([await count(pictures), await count(other)]).toEqual([36, 36]);
    await repositories.images.restore(snapshot);
    await pictures.forget({ imageIds: ids.slice(30, 40) }); // only what is in memory
    expect(await count(other)).toBe(56);
    const scores = await pictures.labels({ embedder, imageIds: ids, labels: ['red', 'blue'], limit: 1 });
    expect(scores.filter(([best]) => best !== undefined)).toHaveLength(46);
  });

  test('more than two thousand: 8-bit codes are searched, and find the same', async () => {
    const ids = await add(manyFiles().slice(0, 20));
    const first = ids[0] ?? '';
    const before = await names({ words: 'left red right green', limit: 1 });
    const record = await repositories.images.get(first);
    let vector = new Float32Array(0);
    for await (const segment of repositories.images.segments('space-colours'))
      vector = segment.vectors.slice(0, segment.vectors.length / segment.imageIds.length);
    const more = Array.from({ length: 2100 }, (_, i) => `copy-${i}`);
    if (record === undefined) throw new Error('There is no picture');
    await repositories.images.commit({
      images: more.map((id) => ({ ...record, id })),
      vectors: {
        spaceId: 'space-colours',
        dimension: vector.length,
        imageIds: more,
        vectors: new Float32Array(more.flatMap(() => [...vector.map((value) => -value)])),
      },
    });
    const { searched } = await pictures.search({ embedder, words: 'red', limit: 1 });
    expect(searched).toBe(2120);
    expect(await names({ words: 'left red right green', limit: 1 })).toEqual(before);
  });

  test('labels: shares of one over all labels, each label embedded once', async () => {
    const [red = '', blue = ''] = await add([halvesFile('red', 'red'), halvesFile('blue', 'blue')]);
    const ask = () =>
      pictures.labels({
        embedder,
        imageIds: [blue, 'none', red],
        labels: ['red', ' blue', 'red', ''],
        limit: 5,
      });
    const [ofBlue = [], ofNone, ofRed = []] = await ask();
    expect(ofNone).toEqual([]);
    expect([ofBlue[0]?.label, ofRed[0]?.label]).toEqual(['blue', 'red']);
    for (const scores of [ofBlue, ofRed]) {
      expect(scores).toHaveLength(2);
      expect(scores.reduce((sum, { score }) => sum + score, 0)).toBeCloseTo(1, 6);
      expect(scores[0]?.score).toBeGreaterThan(0.9);
    }
    const embedded = colours.texts.length;
    await ask();
    expect(colours.texts).toHaveLength(embedded);
  });

  test('groups, map, albums and a learned tag', async () => {
    const ids = await add([...manyFiles(), halvesFile('red', 'blue', 5)]);
    const { imageIds, points } = await pictures.map({ embedder });
    expect([imageIds.length, points.length]).toEqual([57, 114]);
    expect(new Set(imageIds)).toEqual(new Set(ids));
    const albums = await pictures.albums({ embedder, count: 8, labels: ['red', 'blue', 'green', 'white'] });
    expect(albums.flatMap((album) => album.imageIds).sort()).toEqual([...ids].sort());
    expect(new Set(albums.map((album) => album.name)).size).toBe(albums.length);
    const groups = await pictures.groups({ embedder });
    const named = new Map((await repositories.images.list()).map((record) => [record.id, record.name]));
    const twins = groups.find((group) => group.imageIds.some((id) => named.get(id) === 'red-blue-5.ppm'));
    expect(twins?.imageIds.map((id) => named.get(id)).sort()).toEqual(['red-blue-0.ppm', 'red-blue-5.ppm']);
    const having = (colour: string) => ids.filter((id) => named.get(id)?.includes(colour));
    const everyOther = (list: readonly string[]) => list.filter((_, i) => i % 2 === 0);
    const positive = everyOther(having('red'));
    const negative = everyOther(ids.filter((id) => !having('red').includes(id)));
    const probe = await pictures.learnTag({ embedder, tag: 'red', positive, negative });
    expect(probe.accuracy).toBeGreaterThan(0.8);
    const suggested = probe.suggested.map(({ imageId }) => imageId);
    const rest = having('red').filter((id) => !positive.includes(id));
    expect(suggested.slice(0, rest.length).sort()).toEqual([...rest].sort());
    expect(suggested.some((id) => positive.includes(id) || negative.includes(id))).toBe(false);
  });

  test('nothing is stored: nothing is found, and nothing fails', async () => {
    expect(await pictures.search({ embedder, words: 'red', limit: 3 })).toMatchObject({
      hits: [],
      searched: 0,
    });
    expect(await pictures.groups({ embedder })).toEqual([]);
    expect((await pictures.map({ embedder })).imageIds).toEqual([]);
    expect(await pictures.albums({ embedder, count: 4, labels: ['red'] })).toEqual([]);
    expect(await pictures.stale({ embedder })).toEqual({ imageIds: [] });
    await expect(pictures.learnTag({ embedder, tag: 'x', positive: [], negative: [] })).rejects.toMatchObject(
      { code: 'input/invalid' },
    );
  });
});
