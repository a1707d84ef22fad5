import { describe, expect, test } from 'vitest';
import { nextId } from './library-records.ts';
import { keys, liveRows, segmentsOf } from './repositories-library.conformance.ts';
import type { RepositoriesSubject } from './repositories-samples.conformance.ts';
import { batchOf, documentRecord, space } from './repositories-samples.conformance.ts';

export function describeNextReading(subject: () => RepositoriesSubject): void {
  const library = () => subject().repositories.library;
  const otherTab = () => subject().otherTab.library;

  describe('a next reading', () => {
    const next = { spaceId: 'n', parserId: 'p', parserVersion: 1, chunkerVersion: 2 };
    const begin = async (): Promise<void> => {
      await library().commit({ ...batchOf('d', 0, 5), space: space('s', 4) });
      const reading = { ...next, pages: [], characterCount: 9, embeddedCount: 3 };
      await library().commit({
        documents: [documentRecord('d', { next: reading })],
        ...batchOf(nextId('d'), 0, 3, 'n', 6),
        blobs: [
          { id: `text:${nextId('d')}`, blob: new Blob(['newer']) },
          { id: `links:${nextId('d')}`, blob: new Blob(['[]']) },
        ],
        space: space('n', 6),
      });
    };

    test('takes the place of the rows that answered, and the space they leave empty goes', async () => {
      await begin();
      expect(await liveRows(library())).toEqual(keys('d', 0, 5));
      await library().switchDocument('d', (stored) => ({ ...stored, title: 'Newer' }));
      expect(await otherTab().document('d')).toEqual(documentRecord('d', { title: 'Newer' }));
      expect((await otherTab().chunks('d')).map(({ documentId, ordinal }) => [documentId, ordinal])).toEqual([
        ['d', 0],
        ['d', 1],
        ['d', 2],
      ]);
      expect(await otherTab().chunks(nextId('d'))).toEqual([]);
      expect(await (await otherTab().blob('text:d'))?.text()).toBe('newer');
      expect(await (await otherTab().blob('links:d'))?.text()).toBe('[]');
      expect(await otherTab().blob(`links:${nextId('d')}`)).toBeUndefined();
      expect(await liveRows(library())).toEqual([]);
      const [segment] = await segmentsOf(library(), 'n');
      expect(segment?.documentIds).toEqual(['d', 'd', 'd']);
      await library().dropEmptySpaces('n');
      expect((await library().spaces()).map(({ id }) => id)).toEqual(['n']);
      expect(await segmentsOf(library())).toEqual([]);
      await library().switchDocument('d', (stored) => ({ ...stored, title: 'Twice' })); // there is none any more
      expect((await library().document('d'))?.title).toBe('Newer');
    });

    test('goes with its document, or alone; a removed document comes back without it', async () => {
      await begin();
      const snapshot = await library().snapshotDocument('d');
      await library().dropEmptySpaces('s');
      expect(await library().spaces()).toHaveLength(2);
      await library().dropNext('d');
      expect(await library().document('d')).toEqual(documentRecord('d'));
      expect(await liveRows(library(), 'n', 6)).toEqual([]);
      await begin();
      await library().removeDocument('d');
      expect(await library().chunks(nextId('d'))).toEqual([]);
      expect(await library().blob(`text:${nextId('d')}`)).toBeUndefined();
      expect(await library().blob(`links:${nextId('d')}`)).toBeUndefined();
      expect(await liveRows(library(), 'n', 6)).toEqual([]);
      await library().switchDocument('d', (stored) => stored);
      expect(await library().document('d')).toBeUndefined();
      if (snapshot) await library().restoreDocument(snapshot);
      expect(await library().document('d')).toEqual(documentRecord('d'));
    });
  });
}
