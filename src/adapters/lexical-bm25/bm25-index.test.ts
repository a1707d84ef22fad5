import { afterEach, describe, expect, test, vi } from 'vitest';
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
  const saveOf = async (index: ReturnType<typeof createBm25Index>) =>
    (await index.save?.()) ?? new Uint8Array();
  const answers = (index: ReturnType<typeof createBm25Index>) =>
    QUERIES.map((query) => index.search(query, 10));

  test('answers as before, also in what comes and goes afterwards, and when it is saved once more', async () => {
    const index = createBm25Index();
    index.add(PASSAGES);
    const before = answers(index);
    const opened = createBm25Index(await saveOf(index));
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
    expect(answers(createBm25Index(await saveOf(opened)))).toEqual(answers(fresh));
  });

  test('keeps nothing of what was removed', async () => {
    const index = createBm25Index();
    index.add(PASSAGES);
    index.remove([5]);
    const letters = new TextDecoder('utf-16le').decode(await saveOf(index));
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

  test('a word as long as a page, and one that stands there more often than can be counted', async () => {
    const long = 'x'.repeat(100_000);
    const index = createBm25Index();
    index.add([entry(1, long), entry(2, 'turnip '.repeat(5000)), entry(3, 'turnip and beans')]);
    const opened = createBm25Index(await saveOf(index));
    expect(opened.search(long, 5).map(({ key }) => key)).toEqual([1]);
    expect(opened.search('turnip', 5).map(({ key }) => key)).toEqual([2, 3]);
    expect(await saveOf(opened)).toEqual(await saveOf(index));
  });

  /** Each look at the clock finds that the thread was held long enough. */
  const breatheEachRound = (): void => {
    let now = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => (now += 100));
  };
  afterEach(() => void vi.restoreAllMocks());
  const manyPassages = (count: number) =>
    Array.from({ length: count }, (_, i) => entry(i, `gasket n${i} of m${i % 97} pumps and w${i * 7}`));

  test('while it is saved others have their turn, and an abort ends it', async () => {
    const index = createBm25Index();
    index.add(manyPassages(4000));
    const abort = new AbortController();
    breatheEachRound();
    // It is stopped by what arrives between two of its rounds, or never.
    const saving = index.save?.({ signal: abort.signal });
    setTimeout(() => abort.abort());
    await expect(saving).rejects.toMatchObject({ code: 'abort/by-user' });
    expect(index.search('n1234', 5).map(({ key }) => key)).toEqual([1234]);
    expect(createBm25Index(await saveOf(index)).size).toBe(4000);
  });

  test('what comes and goes while it is saved is not in what is saved, and is in the index', async () => {
    const index = createBm25Index();
    index.add(manyPassages(4000));
    const before = createBm25Index(await saveOf(index));
    index.add([entry(4000, 'turnip gasket')]);
    index.remove([3]);
    before.add([entry(4000, 'turnip gasket')]);
    before.remove([3]);
    let changes = 0;
    breatheEachRound();
    const saving = saveOf(index).finally(() => {
      changes = -changes;
    });
    await new Promise((resolve) => setTimeout(resolve));
    for (let i = 0; i < 3; i++, changes++) index.add([entry(30_000 + i, `turnip n${i} parsnip`)]);
    index.remove([5]);
    const opened = createBm25Index(await saving);
    expect(changes).toBeLessThan(0); // they came before it was ready
    const queries = [...QUERIES, 'turnip', 'n5', 'n3', 'n1', 'parsnip', 'gasket m5'];
    const found = (of: typeof index) => queries.map((query) => of.search(query, 50));
    expect(found(opened)).toEqual(found(before));
    before.add([0, 1, 2].map((i) => entry(30_000 + i, `turnip n${i} parsnip`)));
    before.remove([5]);
    expect(found(index)).toEqual(found(before));
    expect(found(createBm25Index(await saveOf(index)))).toEqual(found(before));
  });

  test('an empty one', async () => {
    const opened = createBm25Index(await saveOf(createBm25Index()));
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
  ])('what cannot be read is refused: %s', async (_, spoil) => {
    const index = createBm25Index();
    index.add(PASSAGES);
    const bytes = await saveOf(index);
    expect(() => createBm25Index(spoil(bytes))).toThrow(expect.objectContaining({ code: 'storage/corrupt' }));
  });
});
