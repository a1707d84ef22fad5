import { describe, expect, test } from 'vitest';
import type { ImageRecord } from '#core/ports/image-records.ts';
import { wordMatch } from './word-match.ts';

const record = (said: Pick<Partial<ImageRecord>, 'text' | 'captions' | 'tags'>): ImageRecord => ({
  id: 'p',
  name: 'invoice-2024.png',
  mediaType: 'image/png',
  sizeBytes: 1,
  addedAt: 1,
  status: 'ready',
  tags: [],
  ...said,
});

const LETTER =
  'The harbour office writes to all keepers of lamps along the northern shore. The invoice of the year 2024 is to be paid before the lamp is lit again, and nobody may row out until then.';

describe('why the words of a query find a picture', () => {
  test('an excerpt around the words, cut between words', () => {
    const match = wordMatch(record({ text: LETTER }), 'invoices 2024', []);
    expect(match?.source).toBe('text');
    const inner = match?.excerpt.replaceAll('…', '') ?? '';
    expect(inner).toContain('invoice of the year 2024');
    expect(LETTER).toContain(` ${inner} `);
    expect(match?.excerpt).toMatch(/^….*…$/);
  });

  test.each([
    ['its file’s name', {}, 'invoice'],
    ['words of no meaning', { text: LETTER }, 'the of and'],
    ['one word of three', { text: LETTER }, 'lamp with red shade'],
    ['nothing', { text: LETTER }, ''],
  ])('%s is no match', (_, said, query) => {
    expect(wordMatch(record(said), query, [])).toBeUndefined();
  });

  test('two words of three are enough, and may stand in two places', () => {
    const said = { text: 'lamp oil', captions: ['the harbour at night'] };
    expect(wordMatch(record(said), 'lamp harbour elephant', [])?.source).toBe('caption');
    expect(wordMatch(record(said), 'lamp zebra elephant', [])).toBeUndefined();
  });

  test('a slip of the engine is forgiven as the index does', () => {
    expect(wordMatch(record({ text: 'lnvoice 17' }), 'invoice', [])?.excerpt).toBe('lnvoice 17');
    expect(wordMatch(record({ text: 'boat' }), 'coat', [])).toBeUndefined();
  });

  test('scripts without spaces are found by pairs of characters', () => {
    expect(wordMatch(record({ text: '東京の地図' }), '地図', [])?.excerpt).toBe('東京の地図');
    expect(wordMatch(record({ text: '東京の地図' }), '図地', [])).toBeUndefined();
  });

  test('what holds a word that is to be left out is none', () => {
    expect(wordMatch(record({ text: LETTER }), 'invoice', ['lamp'])).toBeUndefined();
    expect(wordMatch(record({ text: LETTER }), 'invoice', ['oil lamp'])).toBeDefined();
  });

  test('the words of a tag', () => {
    expect(wordMatch(record({ tags: ['holiday', 'boats'] }), 'boat', [])).toEqual({
      source: 'tag',
      excerpt: 'boats',
    });
  });
});
