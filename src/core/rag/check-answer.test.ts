import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SourcePassage } from '#core/ports/chat-records.ts';
import { checkAnswer } from './check-answer.ts';
import { createAligner } from './cite.ts';
import { createEmbeddingRoom } from './embedding-room.ts';
import { createHashedEmbedder, hashedTokenizer } from './hashed-embedder.test-support.ts';
import { lettersOf, originalRange } from './letters.ts';
import { quotesOf, verifyQuotes } from './quotes.ts';
import { strangeFactsOf } from './strange-facts.ts';

const MANUAL = `The RV-200 relief valve opens by itself at 6 bar and closes at 5.2 bar. Close the bypass — it’s the
red lever — before you start the pump. The cleaning program takes 11 minutes. Never use vinegar.`;
const SEAL =
  'Replace the shaft seal after 2,000 hours. Dr. Maria Keller designed the pump in 1974 in Zürich.';

function passage(number: number, text: string, start: number, ordinal: number): SourcePassage {
  return {
    number,
    documentId: 'pump',
    documentName: 'pump.pdf',
    ordinal,
    text,
    start,
    end: start + text.length,
    headingPath: ['Maintenance'],
    score: 1,
    origin: 'both',
  };
}

const PASSAGES = [passage(1, MANUAL, 1000, 4), passage(2, SEAL, 1000 + MANUAL.length + 1, 5)];
const align = createAligner(
  createEmbeddingRoom({
    embedder: createHashedEmbedder(),
    loadTokenizer: async () => hashedTokenizer,
    placement: async () => ({ device: 'cpu', threads: 1 }),
  }),
);

describe('quotes', () => {
  test('are found in the answer: all kinds of marks, block quotes, not in code', () => {
    const answer = `It says “opens by itself” and "closes at 5.2 bar" (a 5" pipe), „Close the bypass“ [1].

> Never use **vinegar**. [1]
> — the manual

\`\`\`
print("no quote")
\`\`\``;
    expect(quotesOf(answer).map(({ kind, text }) => [kind, text])).toEqual([
      ['inline', 'opens by itself'],
      ['inline', 'closes at 5.2 bar'],
      ['inline', 'Close the bypass'],
      ['block', 'Never use vinegar.'],
    ]);
    for (const { start, end, text } of quotesOf(answer))
      expect(answer.slice(start, end)).toContain(text.split(' ')[0]);
  });

  test.each([
    ['“opens by itself at 6 bar”', true],
    ["“Close the bypass - it's the red lever - before”", true], // dash, apostrophe, line break
    ['“The cleaning program takes 11 minutes.”', true],
    ['“before you start the pump,”', true], // the comma is the writer's
    ['“relief valve opens … closes at 5.2 bar”', true],
    ['“Never use vinegar. Replace the shaft seal”', true], // over the border of two passages
    ['“opens by itself at 6.5 bar”', false],
    ['“opens by itself at 6 ba”', false], // within a word
    ['“Opens by itself”', false], // letter by letter
    ['“closes at 5.2 bar … relief valve opens”', false], // the wrong order
    ['“the bypass is closed”', false],
  ])('%s is in the sources: %s', (answer, isThere) => {
    const [quote] = verifyQuotes(answer, PASSAGES);
    expect(quote?.found !== undefined).toBe(isThere);
  });

  test('a place is exact in the document', () => {
    const [quote] = verifyQuotes("“Close the bypass - it's the red lever - before”", PASSAGES);
    const { start = 0, end = 0, source } = quote?.found ?? {};
    expect(source).toBe(1);
    expect(MANUAL.slice(start - 1000, end - 1000)).toBe('Close the bypass — it’s the\nred lever — before');
  });

  test('any words of a passage, quoted, are found where they stand', () => {
    const borders = [...MANUAL.matchAll(/(?<![\p{L}\p{N}])[\p{L}\p{N}]+/gu)];
    fc.assert(
      fc.property(fc.nat(borders.length - 1), fc.nat(12), (first, count) => {
        const from = borders[first]?.index ?? 0;
        const last = borders[Math.min(borders.length - 1, first + count)];
        const to = (last?.index ?? 0) + (last?.[0].length ?? 0);
        const words = MANUAL.slice(from, to);
        const [quote] = verifyQuotes(`“${words.replace(/\s+/g, ' ')}”`, PASSAGES);
        const { start = 0, end = 0 } = quote?.found ?? {};
        expect(MANUAL.slice(start - 1000, end - 1000)).toBe(words);
      }),
    );
  });
});

test('letters know where they stood, whatever the text is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (original) => {
      const letters = lettersOf(original);
      expect(letters.places).toHaveLength(letters.text.length + 1);
      for (let i = 1; i < letters.places.length; i++)
        expect(letters.places[i]).toBeGreaterThanOrEqual(letters.places[i - 1] ?? 0);
      if (letters.text !== '') {
        const { start, end } = originalRange(letters, 0, letters.text.length);
        expect(lettersOf(original.slice(start, end)).text).toBe(letters.text);
      }
    }),
  );
});

describe('numbers and names that no source holds', () => {
  test.each([
    ['The valve opens at 8 bar.', ['8 bar']],
    ['The valve opens at 6 bar and closes at 5.2 bar.', []],
    ['The program takes 11 hours.', ['11 hours']], // the number is there, with another unit
    ['The program takes eleven minutes [1].', []],
    ['There are two ways to close it.', []], // counted by the writer
    ['The pump was designed by Hans Meyer in 1975.', ['Hans Meyer', '1975']],
    ['Hans Meyer designed the pump.', ['Hans Meyer']],
    ['Maria Keller designed it in Zürich, not in Geneva.', ['Geneva']],
    ['The RV200 and the RV-200 are the same; the XK-9 is another.', ['XK-9']],
    ['After 2000 hours the seal is replaced (see https://example.org/99).', []],
    ['Die Dichtung ist nach 2000 Stunden zu ersetzen und der Hebel ist rot.', []], // nouns are no names
    ['# Chapter 99\n\nWhat about 77 bar?', []], // nothing is stated
    ['1. Close the bypass.\n2. Start the pump.\n3. Wait.', []],
  ])('%s', (answer, strange) => {
    const facts = strangeFactsOf(answer, PASSAGES);
    expect(facts.map(({ text }) => text)).toEqual(strange);
    for (const { start, end, text } of facts) expect(answer.slice(start, end)).toBe(text);
  });
});

describe('the table', () => {
  async function check(answer: string) {
    return checkAnswer(answer, PASSAGES, await align({ answer, passages: PASSAGES }));
  }
  test.each([
    ['The relief valve opens at 6 bar.', 'supported', undefined],
    ['The relief valve opens at 9 bar.', 'none', 'other-number'],
    ['You should always use vinegar.', 'none', 'contrary'],
    ['The moon is far away.', 'none', undefined],
    ['The cleaning program, which runs at night on its own, takes long.', 'partly', undefined],
    ['Which valve is meant?', 'no-claim', undefined],
    ['The manual says “the valve opens itself at 6 bar”.', 'partly', undefined],
  ])('%s is %s', async (answer, verdict, objection) => {
    const { sentences } = await check(answer);
    expect(sentences.map((each) => each.verdict)).toEqual([verdict]);
    expect(sentences[0]?.objection).toBe(objection);
  });

  test('a sentence in the wrong shows the passage that says another thing', async () => {
    const { sentences, strange } = await check('The relief valve opens at 9 bar.');
    expect(sentences[0]?.passage?.text).toContain('opens by itself at 6 bar');
    expect(strange.map(({ text }) => text)).toEqual(['9 bar']);
  });

  test('a quote that was not found comes with the nearest words', async () => {
    const { quotes } = await check('It says “the cleaning program needs 12 minutes”.');
    expect(quotes[0]?.found).toBeUndefined();
    expect(quotes[0]?.nearest?.text).toBe('The cleaning program takes 11 minutes.');
  });

  test('every sentence of the answer is in it, once and in order', async () => {
    const answer = `# Valves\n\nThe relief valve opens at 6 bar [1]. Nobody knows why!\n\n- Never use vinegar.\n- Why?`;
    const { sentences } = await check(answer);
    expect(sentences.map(({ start, end }) => answer.slice(start, end))).toEqual([
      '# Valves',
      'The relief valve opens at 6 bar [1].',
      'Nobody knows why!',
      'Never use vinegar.',
      'Why?',
    ]);
    expect(sentences[0]?.verdict).toBe('no-claim');
  });
});
