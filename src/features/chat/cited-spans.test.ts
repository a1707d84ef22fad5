import { expect, test } from 'vitest';
import type { SentenceSupport, SourcePassage } from '#core/ports/chat-records.ts';
import { citedSpansIn, openedSource, openedSpan } from './cited-spans.ts';

const passage = (number: number, documentId: string, start: number): SourcePassage => ({
  number,
  documentId,
  documentName: documentId,
  ordinal: number,
  text: 'x'.repeat(100),
  start,
  end: start + 100,
  headingPath: [],
  score: 1,
  origin: 'both',
});
const support = (source: number | null, spanStart: number): SentenceSupport => ({
  start: 0,
  end: 1,
  source,
  spanStart,
  spanEnd: spanStart + 10,
  score: 1,
});
const PASSAGES = [passage(1, 'a', 500), passage(2, 'b', 0), passage(3, 'a', 0)];
const SUPPORTS = [support(1, 520), support(2, 5), support(3, 40), support(1, 520), support(null, 77)];

test('the spans of one document, in its order, each once', () => {
  const opened = openedSpan(PASSAGES[0] as SourcePassage, SUPPORTS[0]);
  expect(citedSpansIn('a', PASSAGES, SUPPORTS, opened)).toEqual([
    { start: 40, end: 50 },
    { start: 520, end: 530 },
  ]);
});

test('a passage that no sentence cites is among them when it is opened', () => {
  const opened = openedSpan(PASSAGES[2] as SourcePassage, undefined);
  expect(citedSpansIn('a', PASSAGES, SUPPORTS, opened)[0]).toEqual({ start: 0, end: 100 });
});

test('a passage that was widened opens at what was found, which is one of the hits', () => {
  const found = { start: 530, end: 560 };
  const widened = { ...passage(1, 'a', 500), found, page: 3 };
  const hits = citedSpansIn('a', [widened], [], openedSpan(widened, undefined));
  expect(openedSource(widened, undefined, hits)).toEqual({
    documentId: 'a',
    page: 3,
    span: found,
    hits: [found],
  });
  expect(openedSource(widened, support(1, 520), hits).span).toEqual({ start: 520, end: 530 });
});
