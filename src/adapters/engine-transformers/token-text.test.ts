import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createTokenText } from './token-text.ts';

// Tokens are bytes here: each letter beyond ASCII comes in pieces. As real tokenizers do, a first space is dropped.
const decode = (tokens: readonly number[]): string =>
  new TextDecoder('utf-8', { ignoreBOM: true }).decode(Uint8Array.from(tokens)).replace(/^ /, '');

function stream(tokens: Iterable<number>, before: readonly number[] = []): readonly string[] {
  const text = createTokenText(decode, before);
  return [...[...tokens].map((token) => text.push(token)), text.flush()];
}

test('letters arrive whole, and all of them', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (answer) => {
      fc.pre(!answer.includes('\uFFFD'));
      const pieces = stream(new TextEncoder().encode(`x${answer}`));
      for (const piece of pieces) expect(() => encodeURIComponent(piece)).not.toThrow();
      expect(pieces.join('')).toBe(`x${answer}`);
    }),
  );
});

test('a letter that stays broken is not shown', () => {
  expect(stream(new TextEncoder().encode('a🎉').slice(0, 3)).join('')).toBe('a');
});

test('the space of a first word stays behind what stands before it', () => {
  const word = new TextEncoder().encode(' Paris');
  expect(stream(word, [65]).join('')).toBe(' Paris');
  expect(stream(word).join('')).toBe('Paris');
});
