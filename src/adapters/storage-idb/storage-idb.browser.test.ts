import { describeRepositories } from '#core/ports/repositories.conformance.ts';
import { createId } from '#shared/ids.ts';
import { openRepositories } from './index.ts';

describeRepositories('storage-idb', async () => {
  const name = `test-${createId()}`;
  const repositories = await openRepositories({ name });
  const otherTab = await openRepositories({ name });
  return {
    repositories,
    otherTab,
    dispose() {
      repositories.close();
      otherTab.close();
      indexedDB.deleteDatabase(name);
    },
  };
});
