import { describe, expect, test } from 'vitest';
import { describeLexicalIndex } from '#core/ports/lexical-index.conformance.ts';
import { createBm25Index } from './index.ts';

describeLexicalIndex('lexical-bm25', createBm25Index);

describe('a saved lexical-bm25', () => {
  const entry = (key: number, text: string, heading = '') => ({ key, text, heading });
  const PASSAGES = [
    entry(0, 'The relief valve opens at 8.4 bar.', 'Valves'),
    entry(1, 'Broad beans are sown in October.', 'Garden'),
    entry(2, 'A valve and a pump, a pump and a valve.'),
    entry(5, 'Secret handshakes of the plumbers.', 'Customs'),
  ];
  const QUERIES = ['valve', 'pump valve bar', 'garden october', 'plumbrs handshake', '8.4'];
  const saveOf = (index: ReturnType<typeof createBm25Index>) => index.save?.() ?? new Uint8Array();
  const answers = (index: ReturnType<typeof createBm25Index>) =>
    QUERIES.map((query) => index.search(query, 10));

  test('answers as before, also in what comes and goes afterwards, and when it is saved once more', () => {
    const index = createBm25Index();
    index.add(PASSAGES);
    const before = answers(index);
    const opened = createBm25Index(saveOf(index));
    expect(opened.size).toBe(4);
    expect(answers(opened)).toEqual(before);
    expect(answers(index)).toEqual(before); // it was packed itself
    for (const each of [index, opened]) {
      each.add([entry(9, 'The handshake valve: pump it.'), entry(1, 'Carrots in March.', 'Garden')]);
      each.remove([0]);
    }
    const fresh = createBm25Index();
    fresh.add([...PASSAGES.slice(2), entry(9, 'The handshake valve: pump it.')]);
    fresh.add([entry(1, 'Carrots in March.', 'Garden')]);
    expect(answers(opened)).toEqual(answers(fresh));
    expect(answers(index)).toEqual(answers(fresh));
    expect(answers(createBm25Index(saveOf(opened)))).toEqual(answers(fresh));
  });

  test('keeps nothing of what was removed', () => {
    const index = createBm25Index();
    index.add(PASSAGES);
    index.remove([5]);
    const letters = new TextDecoder('utf-16le').decode(saveOf(index).slice(0));
    expect(letters).toContain('valv');
    for (const word of ['secret', 'handshak', 'plumber', 'custom']) expect(letters).not.toContain(word);
  });

  test('many removals close the gaps, and change no answer', () => {
    const index = createBm25Index();
    index.add(Array.from({ length: 4000 }, (_, i) => entry(100 + i, `gasket number ${i} of the pump`)));
    index.add(PASSAGES);
    index.remove(Array.from({ length: 4000 }, (_, i) => 100 + i));
    const fresh = createBm25Index();
    fresh.add(PASSAGES);
    expect(answers(index)).toEqual(answers(fresh));
    expect(index.search('gasket', 10)).toEqual([]);
  });

  test('a word as long as a page, and one that stands there more often than can be counted', () => {
    const long = 'x'.repeat(100_000);
    const index = createBm25Index();
    index.add([entry(1, long), entry(2, 'turnip '.repeat(5000)), entry(3, 'turnip and beans')]);
    const opened = createBm25Index(saveOf(index));
    expect(opened.search(long, 5).map(({ key }) => key)).toEqual([1]);
    expect(opened.search('turnip', 5).map(({ key }) => key)).toEqual([2, 3]);
    expect(saveOf(opened)).toEqual(saveOf(index));
  });

  test('an empty one', () => {
    const opened = createBm25Index(saveOf(createBm25Index()));
    expect(opened.size).toBe(0);
    expect(answers(opened).flat()).toEqual([]);
    opened.add(PASSAGES);
    expect(opened.search('beans', 1)[0]?.key).toBe(1);
  });

  test.each([
    ['nothing', (bytes: Uint8Array) => bytes.slice(0, 0)],
    ['cut short', (bytes: Uint8Array) => bytes.slice(0, -2)],
    ['another version', (bytes: Uint8Array) => bytes.with(4, 9)],
    ['made by other rules for words', (bytes: Uint8Array) => bytes.with(8, (bytes[8] ?? 0) ^ 1)],
    ['lists that do not cut their postings', (bytes: Uint8Array) => bytes.with(bytes.length >> 1, 255)],
  ])('what cannot be read is refused: %s', (_, spoil) => {
    const index = createBm25Index();
    index.add(PASSAGES);
    const bytes = saveOf(index);
    expect(() => createBm25Index(spoil(bytes))).toThrow(expect.objectContaining({ code: 'storage/corrupt' }));
  });
});
