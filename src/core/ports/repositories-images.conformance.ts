import { array, assert, asyncProperty, constantFrom, integer, record, uniqueArray } from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ImageRecord, ImageVectorSegment } from './image-records.ts';
import { SEGMENT_VECTORS } from './library-records.ts';
import type { ImageBatch, ImageRepository, RepositoryChange } from './repositories.ts';
import { job, type RepositoriesSubject } from './repositories-samples.conformance.ts';

const DIMENSION = 3;

function image(id: string, change: Partial<ImageRecord> = {}): ImageRecord {
  return {
    id,
    name: `holiday/${id}.png`,
    mediaType: 'image/png',
    sizeBytes: 10,
    addedAt: 1,
    status: 'queued',
    tags: [],
    ...change,
  };
}

/** A vector that tells whose it is, and of which making. */
function vectorOf(id: string, making = 0): readonly number[] {
  let seed = 7;
  for (const unit of id) seed = (seed * 31 + unit.charCodeAt(0)) % 65_521;
  return Array.from({ length: DIMENSION }, (_, i) => Math.fround((seed * (i + 1)) / 65_521 + making));
}

const vectorsOf = (ids: readonly string[], spaceId = 's', making = 0): Required<ImageBatch>['vectors'] => ({
  spaceId,
  dimension: DIMENSION,
  imageIds: ids,
  vectors: new Float32Array(ids.flatMap((id) => vectorOf(id, making))),
});

const named = (count: number, prefix = 'p'): readonly string[] =>
  Array.from({ length: count }, (_, i) => `${prefix}${i}`);

const updatesOf = (ids: readonly string[], spaceId = 's'): Required<ImageBatch>['updates'] =>
  ids.map((id) => ({ id, change: (stored) => ({ ...stored, status: 'ready' as const, spaceId }) }));

async function segmentsOf(images: ImageRepository, spaceId = 's', from?: number) {
  const segments: ImageVectorSegment[] = [];
  for await (const segment of images.segments(spaceId, from)) segments.push(segment);
  return segments;
}

/** Every live row in order; each vector is checked to be the picture's own. */
async function liveIds(images: ImageRepository, spaceId = 's', making = 0): Promise<readonly string[]> {
  const ids: string[] = [];
  for (const { imageIds, vectors } of await segmentsOf(images, spaceId)) {
    expect(vectors).toHaveLength(imageIds.length * DIMENSION);
    imageIds.forEach((id, row) => {
      if (id === '') return;
      ids.push(id);
      expect([...vectors.slice(row * DIMENSION, (row + 1) * DIMENSION)]).toEqual(vectorOf(id, making));
    });
  }
  return ids;
}

export function describeImageRepository(subject: () => RepositoriesSubject): void {
  const images = () => subject().repositories.images;
  const otherTab = () => subject().otherTab.images;
  const store = (ids: readonly string[], change: Partial<ImageRecord> = {}) =>
    images().commit({ images: ids.map((id) => image(id, change)) });

  describe('pictures', () => {
    test('a batch is stored whole and seen by the other tab', async () => {
      const blobs = [
        { id: 'picture:a', blob: new Blob(['bytes'], { type: 'image/png' }) },
        { id: 'thumbnail:a', blob: new Blob(['small'], { type: 'image/webp' }) },
      ];
      await images().commit({ images: [image('a')], blobs, vectors: vectorsOf(['a']), job: job('j') });
      expect(await otherTab().get('a')).toEqual(image('a'));
      expect(await (await otherTab().blob('picture:a'))?.text()).toBe('bytes');
      expect((await otherTab().blob('thumbnail:a'))?.type).toBe('image/webp');
      expect(await liveIds(otherTab())).toEqual(['a']);
      expect(await subject().otherTab.jobs.get('j')).toEqual(job('j'));
      expect(await images().get('none')).toBeUndefined();
      expect(await images().blob('picture:none')).toBeUndefined();
      await images().commit({ goneBlobs: ['thumbnail:a'] });
      expect(await otherTab().blob('thumbnail:a')).toBeUndefined();
    });

    test('are listed newest first', async () => {
      await images().commit({
        images: [image('old', { addedAt: 1 }), image('new', { addedAt: 3 }), image('mid', { addedAt: 2 })],
      });
      expect((await otherTab().list()).map(({ id }) => id)).toEqual(['new', 'mid', 'old']);
      expect(await otherTab().count()).toBe(3);
    });

    test('an update changes what is stored in that moment, not what was read before', async () => {
      await store(['a']);
      await otherTab().commit({
        updates: [{ id: 'a', change: (stored) => ({ ...stored, tags: ['sea'] }) }],
      });
      await images().commit({ updates: updatesOf(['a']) });
      expect(await images().get('a')).toEqual(image('a', { tags: ['sea'], status: 'ready', spaceId: 's' }));
    });

    test('one that was removed meanwhile stays away, with all of it', async () => {
      await store(['gone', 'kept']);
      await otherTab().remove(['gone']);
      await images().commit({
        updates: updatesOf(['gone', 'kept']),
        blobs: ['gone', 'kept'].map((id) => ({ id: `frames:${id}`, blob: new Blob([id]) })),
        vectors: vectorsOf(['gone', 'kept']),
      });
      expect((await images().list()).map(({ id }) => id)).toEqual(['kept']);
      expect(await images().blob('frames:gone')).toBeUndefined();
      expect(await (await images().blob('frames:kept'))?.text()).toBe('kept');
      expect(await liveIds(images())).toEqual(['kept']);
      await images().remove(['kept']);
      expect(await images().blob('frames:kept')).toBeUndefined();
    });

    test('a batch that fails leaves nothing of it, whatever part fails', async () => {
      await images().commit({ images: [image('old')], vectors: vectorsOf(['old']) });
      const ids = named(300);
      const good: ImageBatch = {
        images: ids.map((id) => image(id)),
        blobs: [{ id: 'picture:p0', blob: new Blob(['x']) }],
        vectors: vectorsOf(ids),
        job: job('j'),
      };
      const gone: ImageBatch = { ...good, updates: updatesOf(['removed']) };
      const short = { ...vectorsOf(ids), vectors: new Float32Array(7) };
      for (const bad of [
        { ...good, images: [...ids.map((id) => image(id)), { ...image('bad'), name: (() => '') as never }] },
        { ...good, vectors: short },
        { ...gone, vectors: { ...short, imageIds: [...ids, 'removed'] } },
        { ...good, vectors: { ...vectorsOf(ids), dimension: 1, vectors: new Float32Array(300) } },
        {
          ...good,
          updates: [
            {
              id: 'old',
              change: () => {
                throw new Error('no');
              },
            },
          ],
        },
        { ...good, job: job('j', { input: () => 'not data' }) },
      ]) {
        await expect(images().commit(bad)).rejects.toMatchObject({ name: 'AppError' });
        expect((await images().list()).map(({ id }) => id)).toEqual(['old']);
        expect(await images().blob('picture:p0')).toBeUndefined();
        expect(await subject().repositories.jobs.get('j')).toBeUndefined();
        expect(await liveIds(images())).toEqual(['old']);
      }
      await images().commit(good); // and the storage goes on working
      expect(await liveIds(images())).toHaveLength(301);
    });

    test('the job moves with the rows, and a state that was wished for meanwhile stays', async () => {
      const { jobs } = subject().repositories;
      await jobs.save(job('j', { kind: 'image-ingest' }));
      await subject().otherTab.jobs.update('j', (stored) => ({ ...stored, state: 'paused' }));
      await images().commit({ job: job('j', { kind: 'image-ingest', cursor: { imageId: 'p15' } }) });
      expect(await jobs.get('j')).toMatchObject({ state: 'paused', cursor: { imageId: 'p15' } });
    });

    test('changes are told to both tabs, after they are stored', async () => {
      const heard: { readonly change: RepositoryChange; readonly stored: Promise<number> }[] = [];
      const own = new Promise<void>((resolve) => {
        subject().repositories.changes.subscribe((change) => {
          heard.push({
            change,
            stored: images()
              .list()
              .then(({ length }) => length),
          });
          resolve();
        });
      });
      const other = new Promise<RepositoryChange>((resolve) => subject().otherTab.changes.subscribe(resolve));
      await store(['a', 'b']);
      await own;
      expect(await other).toEqual({ store: 'images', ids: ['a', 'b'] });
      expect(heard.map(({ change }) => change)).toEqual([{ store: 'images', ids: ['a', 'b'] }]);
      expect(await heard[0]?.stored).toBe(2);
      const snapshot = await images().remove(['a']);
      await images().restore(snapshot);
      expect(heard.slice(1).map(({ change }) => change)).toEqual([
        { store: 'images', ids: ['a'] },
        { store: 'images', ids: ['a'] },
      ]);
    });
  });

  describe('vectors of pictures', () => {
    test('are packed by 256, in order, over batches of any size, and read from a segment on', async () => {
      const ids = named(601);
      for (const [from, to] of [
        [0, 100],
        [100, 500],
        [500, 501],
        [501, 601],
      ] as const)
        await images().commit({ vectors: vectorsOf(ids.slice(from, to)) });
      const segments = await segmentsOf(images());
      expect(segments.map(({ segment }) => segment)).toEqual([0, 1, 2]);
      expect(segments.map(({ imageIds }) => imageIds.length)).toEqual([
        SEGMENT_VECTORS,
        SEGMENT_VECTORS,
        601 - 2 * SEGMENT_VECTORS,
      ]);
      expect(await liveIds(images())).toEqual(ids);
      expect((await segmentsOf(images(), 's', 1)).map(({ segment }) => segment)).toEqual([1, 2]);
      expect(await segmentsOf(images(), 'none')).toEqual([]);
    });

    test('one a picture and space: embedded again, the old one goes', async () => {
      const ids = named(300);
      await images().commit({ images: ids.map((id) => image(id)), vectors: vectorsOf(ids) });
      await images().commit({ vectors: vectorsOf(ids.slice(0, 40), 'other', 5) });
      await images().commit({ vectors: vectorsOf(ids.slice(0, 40), 's', 0) });
      expect([...(await liveIds(images()))].sort()).toEqual([...ids].sort());
      await images().commit({ vectors: vectorsOf(ids, 's', 9) });
      expect([...(await liveIds(images(), 's', 9))].sort()).toEqual([...ids].sort());
      expect(await liveIds(images(), 'other', 5)).toEqual(ids.slice(0, 40));
    });

    test('the last counts when a batch has two of one picture', async () => {
      const { vectors } = vectorsOf(['b'], 's', 2);
      const twice = {
        ...vectorsOf(['a', 'b', 'b']),
        vectors: new Float32Array([...vectorsOf(['a', 'b'], 's', 2).vectors.map((x) => x), ...vectors]),
      };
      twice.vectors.fill(77, DIMENSION, 2 * DIMENSION);
      await images().commit({ vectors: twice });
      expect(await liveIds(images(), 's', 2)).toEqual(['a', 'b']);
    });

    test('of a film are those of its last reading, and go and come back with it', async () => {
      const frames = (...moments: readonly number[]) => moments.map((moment) => `f@${moment}`);
      await store(['f', 'f1', 'e'], { kind: 'video' });
      await images().commit({ vectors: vectorsOf([...frames(0, 500, 9000), 'f1@0', 'e@0']) });
      await images().commit({ updates: updatesOf(['f']), vectors: vectorsOf(frames(0, 700)) });
      expect(await liveIds(images())).toEqual(['f1@0', 'e@0', ...frames(0, 700)]);
      const taken = await images().remove(['f']);
      expect(await liveIds(images())).toEqual(['f1@0', 'e@0']);
      await images().commit({ updates: updatesOf(['f']), vectors: vectorsOf(frames(1)) });
      expect(await liveIds(images())).toEqual(['f1@0', 'e@0']);
      await images().restore(taken);
      expect(await liveIds(images())).toEqual(['f1@0', 'e@0', ...frames(0, 700)]);
    });

    test('of removed pictures are marked, and dropped once they are most of a segment', async () => {
      const [small, large] = [named(20, 'small'), named(100, 'large')];
      await images().commit({ vectors: vectorsOf([...small, ...large]) });
      await images().remove(small);
      const [marked] = await segmentsOf(images());
      expect(marked?.imageIds).toHaveLength(120);
      expect(marked?.imageIds.filter((id) => id === '')).toHaveLength(20);
      await images().remove(large.slice(0, 90));
      const [dropped] = await segmentsOf(images());
      expect(dropped?.imageIds).toEqual(large.slice(90));
      await images().remove(large);
      await images().commit({ vectors: vectorsOf(['next']) });
      expect(await liveIds(images())).toEqual(['next']);
    });

    test('other spaces are taken away whole', async () => {
      const ids = named(300);
      await images().commit({ images: ids.map((id) => image(id)), vectors: vectorsOf(ids) });
      await images().commit({ vectors: vectorsOf(ids, 'new', 1) });
      await images().dropOtherSpaces('new');
      expect(await segmentsOf(images())).toEqual([]);
      expect(await liveIds(images(), 'new', 1)).toEqual(ids);
      expect(await images().list()).toHaveLength(300);
    });

    test('two tabs that commit at once lose none', async () => {
      await Promise.all(
        Array.from({ length: 12 }, (_, i) =>
          (i % 2 === 0 ? images() : otherTab()).commit({ vectors: vectorsOf(named(50, `d${i}-`)) }),
        ),
      );
      const ids = await liveIds(images());
      expect(ids).toHaveLength(600);
      expect(new Set(ids).size).toBe(600);
    });
  });

  describe('undo of removed pictures', () => {
    test('brings back all of them, in every space, and only them', async () => {
      const ids = named(300);
      await images().commit({
        images: ids.map((id) => image(id, { spaceId: 's', status: 'ready' })),
        blobs: ids.flatMap((id) => [
          { id: `picture:${id}`, blob: new Blob([id]) },
          { id: `thumbnail:${id}`, blob: new Blob([`small ${id}`]) },
        ]),
        vectors: vectorsOf(ids),
      });
      await images().commit({ vectors: vectorsOf(ids.slice(0, 10), 'new', 1) });
      const removed = ['p3', 'p290', 'none'];
      const snapshot = await images().remove(removed);
      expect(snapshot.images.map(({ id }) => id)).toEqual(['p3', 'p290']);
      expect(await images().get('p3')).toBeUndefined();
      expect(await images().blob('picture:p3')).toBeUndefined();
      expect(await images().blob('thumbnail:p290')).toBeUndefined();
      expect(await liveIds(images())).toHaveLength(298);
      await images().restore(snapshot);
      await images().restore(snapshot); // twice is once
      expect(await images().get('p3')).toEqual(image('p3', { spaceId: 's', status: 'ready' }));
      expect(await (await images().blob('picture:p3'))?.text()).toBe('p3');
      expect(await (await images().blob('thumbnail:p290'))?.text()).toBe('small p290');
      expect([...(await liveIds(images()))].sort()).toEqual([...ids].sort());
      expect([...(await liveIds(images(), 'new', 1))].sort()).toEqual([...ids.slice(0, 10)].sort());
    });

    test('any sequence of commits, removals and undos keeps one vector a picture', async () => {
      const all = named(60);
      const step = record({
        act: constantFrom('commit', 'remove', 'undo'),
        ids: uniqueArray(integer({ min: 0, max: all.length - 1 }), { maxLength: 40 }),
      });
      await assert(
        asyncProperty(array(step, { maxLength: 12 }), async (steps) => {
          await images().remove(all);
          const alive = new Set<string>();
          for (const { act, ids: rows } of steps) {
            const ids = rows.map((row) => `p${row}`);
            if (act === 'commit') {
              await images().commit({ images: ids.map((id) => image(id)), vectors: vectorsOf(ids) });
              for (const id of ids) alive.add(id);
            } else {
              const snapshot = await images().remove(ids);
              if (act === 'undo') await images().restore(snapshot);
              else for (const id of ids) alive.delete(id);
            }
          }
          expect([...(await liveIds(images()))].sort()).toEqual([...alive].sort());
          expect((await images().list()).map(({ id }) => id).sort()).toEqual([...alive].sort());
          const segments = await segmentsOf(images());
          expect(segments.map(({ segment }) => segment)).toEqual(segments.map((_, i) => i));
        }),
        { numRuns: 25 },
      );
    }, 120_000);
  });
}
