import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DocumentRecord } from '#core/ports/library-records.ts';
import { isAsked } from './query-scope.ts';
import { hasPhrase, parseQuery, withoutTerm } from './query-syntax.ts';

const termsOf = (query: string) => parseQuery(query).terms.map(({ kind, value }) => `${kind}=${value}`);

describe('the syntax of a search', () => {
  test.each<[string, string, string[]]>([
    ['relief valve', 'relief valve', []],
    ['valve type:pdf in:manual', 'valve', ['type=pdf', 'in=manual']],
    ['in:"annual report" costs after:2025-01-01', 'costs', ['in=annual report', 'after=2025-01-01']],
    ['TYPE:PDF valve before:2025-3', 'valve', ['type=PDF', 'before=2025-03-01']],
    ['when does “opens at 8.4 bar” hold', 'when does opens at 8.4 bar hold', ['phrase=opens at 8.4 bar']],
    ['after:2025-02-30 ice', 'after:2025-02-30 ice', []], // no such day
    ['after:soon', 'after:soon', []],
    ['the ratio is type: what', 'the ratio is type: what', []],
    ['prototype:pdf', 'prototype:pdf', []],
    ['a 5" pipe and a 7" pipe', 'a 5" pipe and a 7" pipe', []],
    ['an "open end', 'an "open end', []],
    ['""', '""', []],
  ])('%s', (query, text, terms) => {
    expect(parseQuery(query).text).toBe(text);
    expect(termsOf(query)).toEqual(terms);
  });

  test('a term is cut out of its query, the others stay', () => {
    const query = 'valve type:pdf "at 8.4 bar" in:manual';
    const [type, phrase] = parseQuery(query).terms;
    if (!type || !phrase) throw new Error('Two terms were written');
    expect(withoutTerm(query, type)).toBe('valve "at 8.4 bar" in:manual');
    expect(termsOf(withoutTerm(query, phrase))).toEqual(['type=pdf', 'in=manual']);
  });

  test('plain words are left as they are, whatever they are', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-zäß0-9.,-]{1,8}$/)), (words) => {
        const query = words.join(' ');
        expect(parseQuery(query)).toEqual({ text: query, terms: [] });
      }),
    );
  });
});

describe('a phrase', () => {
  const text = 'It opens at 8.4\n  bar — “never” before. Überdruck';
  test.each<[string, boolean]>([
    ['opens at 8.4 bar', true],
    ['OPENS AT', true],
    ['bar - "never"', true],
    ['überdruck', true],
    ['pens at', false], // within a word
    ['opens at 8', true],
    ['opens  8.4', false],
    ['bar never', false], // not letter by letter
  ])('%s: %s', (phrase, isThere) => {
    expect(hasPhrase(text, phrase)).toBe(isThere);
  });
});

describe('filters choose documents', () => {
  const document: DocumentRecord = {
    id: 'd',
    name: 'Annual Report.md',
    mediaType: 'text/markdown',
    parserId: 'markdown',
    sizeBytes: 1,
    collectionIds: ['c'],
    status: 'ready',
    addedAt: Date.UTC(2025, 5, 15),
    embeddedCount: 1,
  };
  const collections = [
    { id: 'c', name: 'Finance 2025', createdAt: 1 },
    { id: 'other', name: 'Pumps', createdAt: 1 },
  ];
  test.each<[string, boolean]>([
    ['type:md', true],
    ['type:Markdown', true],
    ['type:pdf', false],
    ['type:constructor', false],
    ['type:__proto__', false],
    ['type:pdf type:md', true], // one or the other
    ['in:"annual report"', true],
    ['in:finance', true],
    ['in:pumps', false],
    ['after:2025-06-15', true],
    ['after:2025-06-16', false],
    ['before:2025-06-15', false],
    ['before:2026 type:md in:report', true],
    ['before:2026 type:html in:report', false], // all kinds must hold
  ])('%s: %s', (query, isThere) => {
    expect(isAsked(document, parseQuery(query).terms, collections)).toBe(isThere);
  });
});
