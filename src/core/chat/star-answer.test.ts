import { expect, test } from 'vitest';
import type { MessagePart, MessageRecord, SourcePassage } from '#core/ports/chat-records.ts';
import { questionOf } from './star-answer.ts';

const passage = (number: number, change: Partial<SourcePassage> = {}): SourcePassage => ({
  number,
  documentId: `d${number}`,
  documentName: 'manual.pdf',
  ordinal: 0,
  text: 'text',
  start: 10,
  end: 90,
  headingPath: [],
  score: 1,
  origin: 'both',
  ...change,
});

const message = (id: string, parentId: string | null, parts: readonly MessagePart[]): MessageRecord => ({
  id,
  threadId: 't',
  parentId,
  role: parentId === null ? 'user' : 'assistant',
  createdAt: 1,
  status: 'complete',
  parts,
});

const asked = message('q', null, [{ type: 'text', text: ' And when does it close? ' }]);
const passages = [passage(1), passage(2, { found: { start: 20, end: 40 } }), passage(3)];
const sources = { type: 'sources', query: 'x', passages, leftOut: 0 } as const;

test('the question and what the answer cites; of a widened passage the part that was found', () => {
  const answer = message('a', 'q', [sources, { type: 'text', text: 'At six bar [2], daily [1].' }]);
  expect(questionOf(answer, [asked, answer])).toEqual({
    id: 'answer:a',
    text: 'And when does it close?',
    origin: 'starred',
    answers: [
      { documentId: 'd1', start: 10, end: 90 },
      { documentId: 'd2', start: 20, end: 40 },
    ],
  });
});

test('a follow-up stands alone as it was rewritten; what cites nothing is no question', () => {
  const wordings = [{ kind: 'rewritten', text: 'When does the relief valve close?' }] as const;
  const answer = message('a', 'q', [
    { ...sources, wordings },
    { type: 'text', text: 'At six bar [3].' },
  ]);
  expect(questionOf(answer, [asked, answer])?.text).toBe('When does the relief valve close?');
  const silent = message('a', 'q', [sources, { type: 'text', text: 'The sources do not say.' }]);
  expect(questionOf(silent, [asked, silent])).toBeUndefined();
  expect(questionOf(answer, [answer])?.text).toBe('When does the relief valve close?');
});
