import { describe, expect, test } from 'vitest';
import type { ModelSpec } from './model.ts';
import type { Repositories, RepositoryChange } from './repositories.ts';
import type { RepositoriesSubject } from './repositories-samples.conformance.ts';
import { batchOf, documentRecord, job, message, thread } from './repositories-samples.conformance.ts';

const model = (id: string): ModelSpec => ({
  id,
  task: 'chat',
  engine: 'wllama',
  label: id,
  licence: 'mit',
  contextTokens: 2048,
  languages: ['en'],
  needs: { gpu: 'none', shaderF16: false, memoryBytes: 1 },
  files: [],
  sources: [{ kind: 'import' }],
  quantization: 'Q4_1',
  summary: '',
});

export function describeSmallRepositories(subject: () => RepositoriesSubject): void {
  describe('jobs, models, settings', () => {
    const here = () => subject().repositories;
    const otherTab = () => subject().otherTab;

    test('jobs: newest first, replaced by id, removed', async () => {
      await here().jobs.save(job('a', { createdAt: 1 }));
      await here().jobs.save(job('b', { createdAt: 2 }));
      await here().jobs.save(job('a', { createdAt: 1, state: 'done' }));
      expect((await otherTab().jobs.list()).map(({ id, state }) => `${id} ${state}`)).toEqual([
        'b running',
        'a done',
      ]);
      await here().jobs.remove('b');
      expect(await here().jobs.get('b')).toBeUndefined();
    });

    test('jobs: updates of two tabs and of an ingest do not overwrite each other', async () => {
      await here().jobs.save(job('j', { input: 0, cursor: 0 }));
      const add = (repositories: Repositories) =>
        repositories.jobs.update('j', (now) => ({ ...now, input: Number(now.input) + 1 }));
      await Promise.all(Array.from({ length: 20 }, (_, i) => add(i % 2 === 0 ? here() : otherTab())));
      expect((await here().jobs.get('j'))?.input).toBe(20);
      expect(await here().jobs.update('nothing', (now) => now)).toBeUndefined();
    });

    test('jobs: a batch moves the cursor and leaves the pause that another tab asked for', async () => {
      await here().jobs.save(job('j'));
      await otherTab().jobs.update('j', (now) => ({ ...now, state: 'paused' }));
      await here().library.commit({ job: job('j', { cursor: { next: 7 } }) });
      expect(await here().jobs.get('j')).toMatchObject({ state: 'paused', cursor: { next: 7 } });
    });

    test('models', async () => {
      await here().models.save(model('a'));
      await here().models.save(model('b'));
      expect((await otherTab().models.list()).map(({ id }) => id).sort()).toEqual(['a', 'b']);
      expect(await otherTab().models.get('a')).toEqual(model('a'));
      await here().models.remove('a');
      expect(await otherTab().models.get('a')).toBeUndefined();
    });

    test('settings: any value; undefined takes it away', async () => {
      await here().settings.set('theme', { mode: 'dark', size: 2 });
      expect(await otherTab().settings.get('theme')).toEqual({ mode: 'dark', size: 2 });
      await here().settings.set('theme', undefined);
      expect(await here().settings.get('theme')).toBeUndefined();
    });
  });
}

/** What tabs hear while `act` runs in one of them: waits until each has heard `count` changes. */
async function heard(
  tabs: readonly Repositories[],
  act: () => Promise<unknown>,
  count: number,
): Promise<readonly (readonly RepositoryChange[])[]> {
  const changes: RepositoryChange[][] = tabs.map(() => []);
  const unsubscribes = tabs.map((tab, i) => tab.changes.subscribe((change) => changes[i]?.push(change)));
  await act();
  for (let waited = 0; changes.some((of) => of.length < count) && waited < 100; waited++)
    await new Promise((resolve) => setTimeout(resolve, 20));
  await new Promise((resolve) => setTimeout(resolve, 50)); // what is said too much comes late
  for (const unsubscribe of unsubscribes) unsubscribe();
  return changes;
}

export function describeChangeFeed(subject: () => RepositoriesSubject): void {
  describe('the change feed', () => {
    test('tells this tab and the other one, once', async () => {
      const { repositories, otherTab } = subject();
      const save = () =>
        repositories.threads.save({ thread: thread('t'), messages: [message('m', 't', 'x')] });
      const expected: readonly RepositoryChange[] = [
        { store: 'threads', ids: ['t'] },
        { store: 'messages', ids: ['t'] },
      ];
      expect(await heard([repositories, otherTab], save, 2)).toEqual([expected, expected]);
    });

    test('speaks when the rows can be read', async () => {
      const { repositories, otherTab } = subject();
      const seen: Promise<unknown>[] = [];
      for (const tab of [repositories, otherTab])
        tab.changes.subscribe(() => seen.push(tab.library.document('d')));
      const commit = () => repositories.library.commit({ documents: [documentRecord('d')] });
      await heard([repositories, otherTab], commit, 1);
      expect(await Promise.all(seen)).toEqual([documentRecord('d'), documentRecord('d')]);
    });

    test('a batch names its documents and its job; a failed one says nothing', async () => {
      const { repositories, otherTab } = subject();
      const good = { documents: [documentRecord('d')], ...batchOf('d', 0, 3), job: job('j') };
      const [changes] = await heard([otherTab], () => repositories.library.commit(good), 2);
      expect(changes).toEqual([
        { store: 'documents', ids: ['d'] },
        { store: 'jobs', ids: ['j'] },
      ]);
      const bad = { ...batchOf('e', 0, 3), documents: [documentRecord('e')] };
      const broken = { ...bad, vectors: { ...bad.vectors, dimension: 5 } };
      const fail = () => repositories.library.commit(broken).catch(() => {});
      expect(await heard([repositories, otherTab], fail, 0)).toEqual([[], []]);
    });

    test('a listener that throws harms nobody, and an unsubscribed one is silent', async () => {
      const { repositories } = subject();
      const silence = (event: Event): void => event.preventDefault();
      globalThis.addEventListener('error', silence);
      let count = 0;
      const unsubscribeBroken = repositories.changes.subscribe(() => {
        throw new TypeError('a listener of the test');
      });
      const unsubscribe = repositories.changes.subscribe(() => {
        count += 1;
      });
      await repositories.settings.set('a', 1);
      unsubscribe();
      unsubscribeBroken();
      await repositories.settings.set('a', 2);
      globalThis.removeEventListener('error', silence);
      expect(count).toBe(1);
    });
  });
}
