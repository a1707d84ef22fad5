import { formatNumber } from '#ui/format.ts';

const counted =
  (one: string, many: string) =>
  (count: number): string =>
    `${formatNumber(count)} ${count === 1 ? one : many}`;

/** '1 document', '1,204 documents'. */
export const documents = counted('document', 'documents');
export const passages = counted('passage', 'passages');
export const questions = counted('question', 'questions');
