import { afterEach, beforeEach, describe } from 'vitest';
import { describeDatasetRepository } from './repositories-datasets.conformance.ts';
import { describeImageRepository } from './repositories-images.conformance.ts';
import { describeLibraryRepository } from './repositories-library.conformance.ts';
import { describeNextReading } from './repositories-next.conformance.ts';
import type { RepositoriesSubject } from './repositories-samples.conformance.ts';
import { describeChangeFeed, describeSmallRepositories } from './repositories-small.conformance.ts';
import { describeThreadRepository } from './repositories-threads.conformance.ts';

export type { RepositoriesSubject } from './repositories-samples.conformance.ts';

/** What every implementation of Repositories promises. */
export function describeRepositories(name: string, make: () => Promise<RepositoriesSubject>): void {
  describe(`${name} keeps what Repositories promise`, () => {
    let subject: RepositoriesSubject;
    beforeEach(async () => {
      subject = await make();
    });
    afterEach(() => subject.dispose());

    describeThreadRepository(() => subject);
    describeLibraryRepository(() => subject);
    describeNextReading(() => subject);
    describeImageRepository(() => subject);
    describeSmallRepositories(() => subject);
    describeDatasetRepository(() => subject);
    describeChangeFeed(() => subject);
  });
}
