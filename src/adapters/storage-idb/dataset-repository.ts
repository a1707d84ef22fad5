import type { DatasetRepository } from '#core/ports/repositories.ts';
import type { AnnouncingFeed } from './change-feed.ts';
import type { Database } from './open-database.ts';
import { guarded, inTransaction } from './transaction.ts';

export function createDatasetRepository(db: Database, feed: AnnouncingFeed): DatasetRepository {
  return {
    list: () =>
      guarded(async () => {
        const datasets = await db.getAll('datasets');
        return datasets.sort((a, b) => b.updatedAt - a.updatedAt || (a.id < b.id ? 1 : -1));
      }),
    get: (id) => guarded(() => db.get('datasets', id)),
    save: (dataset) =>
      guarded(async () => {
        await db.put('datasets', dataset);
        feed.announce({ store: 'datasets', ids: [dataset.id] });
      }),
    update: (id, change, first) =>
      guarded(async () => {
        const { before, after } = await inTransaction(
          db.transaction(['datasets'], 'readwrite'),
          async (tx) => {
            const before = await tx.objectStore('datasets').get(id);
            const stored = before ?? first;
            const after = stored && change(stored);
            if (after && after !== before) await tx.objectStore('datasets').put(after);
            return { before, after };
          },
        );
        if (after !== before) feed.announce({ store: 'datasets', ids: [id] });
        return after;
      }),
    remove: (id) =>
      guarded(async () => {
        await inTransaction(db.transaction(['datasets', 'runs'], 'readwrite'), async (tx) => {
          await tx.objectStore('datasets').delete(id);
          const runs = tx.objectStore('runs');
          for (const key of await runs.index('datasetId').getAllKeys(id)) await runs.delete(key);
        });
        feed.announce({ store: 'datasets', ids: [id] });
      }),
    runs: (datasetId) =>
      guarded(async () => {
        const runs = await db.getAllFromIndex('runs', 'datasetId', datasetId);
        return runs.sort((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1));
      }),
    saveRun: (run) =>
      guarded(async () => {
        const isStored = await inTransaction(
          db.transaction(['datasets', 'runs'], 'readwrite'),
          async (tx) => {
            if ((await tx.objectStore('datasets').getKey(run.datasetId)) === undefined) return false;
            await tx.objectStore('runs').put(run);
            return true;
          },
        );
        if (isStored) feed.announce({ store: 'runs', ids: [run.id] });
        return isStored;
      }),
    removeRun: (id) =>
      guarded(async () => {
        await db.delete('runs', id);
        feed.announce({ store: 'runs', ids: [id] });
      }),
  };
}
