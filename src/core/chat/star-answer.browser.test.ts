import { expect, test } from 'vitest';
import { openRepositories } from '#adapters/storage-idb/index.ts';
import type { QuestionRecord } from '#core/ports/eval-records.ts';
import { createId } from '#shared/ids.ts';
import { starQuestion } from './star-answer.ts';

const question = (id: string): QuestionRecord => ({ id, text: id, origin: 'starred', answers: [] });

test('the first two stars at once are both kept, also those of two tabs', async () => {
  const name = `star-test-${createId()}`;
  const tabs = [await openRepositories({ name }), await openRepositories({ name })];
  try {
    await Promise.all(
      tabs.flatMap(({ datasets }, tab) =>
        ['a', 'b'].map((each) => starQuestion(datasets, question(`${each}${tab}`), 1)),
      ),
    );
    const [set, ...others] = (await tabs[0]?.datasets.list()) ?? [];
    expect(set?.questions.map(({ id }) => id).sort()).toEqual(['a0', 'a1', 'b0', 'b1']);
    expect(others).toEqual([]);
  } finally {
    for (const tab of tabs) tab.close();
    indexedDB.deleteDatabase(name);
  }
});
