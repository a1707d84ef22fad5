import { expect, test } from 'vitest';
import type { MessageRecord, SourcePassage } from '#core/ports/chat-records.ts';
import { copyAnswer } from './copy-answer.ts';
import { placeReferences } from './place-references.ts';

function passage(number: number, documentName: string, text: string, page?: number): SourcePassage {
  return {
    number,
    documentId: documentName,
    documentName,
    ordinal: number,
    text,
    start: 100,
    end: 100 + text.length,
    ...(page === undefined ? {} : { page }),
    headingPath: ['Set points'],
    score: 1,
    origin: 'both',
  };
}

const PASSAGES = [
  passage(1, 'valve_manual.pdf', 'The valve opens at 8.4 bar.\nIt closes at 7.9 bar.', 14),
  passage(2, 'notes & more.md', 'Kühn painted it red.'),
  passage(3, 'valve_manual.pdf', 'Never cited.', 2),
];
const TEXT = 'It opens at 8.4 bar [3]. It closes at 7.9 bar. Kühn painted it. Nobody knows why [2].';
const range = (sentence: string) => ({
  start: TEXT.indexOf(sentence),
  end: TEXT.indexOf(sentence) + sentence.length,
});
const SUPPORTS = [
  { ...range('It opens at 8.4 bar [3].'), source: 1, spanStart: 100, spanEnd: 127, score: 0.9 },
  { ...range('It closes at 7.9 bar.'), source: 1, spanStart: 128, spanEnd: 149, score: 0.9 },
  { ...range('Kühn painted it.'), source: 2, spanStart: 100, spanEnd: 120, score: 0.9 },
  { ...range('Nobody knows why [2].'), source: null, score: 0.1 },
];

function answer(hasSupports: boolean, text = TEXT): MessageRecord {
  return {
    id: 'a',
    threadId: 't',
    parentId: 'q',
    role: 'assistant',
    createdAt: Date.UTC(2026, 10, 26),
    status: 'complete',
    parts: [
      { type: 'sources', query: 'q', passages: PASSAGES, leftOut: 0 },
      { type: 'text', text },
      ...(hasSupports ? [{ type: 'supports' as const, sentences: SUPPORTS }] : []),
    ],
  };
}

test('Markdown: numbers where code found them, and a list of what is cited', () => {
  expect(copyAnswer(answer(true), 'markdown')).toBe(
    `It opens at 8.4 bar. [1] It closes at 7.9 bar. [1] Kühn painted it. [2] Nobody knows why.

[1] valve_manual.pdf, p. 14  
[2] notes & more.md, Set points`,
  );
});

test('footnotes: one a span, with its words', () => {
  expect(copyAnswer(answer(true), 'footnotes')).toBe(
    `It opens at 8.4 bar.[^1] It closes at 7.9 bar.[^2] Kühn painted it.[^3] Nobody knows why.

[^1]: valve_manual.pdf, p. 14: “The valve opens at 8.4 bar.”
[^2]: valve_manual.pdf, p. 14: “It closes at 7.9 bar.”
[^3]: notes & more.md, Set points: “Kühn painted it red.”`,
  );
});

test('BibTeX: one entry a document, with pages and the day; special characters are escaped', () => {
  expect(copyAnswer(answer(true), 'bibtex')).toBe(
    `@misc{valve-manual,
  title = {valve\\_manual.pdf},
  pages = {14},
  note = {Retrieved 2026-11-26}
}

@misc{notes-more,
  title = {notes \\& more.md},
  note = {Retrieved 2026-11-26}
}`,
  );
});

test('without aligned sentences the model’s own numbers count', () => {
  expect(copyAnswer(answer(false), 'markdown')).toBe(
    `${TEXT}\n\n[2] notes & more.md, Set points  \n[3] valve_manual.pdf, p. 2`,
  );
  expect(copyAnswer(answer(false), 'footnotes')).toBe(
    `It opens at 8.4 bar[^1]. It closes at 7.9 bar. Kühn painted it. Nobody knows why[^2].

[^1]: valve_manual.pdf, p. 2
[^2]: notes & more.md, Set points`,
  );
});

test('a range of numbers cites all that it spans', () => {
  const ranged = answer(false, 'It opens and closes [1-3].');
  expect(copyAnswer(ranged, 'markdown')).toBe(
    'It opens and closes [1-3].\n\n[1] valve_manual.pdf, p. 14  \n[2] notes & more.md, Set points  \n[3] valve_manual.pdf, p. 2',
  );
  expect(copyAnswer(ranged, 'footnotes')).toMatch(/^It opens and closes\[\^1\]\[\^2\]\[\^3\]\.\n/);
});

test('aligned by code, a range that the model wrote goes like its single numbers', () => {
  const text = 'It opens at 8.4 bar [1–3].';
  const supports = [{ start: 0, end: text.length, source: 1, spanStart: 100, spanEnd: 127, score: 0.9 }];
  expect(placeReferences(text, supports, ({ source }) => ` [${source}]`).text).toBe(
    'It opens at 8.4 bar. [1]',
  );
});

test('an answer that cites nothing is copied as it is, and has no entries', () => {
  const plain = answer(false, 'Nobody knows. See [9](/x).');
  expect(copyAnswer(plain, 'markdown')).toBe('Nobody knows. See [9](/x).');
  expect(copyAnswer(plain, 'footnotes')).toBe('Nobody knows. See [9](/x).');
  expect(copyAnswer(plain, 'bibtex')).toBe('');
});
