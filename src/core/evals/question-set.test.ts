import { expect, test } from 'vitest';
import type { DatasetRecord, QuestionRecord } from '#core/ports/eval-records.ts';
import { checkDataset } from './dataset.ts';
import { datasetOf, type NamedChunk } from './question-set.ts';

const chunk = (ordinal: number, start: number, end: number, documentId = 'd'): NamedChunk => ({
  chunk: { documentId, ordinal, start, end, headingPath: ['Heading'], text: `text ${ordinal}` },
  documentName: 'manual.pdf',
});

const question = (id: string, answers: QuestionRecord['answers']): QuestionRecord => ({
  id,
  text: `${id}?`,
  origin: 'hand',
  answers,
});

const set = (...questions: readonly QuestionRecord[]): DatasetRecord => ({
  id: 's',
  name: 'Mine',
  collectionIds: [],
  createdAt: 1,
  updatedAt: 1,
  questions,
});

test('passages are the documents; an answer is found again however the text is cut', () => {
  const asked = set(question('q', [{ documentId: 'd', start: 100, end: 200 }]));
  const relevant = (...passages: readonly NamedChunk[]): readonly string[] => [
    ...(datasetOf(asked, passages).judgements.get('q')?.keys() ?? []),
  ];
  expect(relevant(chunk(0, 0, 100), chunk(1, 100, 200), chunk(2, 200, 300))).toEqual(['d:1']);
  expect(relevant(chunk(0, 0, 130), chunk(1, 130, 300))).toEqual(['d:1']); // 30 of 100, 70 of 100
  expect(relevant(chunk(0, 0, 500))).toEqual(['d:0']);
  expect(relevant(chunk(0, 80, 140), chunk(1, 140, 200))).toEqual(['d:0', 'd:1']);
  expect(relevant(chunk(0, 100, 200, 'other'))).toEqual(['d:100-200']);
  expect(datasetOf(asked, [chunk(0, 0, 500)]).documents).toEqual([
    { id: 'd:0', title: 'manual.pdf › Heading', text: 'text 0' },
  ]);
});

test('an answer whose document went counts as missed and is named', () => {
  const asked = set(question('q', [{ documentId: 'gone', start: 1, end: 2 }]));
  const dataset = datasetOf(asked, [chunk(0, 0, 9)]);
  expect(checkDataset(dataset).missingDocuments).toEqual(['gone:1-2']);
});
