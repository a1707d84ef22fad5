import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createReasoningSplitter } from './reasoning.ts';
import { createStopStringHold } from './stop-strings.ts';

/** Cuts a text at arbitrary places, as tokens do. */
function cutAt(text: string, cuts: readonly number[]): string[] {
  const places = [...new Set(cuts.map((cut) => cut % (text.length + 1)))].sort((a, b) => a - b);
  return [0, ...places].map((start, i) => text.slice(start, places[i] ?? text.length));
}

function split(pieces: readonly string[]) {
  const splitter = createReasoningSplitter();
  const deltas = [...pieces.flatMap((piece) => splitter.push(piece)), ...splitter.flush()];
  const of = (type: string) => deltas.flatMap((delta) => (delta.type === type ? [delta.text] : [])).join('');
  return { reasoning: of('reasoning-delta'), text: of('text-delta') };
}

describe('reasoning', () => {
  test.each([
    ['<think>\nI look.\n</think>\n\nParis.', 'I look.', 'Paris.'],
    ['<thinking>a</thinking>b', 'a', 'b'],
    ['<think>\n\n</think>\n\nParis.', '', 'Paris.'],
    ['Paris.', '', 'Paris.'],
    ['The tag <think> opens reasoning.', '', 'The tag <think> opens reasoning.'],
    ['a < b and c', '', 'a < b and c'],
    ['<think>never closed', 'never closed', ''],
    ['One.\n<think>two</think>\nThree.', 'two', 'One.Three.'],
  ])('%j', (input, reasoning, text) => {
    expect(split([input])).toEqual({ reasoning, text });
  });

  test('a text that goes on keeps the space it begins with', () => {
    const splitter = createReasoningSplitter({ continues: true });
    expect([...splitter.push(' world'), ...splitter.flush()]).toEqual([
      { type: 'text-delta', text: ' world' },
    ]);
  });

  test('the cut between tokens never changes the result', () => {
    const word = fc.constantFrom(
      '<think>',
      '</think>',
      '<thinking>',
      '</thinking>',
      '<',
      'th',
      ' ',
      '\n',
      'a',
      'ß',
      '>',
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 14 }), fc.array(fc.nat(200)), (words, cuts) => {
        const whole = words.join('');
        expect(split(cutAt(whole, cuts))).toEqual(split([whole]));
      }),
      { numRuns: 2000 },
    );
  });
});

describe('stop strings', () => {
  function run(pieces: readonly string[], stop: readonly string[]) {
    const hold = createStopStringHold(stop);
    let shown = '';
    for (const piece of pieces) {
      const { emit, stopped } = hold.push(piece);
      shown += emit;
      if (stopped) return shown;
    }
    return shown + hold.flush();
  }

  test('never leaks, never loses, wherever the text is cut', () => {
    const letters = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 30 }).map((l) => l.join(''));
    const stops = fc.array(
      fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 2, maxLength: 4 }).map((l) => l.join('')),
      { maxLength: 3 },
    );
    fc.assert(
      fc.property(letters, fc.array(fc.nat(100)), stops, (text, cuts, stop) => {
        const found = stop.map((s) => text.indexOf(s)).filter((at) => at >= 0);
        // A stop string that ends earlier stops the text before one that starts earlier is complete.
        const shown = run(cutAt(text, cuts), stop);
        expect(text.startsWith(shown)).toBe(true);
        for (const s of stop) expect(shown).not.toContain(s);
        if (found.length === 0) expect(shown).toBe(text);
        else expect(shown.length).toBeGreaterThanOrEqual(Math.min(...found));
      }),
      { numRuns: 2000 },
    );
  });

  test('text that only looks like the start of a stop string comes out', () => {
    expect(run(['Hel', 'lo </', 'p>'], ['</s>'])).toBe('Hello </p>');
    expect(run(['Hel', 'lo <', '/s', '> more'], ['</s>'])).toBe('Hello ');
  });
});
