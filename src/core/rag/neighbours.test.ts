import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SourcePassage } from '#core/ports/chat-records.ts';
import type { ChunkRecord } from '#core/ports/library-records.ts';
import { withNeighbours } from './neighbours.ts';
import { sourcesPrompt } from './sources-prompt.ts';

const SENTENCES = ['Alpha one.', 'Beta two.', 'Gamma three.', 'Delta four.', 'Other section.', 'Last words.'];
const SECTIONS = [['A'], ['A'], ['A'], ['A'], ['A', 'B'], ['A', 'B']];
const TEXT = SENTENCES.join('\n\n');

const CHUNKS = SENTENCES.map((text, ordinal): ChunkRecord => {
  const start = TEXT.indexOf(text);
  return {
    documentId: 'd',
    ordinal,
    text,
    start,
    end: start + text.length,
    tokenCount: 10,
    page: ordinal + 1,
    headingPath: SECTIONS[ordinal] ?? [],
    boxes: [],
  };
});
const library = { chunk: async (_: string, ordinal: number) => CHUNKS[ordinal] };

function hit(ordinal: number): Omit<SourcePassage, 'number'> {
  const { text, start, end, headingPath, page = 1 } = CHUNKS[ordinal] as ChunkRecord;
  return {
    documentId: 'd',
    documentName: 'd.md',
    ordinal,
    text,
    start,
    end,
    page,
    headingPath,
    score: 1,
    origin: 'both',
  };
}
const widen = (ordinals: readonly number[], addedTokens: number, budgetTokens = 1000) =>
  withNeighbours(library, ordinals.map(hit), { budgetTokens, addedTokens });
const textsOf = async (found: ReturnType<typeof widen>) =>
  (await found).map(({ text }) => text.replace(/\s+/g, ' '));

test('the chunk behind and the chunk before, in one piece; what was found is told', async () => {
  const [passage] = await widen([1], 100);
  expect(passage?.text).toBe('Alpha one.\n\nBeta two.\n\nGamma three.');
  expect(passage).toMatchObject({ start: 0, page: 1, found: { start: 12, end: 21 } });
});

test('none of another section, none that is a hit itself, none twice', async () => {
  expect(await textsOf(widen([3], 100))).toEqual(['Gamma three. Delta four.']);
  expect(await textsOf(widen([1, 2], 100))).toEqual(['Alpha one. Beta two.', 'Gamma three. Delta four.']);
  expect(await textsOf(widen([2, 0], 100))).toEqual(['Beta two. Gamma three. Delta four.', 'Alpha one.']);
});

test('the best hits first, as far as the tokens go; the hits themselves count in the budget', async () => {
  expect(await textsOf(widen([1, 5], 10))).toEqual(['Beta two. Gamma three.', 'Last words.']);
  expect(await textsOf(widen([1, 5], 30))).toEqual([
    'Alpha one. Beta two. Gamma three.',
    'Other section. Last words.',
  ]);
  expect(await textsOf(widen([1, 5], 100, 29))).toEqual(['Beta two.', 'Last words.']);
  expect((await widen([1], 0))[0]).toEqual(hit(1));
});

test('whatever was found: every passage is exactly its slice, none overlaps another', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(fc.nat(5), { minLength: 1 }), fc.nat(60), async (ordinals, added) => {
      const passages = await widen(ordinals, added);
      for (const { text, start, end } of passages) expect(text).toBe(TEXT.slice(start, end));
      const inOrder = passages.toSorted((a, b) => a.start - b.start);
      for (const [i, { end }] of inOrder.entries())
        expect(end).toBeLessThanOrEqual(inOrder[i + 1]?.start ?? TEXT.length);
    }),
  );
});

test('the prompt names the section and the one above it', () => {
  const { preamble } = sourcesPrompt([{ ...hit(4), number: 1 }], 1000, (text) => text.length);
  expect(preamble).toContain('[1] (d.md, page 5, A › B)\nOther section.');
});
