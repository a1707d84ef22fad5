import type { JobRepository, ModelRepository, SettingsRepository } from '#core/ports/repositories.ts';
import type { AnnouncingFeed } from './change-feed.ts';
import type { Database } from './open-database.ts';
import { guarded, inTransaction } from './transaction.ts';

export function createJobRepository(db: Database, feed: AnnouncingFeed): JobRepository {
  return {
    list: () =>
      guarded(async () => {
        const jobs = await db.getAll('jobs');
        return jobs.sort((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1));
      }),
    get: (id) => guarded(() => db.get('jobs', id)),
    save: (job) =>
      guarded(async () => {
        await db.put('jobs', job);
        feed.announce({ store: 'jobs', ids: [job.id] });
      }),
    update: (id, change) =>
      guarded(async () => {
        const { before, after } = await inTransaction(db.transaction(['jobs'], 'readwrite'), async (tx) => {
          const before = await tx.objectStore('jobs').get(id);
          const after = before && change(before);
          if (after && after !== before) await tx.objectStore('jobs').put(after);
          return { before, after };
        });
        if (after !== before) feed.announce({ store: 'jobs', ids: [id] });
        return after;
      }),
    remove: (id) =>
      guarded(async () => {
        await db.delete('jobs', id);
        feed.announce({ store: 'jobs', ids: [id] });
      }),
  };
}

export function createModelRepository(db: Database, feed: AnnouncingFeed): ModelRepository {
  return {
    list: () => guarded(() => db.getAll('models')),
    get: (id) => guarded(() => db.get('models', id)),
    save: (model) =>
      guarded(async () => {
        await db.put('models', model);
        feed.announce({ store: 'models', ids: [model.id] });
      }),
    remove: (id) =>
      guarded(async () => {
        await db.delete('models', id);
        feed.announce({ store: 'models', ids: [id] });
      }),
  };
}

export function createSettingsRepository(db: Database, feed: AnnouncingFeed): SettingsRepository {
  return {
    get: (key) => guarded(() => db.get('settings', key)),
    set: (key, value) =>
      guarded(async () => {
        if (value === undefined) await db.delete('settings', key);
        else await db.put('settings', value, key);
        feed.announce({ store: 'settings', ids: [key] });
      }),
  };
}
