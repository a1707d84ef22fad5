import type { MessageRecord } from '#core/ports/chat-records.ts';
import type { QuestionRecord } from '#core/ports/eval-records.ts';
import type { DatasetRepository } from '#core/ports/repositories.ts';
import { citedPassagesOf } from './copy-answer.ts';
import { textOf } from './parts.ts';

/** The set that answers worth keeping are collected in. */
const STARRED_SET_ID = 'starred-answers';

/**
 * What was asked, and the passages that the answer cites, as a question for evaluation. A follow-up is taken as it was
 * rewritten, so that it stands alone. Undefined when the answer cites nothing.
 */
export function questionOf(
  answer: MessageRecord,
  messages: readonly MessageRecord[],
): QuestionRecord | undefined {
  const asked = messages.find(({ id }) => id === answer.parentId);
  const wordings = answer.parts.flatMap((part) => (part.type === 'sources' ? (part.wordings ?? []) : []));
  const text = (
    wordings.find(({ kind }) => kind === 'rewritten')?.text ?? (asked ? textOf(asked) : '')
  ).trim();
  const answers = citedPassagesOf(answer).map(({ documentId, start, end, found = { start, end } }) => ({
    documentId,
    start: found.start,
    end: found.end,
  }));
  if (text === '' || answers.length === 0) return undefined;
  return { id: `answer:${answer.id}`, text, origin: 'starred', answers };
}

/** Puts a question into the set of starred ones, which is made with its first; one that is there is replaced. */
export async function starQuestion(
  datasets: DatasetRepository,
  question: QuestionRecord,
  now: number,
): Promise<void> {
  await datasets.update(
    STARRED_SET_ID,
    (set) => ({
      ...set,
      updatedAt: now,
      questions: [...set.questions.filter(({ id }) => id !== question.id), question],
    }),
    {
      id: STARRED_SET_ID,
      name: 'Starred answers',
      collectionIds: [],
      createdAt: now,
      updatedAt: now,
      questions: [],
    },
  );
}

/** Takes it out again; the set stays, also when it is empty. */
export async function unstarQuestion(datasets: DatasetRepository, id: string, now: number): Promise<void> {
  await datasets.update(STARRED_SET_ID, (set) => ({
    ...set,
    updatedAt: now,
    questions: set.questions.filter((question) => question.id !== id),
  }));
}
