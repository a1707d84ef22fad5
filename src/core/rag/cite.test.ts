import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SourcePassage } from '#core/ports/chat-records.ts';
import { createAligner } from './cite.ts';
import { claimsOf } from './claims.ts';
import { createEmbeddingRoom } from './embedding-room.ts';
import { createHashedEmbedder, HASHED, hashedTokenizer } from './hashed-embedder.test-support.ts';

const DOCUMENT = `Maintenance of the RV-200
The relief valve opens by itself at 6 bar and closes at 5.2 bar. Close the bypass before you start the pump.
The cleaning program takes 11 minutes. Never use vinegar, because it attacks the seals.
Replace the shaft seal after 2,000 hours of operation. Dr. Maria Keller designed the pump in 1974 in Zürich.
The bearings are greased for life and need no oil. The motor draws 750 W at 230 V.
Heat increases the pressure in the boiler. The tank holds twelve litres of water.`;

const BREAD =
  'Bake the loaf for 55 minutes at 220 °C. Rye dough rests for three hours. About 40 % of the flour is whole grain.';

function passage(
  number: number,
  text: string,
  start: number,
  more: Partial<SourcePassage> = {},
): SourcePassage {
  return {
    number,
    documentId: `d${number}`,
    documentName: number === 1 ? 'pump.pdf' : 'bread.md',
    ordinal: 0,
    text,
    start,
    end: start + text.length,
    headingPath: [],
    score: 1,
    origin: 'both',
    ...more,
  };
}

const PASSAGES = [passage(1, DOCUMENT, 1000), passage(2, BREAD, 50)];
const room = createEmbeddingRoom({
  embedder: createHashedEmbedder(),
  loadTokenizer: async () => hashedTokenizer,
  placement: async () => ({ device: 'cpu', threads: 1 }),
});
const align = createAligner(room);

async function sourcesOf(answer: string, hasEmbedder: boolean): Promise<(number | null)[]> {
  const supports = await align({ answer, passages: PASSAGES, ...(hasEmbedder ? { embedder: HASHED } : {}) });
  return supports.map(({ source }) => source);
}

const SUPPORTED: readonly [string, number][] = [
  ['The relief valve opens at 6 bar.', 1],
  ['At 5.2 bar the valve closes again [1].', 1],
  ['It takes 11 minutes to run the cleaning program [1].', 1],
  ['The cleaning program takes eleven minutes.', 1],
  ['You should never use vinegar.', 1],
  ["Don't use vinegar, it attacks the seals.", 1],
  ['The shaft seal is replaced after 2000 hours.', 1],
  ['Maria Keller designed the pump in 1974.', 1],
  ['The **bearings** need no oil [1].', 1],
  ['The bearings are greased for life.', 1],
  ['The bearings do not need oil.', 1],
  ['The motor draws 750 watts.', 1],
  ['Vinegar must not be used, since it attacks the seals.', 1],
  ['The valve closes at 5.2 bar and opens at 6 bar.', 1],
  ['The tank holds 12 litres of water.', 1],
  ['Bake the loaf for 55 min at 220°C [2].', 2],
  ['The rye dough rests for 3 hours.', 2],
  ['40 percent of the flour is whole grain.', 2],
];

const UNSUPPORTED: readonly string[] = [
  'The cleaning program takes 14 minutes [1].',
  'The relief valve opens at 9 bar [1].',
  'Maria Keller designed the pump in 1975.',
  'Maria Keller designed the pump in Geneva.',
  'Hans Meyer designed the pump in 1974 [1].',
  'The cleaning program takes 11 hours.',
  'Use vinegar, because it attacks the seals.',
  'The bearings need oil.',
  'Heat decreases the pressure in the boiler.',
  'Close the bypass after you start the pump.',
  'The warranty ends after two years.',
  'Bake the loaf for 55 minutes at 200 °C [2].',
  'The tank holds 5 bar.',
  'Photosynthesis takes place in chloroplasts [1].',
];

describe.each([
  ['words only', false],
  ['words and vectors', true],
] as const)('align by %s', (_, hasEmbedder) => {
  test.each(SUPPORTED)('supported: %s', async (answer, source) => {
    expect(await sourcesOf(answer, hasEmbedder)).toEqual([source]);
  });

  test.each(UNSUPPORTED)('not in the documents: %s', async (answer) => {
    expect(await sourcesOf(answer, hasEmbedder)).toEqual([null]);
  });

  test('a wrong number of the model is overruled', async () => {
    expect(await sourcesOf('The relief valve opens at 6 bar [2].', hasEmbedder)).toEqual([1]);
  });
});

test('the span is the sentence that says it, in the document’s offsets', async () => {
  const [support] = await align({
    answer: 'It is replaced after 2,000 hours: the shaft seal.',
    passages: PASSAGES,
  });
  const span = DOCUMENT.slice((support?.spanStart ?? 0) - 1000, (support?.spanEnd ?? 0) - 1000);
  expect(span).toBe('Replace the shaft seal after 2,000 hours of operation.');
});

test('two sentences together support what neither says alone', async () => {
  const answer = 'Dough rests for three hours and bakes for 55 minutes at 220 °C.';
  const [support] = await align({ answer, passages: PASSAGES });
  expect(support?.source).toBe(2);
  expect(BREAD.slice((support?.spanStart ?? 0) - 50, (support?.spanEnd ?? 0) - 50)).toMatch(
    /^Bake.*hours\.$/,
  );
});

test('between equals the model’s number decides', async () => {
  const twins = [passage(1, DOCUMENT, 0), passage(2, DOCUMENT, 0)];
  const answer = 'The relief valve opens by itself at 6 bar [2].';
  expect((await align({ answer, passages: twins }))[0]?.source).toBe(2);
});

test('without passages nothing is supported', async () => {
  expect(await align({ answer: 'The sky is blue.', passages: [], embedder: HASHED })).toMatchObject([
    { source: null, score: 0 },
  ]);
});

test.each<[string, string[]]>([
  ['Here is what I found:\n\n1. Open it [1].\n2. Close it.', ['Open it [1].', 'Close it.']],
  ['Sure! The valve opens. Does that help?', ['The valve opens.']],
  ['# Valve\n\n**Summary**\n\nThe valve opens.', ['The valve opens.']],
  ['The sources do not contain the answer.', []],
  ["I don't know. Yes.", []],
  ['Run this:\n\n```sh\nvalve --open. Now.\n```\n\nThen it opens. [1] Let me know.', ['Then it opens. [1]']],
  ['| part | hours |\n|---|---|\n| seal | 2,000 |', ['| part | hours |', '| seal | 2,000 |']],
  ['Paris.', ['Paris.']],
  ['> - [x] Quoted item.', ['Quoted item.']],
])('claims of %j', (answer, expected) => {
  expect(claimsOf(answer).map(({ start, end }) => answer.slice(start, end))).toEqual(expected);
});

test('whatever the answer: sentences are in order, spans lie in the passage they name', async () => {
  const pieces = fc.constantFrom(
    'The relief valve ',
    'opens ',
    'at 6 bar',
    '. ',
    ' [1]',
    '[2]. ',
    '\n\n',
    '- ',
    '```\n',
    'vinegar ',
    '?',
    'Dr. ',
    '11 minutes ',
    '\n1. ',
    '🙂',
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof(pieces, fc.string({ maxLength: 5 })), { maxLength: 25 }),
      async (parts) => {
        const answer = parts.join('');
        let at = 0;
        for (const support of await align({ answer, passages: PASSAGES })) {
          expect(support.start).toBeGreaterThanOrEqual(at);
          expect(support.end).toBeGreaterThan(support.start);
          expect(support.end).toBeLessThanOrEqual(answer.length);
          expect(support.score).toBeGreaterThanOrEqual(0);
          expect(support.score).toBeLessThanOrEqual(1);
          at = support.end;
          if (support.source === null) continue;
          const source = PASSAGES.find(({ number }) => number === support.source);
          expect(support.spanStart).toBeGreaterThanOrEqual(source?.start ?? Number.NaN);
          expect(support.spanEnd).toBeLessThanOrEqual(source?.end ?? Number.NaN);
        }
      },
    ),
  );
});
