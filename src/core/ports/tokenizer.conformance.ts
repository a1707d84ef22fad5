import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Tokenizer } from './tokenizer.ts';

/** A tokenizer and what its model's own pipeline makes of a text. */
export interface TokenizerSubject {
  readonly tokenizer: Tokenizer;
  /** How many tokens the model eats for this text, without special tokens. */
  readonly modelCount: (text: string) => number;
  /** Texts with the words, in order, that the tokens must stand for. */
  readonly samples: readonly { readonly text: string; readonly tokens: readonly string[] }[];
}

const TEXTS = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc
    .array(
      fc.constantFrom(
        'Straße',
        'naïve',
        'cafe\u0301',
        'İstanbul',
        'ΟΔΟΣ',
        '東京',
        '한국어',
        '😀👍🏽',
        '👨‍👩‍👧',
        '[SEP]',
        'x[MASK]y',
        '\uFEFF',
        '\u00AD',
        '\u200B',
        '\t',
        '\n',
        ' ',
        '\f',
        '\0',
        '...',
        'U.S.A.',
        '3.14',
        'don’t',
        'w'.repeat(120),
        '﷽',
        '\uD800',
        '__',
        '`a`',
        '¼',
        'ﬃ',
      ),
      { maxLength: 12 },
    )
    .map((parts) => parts.join('')),
); // prettier-ignore

/** Every adapter of the port runs this. */
export function describeTokenizer(name: string, create: () => Promise<TokenizerSubject>): void {
  describe(`${name} as a tokenizer`, () => {
    let subject: TokenizerSubject;

    beforeAll(async () => {
      subject = await create();
    });

    test('tokens stand for the words they were made of', () => {
      for (const { text, tokens } of subject.samples)
        expect(subject.tokenizer.encode(text).map(({ start, end }) => text.slice(start, end))).toEqual(
          tokens,
        );
    });

    test('there are as many tokens as the model eats', () => {
      fc.assert(
        fc.property(TEXTS, (text) => {
          expect(subject.tokenizer.encode(text)).toHaveLength(subject.modelCount(text));
        }),
        { numRuns: 500 },
      );
    });

    test('spans are in order, inside the text, and never overlap or split a character', () => {
      fc.assert(
        fc.property(TEXTS, (text) => {
          let last = 0;
          for (const { start, end } of subject.tokenizer.encode(text)) {
            expect(start).toBeGreaterThanOrEqual(last);
            expect(end).toBeGreaterThanOrEqual(start);
            expect(end).toBeLessThanOrEqual(text.length);
            for (const edge of [start, end]) expect(splitsPair(text, edge)).toBe(false);
            last = end;
          }
        }),
        { numRuns: 500 },
      );
    });

    test('count is the length of encode', () => {
      fc.assert(
        fc.property(TEXTS, (text) => {
          expect(subject.tokenizer.count(text)).toBe(subject.tokenizer.encode(text).length);
        }),
      );
    });

    test('letters and digits lie in a span', () => {
      const text = 'In 1897 the tram ran over the bridge; 42 cars, every evening.';
      const covered = new Set<number>();
      for (const { start, end } of subject.tokenizer.encode(text))
        for (let at = start; at < end; at++) covered.add(at);
      for (let at = 0; at < text.length; at++) expect(covered.has(at)).toBe(text[at] !== ' ');
    });

    test('an empty text and white space have no tokens', () => {
      expect(subject.tokenizer.encode('')).toEqual([]);
      expect(subject.tokenizer.encode(' \n\t ')).toEqual([]);
      expect(subject.tokenizer.count('')).toBe(0);
    });
  });
}

function splitsPair(text: string, at: number): boolean {
  return /^[\uDC00-\uDFFF]/.test(text.slice(at)) && /[\uD800-\uDBFF]$/.test(text.slice(0, at));
}
