import { array, assert, asyncProperty, constantFrom, nat, oneof, record } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type DocumentRecord, SEGMENT_VECTORS, type VectorSegment } from './library-records.ts';
import type { LibraryRepository } from './repositories.ts';
import type { RepositoriesSubject } from './repositories-samples.conformance.ts';
import {
  batchOf,
  chunk,
  collection,
  documentRecord,
  job,
  space,
  vectorOf,
} from './repositories-samples.conformance.ts';

export async function segmentsOf(
  library: LibraryRepository,
  spaceId = 's',
): Promise<readonly VectorSegment[]> {
  const segments: VectorSegment[] = [];
  for await (const segment of library.segments(spaceId)) segments.push(segment);
  return segments;
}

/** [document, ordinal] of every live vector, in order; each vector is checked to be its chunk's own. */
export async function liveRows(
  library: LibraryRepository,
  spaceId = 's',
  dimension = 4,
): Promise<readonly string[]> {
  const rows: string[] = [];
  for (const { documentIds, ordinals, vectors } of await segmentsOf(library, spaceId)) {
    expect(ordinals).toHaveLength(documentIds.length);
    expect(vectors).toHaveLength(documentIds.length * dimension);
    documentIds.forEach((documentId, row) => {
      if (documentId === '') return;
      const ordinal = ordinals[row] ?? -1;
      rows.push(`${documentId} ${ordinal}`);
      expect([...vectors.slice(row * dimension, (row + 1) * dimension)]).toEqual(
        vectorOf(documentId, ordinal, dimension),
      );
    });
  }
  return rows;
}

export const keys = (documentId: string, from: number, to: number): readonly string[] =>
  Array.from({ length: to - from }, (_, i) => `${documentId} ${from + i}`);

export function describeLibraryRepository(subject: () => RepositoriesSubject): void {
  const library = () => subject().repositories.library;
  const otherTab = () => subject().otherTab.library;

  describe('documents', () => {
    test('a batch is stored whole and seen by the other tab', async () => {
      const blob = new Blob(['hello'], { type: 'text/plain' });
      const batch = { documents: [documentRecord('d')], ...batchOf('d', 0, 3), space: space('s', 4) };
      await library().commit({ ...batch, blobs: [{ id: 'original:d', blob }], job: job('j', { cursor: 3 }) });
      expect(await otherTab().document('d')).toEqual(documentRecord('d'));
      expect(await otherTab().chunks('d')).toEqual(batch.chunks);
      expect(await otherTab().chunk('d', 1)).toEqual(chunk('d', 1));
      expect(await otherTab().chunk('d', 9)).toBeUndefined();
      const places = [1, 9, 0, 1].map((ordinal) => ({ documentId: 'd', ordinal }));
      expect(await otherTab().chunksAt(places)).toEqual([
        chunk('d', 1),
        undefined,
        chunk('d', 0),
        chunk('d', 1),
      ]);
      expect(await library().chunksAt([])).toEqual([]);
      expect(await (await otherTab().blob('original:d'))?.text()).toBe('hello');
      expect(await otherTab().spaces()).toEqual([space('s', 4)]);
      expect((await subject().otherTab.jobs.get('j'))?.cursor).toBe(3);
      expect(await liveRows(otherTab())).toEqual(keys('d', 0, 3));
    });

    test('an update changes what is stored now, and brings nothing of a removed document back', async () => {
      await library().commit({ documents: [documentRecord('kept'), documentRecord('gone')] });
      await otherTab().commit({
        updates: [{ id: 'kept', change: (stored) => ({ ...stored, collectionIds: ['c', 'c2'] }) }],
      });
      await otherTab().removeDocument('gone');
      const [kept, gone] = [batchOf('kept', 0, 2), batchOf('gone', 0, 2)];
      await library().commit({
        updates: ['gone', 'kept'].map((id) => ({
          id,
          change: (stored) => ({ ...stored, embeddedCount: stored.embeddedCount + 2 }),
        })),
        chunks: [...gone.chunks, ...kept.chunks],
        blobs: ['gone', 'kept'].map((id) => ({ id: `text:${id}`, blob: new Blob([id]) })),
        space: space('s', 4),
        vectors: {
          ...kept.vectors,
          chunkKeys: [...gone.vectors.chunkKeys, ...kept.vectors.chunkKeys],
          vectors: new Float32Array([...gone.vectors.vectors, ...kept.vectors.vectors]),
        },
      });
      const expected = documentRecord('kept', { collectionIds: ['c', 'c2'], embeddedCount: 2 });
      expect(await library().documents()).toEqual([expected]);
      expect(await library().chunks('gone')).toEqual([]);
      expect(await library().blob('text:gone')).toBeUndefined();
      expect(await (await library().blob('text:kept'))?.text()).toBe('kept');
      expect(await liveRows(library())).toEqual(keys('kept', 0, 2));
    });

    test('chunks come in the order of the document, ten after nine', async () => {
      await library().commit({ chunks: [11, 2, 0, 10, 1].map((ordinal) => chunk('d', ordinal)) });
      expect((await library().chunks('d')).map(({ ordinal }) => ordinal)).toEqual([0, 1, 2, 10, 11]);
    });

    test('a batch that fails leaves nothing of it, whatever part fails', async () => {
      await library().commit({ documents: [documentRecord('old')], ...batchOf('old', 0, 2) });
      const good = { documents: [documentRecord('d')], ...batchOf('d', 0, 300), job: job('j') };
      const impossible = { ...chunk('d', 7), text: (() => 'not data') as unknown as string };
      const wrongLength = { ...good.vectors, vectors: new Float32Array(7) };
      const wrongDimension = batchOf('d', 0, 3, 's', 8).vectors;
      for (const bad of [
        { ...good, chunks: [...good.chunks, impossible] },
        { ...good, vectors: wrongLength },
        { ...good, vectors: wrongDimension },
        { ...good, job: { ...job('j'), input: () => 'not data' } },
      ]) {
        await expect(library().commit(bad)).rejects.toMatchObject({ name: 'AppError' });
        expect(await library().document('d')).toBeUndefined();
        expect(await library().chunks('d')).toEqual([]);
        expect(await subject().repositories.jobs.get('j')).toBeUndefined();
        expect(await liveRows(library())).toEqual(keys('old', 0, 2));
      }
      await library().commit(good); // and the storage goes on working
      expect(await liveRows(library())).toHaveLength(302);
    });

    test('collections: a document goes with its last one', async () => {
      await library().saveCollection(collection('b', 2));
      await library().saveCollection(collection('a', 1));
      expect((await library().collections()).map(({ id }) => id)).toEqual(['a', 'b']);
      await library().commit({
        documents: [
          documentRecord('both', { collectionIds: ['a', 'b'], addedAt: 2 }),
          documentRecord('only', { collectionIds: ['a'], addedAt: 1 }),
        ],
        ...batchOf('only', 0, 3),
      });
      expect((await library().documents('a')).map(({ id }) => id)).toEqual(['both', 'only']);
      expect(await library().documents('b')).toHaveLength(1);
      await library().removeCollection('a');
      expect((await library().documents()).map(({ id, collectionIds }) => [id, collectionIds])).toEqual([
        ['both', ['b']],
      ]);
      expect(await library().chunks('only')).toEqual([]);
      expect(await liveRows(library())).toEqual([]);
      expect((await library().collections()).map(({ id }) => id)).toEqual(['b']);
    });
  });

  describe('vectors', () => {
    test('are packed by 256, in order, over batches of any size', async () => {
      let from = 0;
      for (const size of [100, 100, 100, 300, 1]) {
        await library().commit(batchOf('d', from, from + size));
        from += size;
      }
      const segments = await segmentsOf(library());
      expect(segments.map(({ segment }) => segment)).toEqual([0, 1, 2]);
      expect(segments.map(({ documentIds }) => documentIds.length)).toEqual([
        SEGMENT_VECTORS,
        SEGMENT_VECTORS,
        601 - 2 * SEGMENT_VECTORS,
      ]);
      expect(await liveRows(library())).toEqual(keys('d', 0, 601));
    });

    test('of two spaces never meet', async () => {
      await library().commit({ ...batchOf('d', 0, 5, 's', 4), space: space('s', 4) });
      await library().commit({ ...batchOf('d', 0, 5, 'wide', 9), space: space('wide', 9) });
      expect(await liveRows(library(), 's', 4)).toHaveLength(5);
      expect(await liveRows(library(), 'wide', 9)).toHaveLength(5);
      await library().removeDocument('d');
      expect(await liveRows(library(), 's', 4)).toEqual([]);
      expect(await liveRows(library(), 'wide', 9)).toEqual([]);
    });

    test('of a deleted document are marked, and dropped once they are most of a segment', async () => {
      await library().commit(batchOf('small', 0, 20));
      await library().commit(batchOf('large', 0, 100));
      await library().removeDocument('small');
      const [marked] = await segmentsOf(library());
      expect(marked?.documentIds).toHaveLength(120);
      expect(marked?.documentIds.filter((id) => id === '')).toHaveLength(20);
      await library().commit(batchOf('rest', 0, 10));
      await library().removeDocument('large');
      const [dropped] = await segmentsOf(library());
      expect(dropped?.documentIds).toHaveLength(10);
      expect(await liveRows(library())).toEqual(keys('rest', 0, 10));
    });

    test('two tabs that commit at once lose no vector', async () => {
      await Promise.all(
        Array.from({ length: 12 }, (_, i) =>
          (i % 2 === 0 ? library() : otherTab()).commit(batchOf(`d${i}`, 0, 50)),
        ),
      );
      const rows = await liveRows(library());
      expect(new Set(rows).size).toBe(600);
      expect(rows).toHaveLength(600);
    });
  });

  describe('saved indexes', () => {
    const record = (documentIds: readonly string[]) => ({
      spaceId: 's',
      kind: 'int8' as const,
      dimension: 4,
      segmentCount: 1,
      keysId: 'k',
      documents: documentIds.map((id) => ({ id, version: '1', firstKey: 0, chunkCount: 5 })),
      blob: new Blob(['codes']),
    });

    test('are kept, replaced, and gone with the first document that is removed', async () => {
      await library().commit({
        documents: [documentRecord('d'), documentRecord('e')],
        ...batchOf('d', 0, 5),
      });
      const save = (...records: readonly ReturnType<typeof record>[]) => library().saveIndexes(records);
      expect(await save(record(['d']), { ...record(['d']), spaceId: 't' })).toBe(true);
      expect(await otherTab().savedIndexes()).toHaveLength(2);
      expect(await save({ ...record(['d']), segmentCount: 7 })).toBe(true);
      const [stored, ...rest] = await otherTab().savedIndexes();
      expect(rest).toEqual([]); // that of the other space too is replaced: what is saved belongs together
      expect(stored).toMatchObject({ segmentCount: 7, documents: [{ id: 'd', chunkCount: 5 }] });
      expect(await stored?.blob.text()).toBe('codes');
      await library().removeDocument('e');
      expect(await library().savedIndexes()).toEqual([]);
      expect(await save({ ...record(['d']), spaceId: 't' }, record(['d', 'e']))).toBe(false); // began before the removal
      expect(await library().savedIndexes()).toEqual([]);
    });

    test('segments are counted, and read from one on', async () => {
      await library().commit(batchOf('d', 0, 601));
      expect(await library().segmentCount('s')).toBe(3);
      expect(await library().segmentCount('none')).toBe(0);
      const numbers: number[] = [];
      for await (const { segment } of library().segments('s', 1)) numbers.push(segment);
      expect(numbers).toEqual([1, 2]);
    });
  });

  describe('what was recognized in pictures', () => {
    const page = (id: string) => ({ id: `ocr:${id}:eng:1`, blob: new Blob(['{}']) });
    const isKept = async (id: string) => (await library().blob(`ocr:${id}:eng:1`)) !== undefined;

    test('stays while a document is read anew, and goes with it or with its collection', async () => {
      await library().saveCollection(collection('a', 1));
      await library().commit({
        documents: ['d', 'de', 'c'].map((id) =>
          documentRecord(id, { collectionIds: [id === 'c' ? 'a' : 'x'] }),
        ),
        blobs: ['d', 'de', 'c'].map(page),
      });
      const snapshot = await library().snapshotDocument('d');
      if (snapshot === undefined) throw new Error('There is no snapshot');
      await library().restoreDocument(snapshot);
      expect(await isKept('d')).toBe(true);
      await library().removeDocument('d');
      await library().removeCollection('a');
      expect(await Promise.all(['d', 'de', 'c'].map(isKept))).toEqual([false, true, false]);
    });

    test('is not kept of a document that was removed meanwhile', async () => {
      const updates = [{ id: 'gone', change: (stored: DocumentRecord) => stored }];
      await library().commit({ updates, blobs: [page('gone')] });
      expect(await isKept('gone')).toBe(false);
    });
  });

  describe('undo', () => {
    test('brings back all of a document', async () => {
      const text = new Blob(['all of it']);
      await library().commit({
        documents: [documentRecord('d'), documentRecord('other')],
        ...batchOf('d', 0, 300),
        blobs: [{ id: 'text:d', blob: text }],
        space: space('s', 4),
      });
      await library().commit(batchOf('other', 0, 5));
      const snapshot = await library().snapshotDocument('d');
      await library().removeDocument('d');
      expect(await library().blob('text:d')).toBeUndefined();
      expect(await library().snapshotDocument('d')).toBeUndefined();
      if (snapshot === undefined) throw new Error('There is no snapshot');
      await library().restoreDocument(snapshot);
      expect(await library().document('d')).toEqual(documentRecord('d'));
      expect(await library().chunks('d')).toHaveLength(300);
      expect(await (await library().blob('text:d'))?.text()).toBe('all of it');
      expect([...(await liveRows(library()))].sort()).toEqual(
        [...keys('d', 0, 300), ...keys('other', 0, 5)].sort(),
      );
      await library().restoreDocument(snapshot); // twice is once
      expect(await liveRows(library())).toHaveLength(305);
    });
  });

  describe('properties', () => {
    test('any sequence of commits, failures and deletions keeps chunks and vectors together', async () => {
      const documents = ['a', 'b', 'c'] as const;
      const step = oneof(
        record({ act: constantFrom('commit', 'fail'), document: constantFrom(...documents), size: nat(280) }),
        record({ act: constantFrom('remove', 'undo'), document: constantFrom(...documents), size: nat(0) }),
      );
      await assert(
        asyncProperty(array(step, { maxLength: 12 }), async (steps) => {
          for (const document of documents) await library().removeDocument(document);
          const model = new Map<string, number>();
          for (const { act, document, size } of steps) {
            const from = model.get(document) ?? 0;
            const batch = batchOf(document, from, from + size);
            if (act === 'commit') {
              await library().commit({ documents: [documentRecord(document)], ...batch });
              model.set(document, from + size);
            } else if (act === 'fail') {
              const vectors = { ...batch.vectors, dimension: 3 };
              if (size > 0) await expect(library().commit({ ...batch, vectors })).rejects.toThrow();
            } else {
              const snapshot = await library().snapshotDocument(document);
              await library().removeDocument(document);
              if (act === 'undo' && snapshot) await library().restoreDocument(snapshot);
              else model.delete(document);
            }
          }
          const expected = documents.flatMap((document) => keys(document, 0, model.get(document) ?? 0));
          expect([...(await liveRows(library()))].sort()).toEqual([...expected].sort());
          for (const document of documents)
            expect(await library().chunks(document)).toHaveLength(model.get(document) ?? 0);
          const segments = await segmentsOf(library());
          expect(segments.map(({ segment }) => segment)).toEqual(segments.map((_, i) => i));
        }),
        { numRuns: 25 },
      );
    }, 120_000);
  });
}
