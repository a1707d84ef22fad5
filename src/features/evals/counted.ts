import { formatNumber } from '#ui/format.ts';

/** '1 document', '1,204 documents'. */
export const documents = (count: number): string =>
  `${formatNumber(count)} ${count === 1 ? 'document' : 'documents'}`;
