import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { TextBox } from '#core/ports/document-parser.ts';
import { cutSpan, placePiece } from './highlight.ts';
import { cutBlocks } from './text-blocks.ts';

const boxesOf = (lengths: readonly number[]): TextBox[] => {
  let at = 0;
  return lengths.map((length, i) => {
    const start = at + (i % 3 === 0 ? 0 : 1);
    at = start + length;
    return { start, end: at, page: 1 + Math.floor(i / 4), x: 50, y: 20 * i, width: 200, height: 12 };
  });
};

describe('a cited span', () => {
  test('its pieces, joined, are exactly its text', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 20 }),
        fc.nat(300),
        fc.nat(200),
        (lengths, start, length) => {
          const span = { start, end: start + length };
          const text = Array.from({ length }, (_, i) => String.fromCharCode(97 + ((start + i) % 26))).join(
            '',
          );
          const pieces = cutSpan(span, text, boxesOf(lengths));
          expect(pieces.map((piece) => piece.text).join('')).toBe(text);
          for (const piece of pieces) expect(piece.text).not.toBe('');
        },
      ),
    );
  });

  test('a piece stands within its run, and the whole run is the whole box', () => {
    const box: TextBox = { start: 100, end: 120, page: 1, x: 59.5, y: 84.2, width: 297.5, height: 12 };
    const page = { width: 595, height: 842, rotation: 0 as const };
    const run = 'Will it mix? WWWW ii';
    const whole = placePiece({ text: run, start: 100, box }, run, page);
    expect(whole.left).toBeCloseTo(0.1);
    expect(whole.top).toBeCloseTo(0.1);
    expect(whole.width).toBeCloseTo(0.5);
    const head = placePiece({ text: run.slice(0, 8), start: 100, box }, run, page);
    const tail = placePiece({ text: run.slice(8), start: 108, box }, run, page);
    expect(head.left + head.width).toBeCloseTo(tail.left);
    expect(tail.left + tail.width).toBeCloseTo(0.6);
  });

  test('on a turned page it runs along the displayed line', () => {
    const box: TextBox = { start: 0, end: 4, page: 1, x: 100, y: 50, width: 12, height: 200 };
    const place = placePiece({ text: 'ab', start: 0, box }, 'abcd', {
      width: 842,
      height: 595,
      rotation: 90,
    });
    expect(place.left * 842).toBeCloseTo(842 - 250);
    expect(place.width * 842).toBeCloseTo(100);
    expect(place.top * 595).toBeCloseTo(100);
  });
});

describe('blocks of a text', () => {
  test('cover every character once and never cut the span or a surrogate pair', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('word ', '\n', '\n\n', 'long'.repeat(400), '😀'), { maxLength: 60 }),
        fc.nat(),
        fc.nat(400),
        (parts, at, length) => {
          const text = parts.join('');
          const start = text.length === 0 ? 0 : at % text.length;
          const span = { start, end: Math.min(text.length, start + length) };
          const blocks = cutBlocks(text, span);
          expect(blocks.map((block) => text.slice(block.start, block.end)).join('')).toBe(text);
          for (const { end } of blocks) {
            expect(end > span.start && end < span.end).toBe(false);
            if (end < text.length && end !== span.end) expect(text.charCodeAt(end) & 0xfc00).not.toBe(0xdc00);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});
