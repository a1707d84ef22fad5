import { describe, expect, test } from 'vitest';
import type { DatasetRecord, EvalRunRecord, QuestionRecord } from './eval-records.ts';
import type { RepositoryChange } from './repositories.ts';
import type { RepositoriesSubject } from './repositories-samples.conformance.ts';

const question = (id: string): QuestionRecord => ({
  id,
  text: `What about ${id}?`,
  origin: 'hand',
  answers: [{ documentId: 'd', start: 3, end: 9 }],
});

const dataset = (id: string, change: Partial<DatasetRecord> = {}): DatasetRecord => ({
  id,
  name: id,
  collectionIds: [],
  createdAt: 1,
  updatedAt: 1,
  questions: [question('q')],
  ...change,
});

const run = (id: string, datasetId: string, createdAt = 1): EvalRunRecord => ({
  id,
  datasetId,
  createdAt,
  result: { settings: [{ label: 'Hybrid', ndcg10: 0.5 }] },
});

export function describeDatasetRepository(subject: () => RepositoriesSubject): void {
  const here = () => subject().repositories.datasets;
  const otherTab = () => subject().otherTab.datasets;

  describe('question sets and their runs', () => {
    test('sets: the one changed last first, whole, replaced by id', async () => {
      await here().save(dataset('a', { updatedAt: 2 }));
      await here().save(dataset('b', { updatedAt: 3 }));
      await here().save(dataset('a', { updatedAt: 4, name: 'Renamed' }));
      expect((await otherTab().list()).map(({ name }) => name)).toEqual(['Renamed', 'b']);
      expect(await otherTab().get('b')).toEqual(dataset('b', { updatedAt: 3 }));
      expect(await otherTab().get('nothing')).toBeUndefined();
    });

    test('questions that two tabs add at once are all there', async () => {
      await here().save(dataset('a', { questions: [] }));
      const add = (i: number) =>
        (i % 2 === 0 ? here() : otherTab()).update('a', (now) => ({
          ...now,
          questions: [...now.questions, question(`q${i}`)],
        }));
      await Promise.all(Array.from({ length: 20 }, (_, i) => add(i)));
      expect((await here().get('a'))?.questions).toHaveLength(20);
      expect(await here().update('nothing', (now) => now)).toBeUndefined();
    });

    test('a set that several tabs make at once is made once, with what each of them puts in', async () => {
      const add = (i: number) =>
        (i % 2 === 0 ? here() : otherTab()).update(
          'new',
          (now) => ({ ...now, questions: [...now.questions, question(`q${i}`)] }),
          dataset('new', { questions: [], createdAt: i }),
        );
      const made = await Promise.all(Array.from({ length: 10 }, (_, i) => add(i)));
      const ids = (await otherTab().get('new'))?.questions.map(({ id }) => id).sort();
      expect(ids).toEqual(Array.from({ length: 10 }, (_, i) => `q${i}`));
      expect(made.every((set) => set?.createdAt === made[0]?.createdAt)).toBe(true);
      await here().remove('new');
      const first = dataset('new', { name: 'Unchanged' });
      expect(await here().update('new', (now) => now, first)).toEqual(first);
      expect(await otherTab().get('new')).toEqual(first);
    });

    test('runs: of their set, newest first; they go with it, and none comes after it went', async () => {
      await here().save(dataset('a'));
      await here().save(dataset('b'));
      expect(await here().saveRun(run('1', 'a', 1))).toBe(true);
      expect(await here().saveRun(run('2', 'a', 2))).toBe(true);
      expect(await here().saveRun(run('3', 'b'))).toBe(true);
      expect(await otherTab().runs('a')).toEqual([run('2', 'a', 2), run('1', 'a', 1)]);
      await otherTab().removeRun('2');
      await otherTab().removeRun('nothing');
      expect(await here().runs('a')).toEqual([run('1', 'a', 1)]);
      await otherTab().remove('a');
      expect(await here().get('a')).toBeUndefined();
      expect(await here().runs('a')).toEqual([]);
      expect(await here().saveRun(run('4', 'a'))).toBe(false);
      expect(await here().runs('a')).toEqual([]);
      expect((await here().runs('b')).map(({ id }) => id)).toEqual(['3']);
    });

    test('a change is told to the other tab', async () => {
      const heard = new Promise<RepositoryChange>((resolve) => {
        const stop = subject().otherTab.changes.subscribe((change) => {
          stop();
          resolve(change);
        });
      });
      await here().save(dataset('a'));
      expect(await heard).toEqual({ store: 'datasets', ids: ['a'] });
    });
  });
}
