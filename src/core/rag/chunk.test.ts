import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ParsedDocument } from '#core/ports/document-parser.ts';
import type { ChunkRecord } from '#core/ports/library-records.ts';
import type { Tokenizer } from '#core/ports/tokenizer.ts';
import { chunkDocument, embeddingText, limitsOf } from './chunk.ts';

/** Pieces of up to four characters, as word-piece tokenizers cut words. */
const tokenizer: Tokenizer = {
  specialTokens: 2,
  encode: (text) =>
    [...text.matchAll(/[\p{L}\p{N}]{1,4}|[^\s\p{L}\p{N}]/gu)].map(({ 0: token, index }) => ({
      start: index,
      end: index + token.length,
    })),
  count: (text) => text.match(/[\p{L}\p{N}]{1,4}|[^\s\p{L}\p{N}]/gu)?.length ?? 0,
};

function plain(text: string, more: Partial<ParsedDocument> = {}): ParsedDocument {
  return { text, pages: [], headings: [], boxes: [], ...more };
}

async function cut(parsed: ParsedDocument, maxInputTokens = 512, passagePrefix = ''): Promise<ChunkRecord[]> {
  const chunks: ChunkRecord[] = [];
  for await (const chunk of chunkDocument({
    documentId: 'd',
    parsed,
    tokenizer,
    maxInputTokens,
    passagePrefix,
  }))
    chunks.push(chunk);
  return chunks;
}

const SENTENCE = 'The pump is primed with clean water before it is switched on for the first time. ';

describe('chunkDocument', () => {
  const texts = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 800 }),
    fc
      .array(
        fc.constantFrom(
          SENTENCE,
          'Short. ',
          '\n\n',
          '\n- item',
          'x'.repeat(300),
          '漢字。',
          ' Dr. No ',
          '🙂',
          '\n',
        ),
        {
          maxLength: 40,
        },
      )
      .map((parts) => parts.join('')),
  );

  test('covers every character but white space once, in order, within the cap, as exact slices', async () => {
    await fc.assert(
      fc.asyncProperty(
        texts,
        fc.integer({ min: 12, max: 300 }),
        fc.array(fc.nat(3000), { maxLength: 4 }),
        async (text, cap, starts) => {
          const headings = [
            ...new Set(
              starts.filter((start) => start < text.length && !/^[\uDC00-\uDFFF]/.test(text.slice(start))),
            ),
          ]
            .sort((a, b) => a - b)
            .map((start, i) => ({ level: (i % 3) + 1, text: text.slice(start, start + 8).trim(), start }));
          const chunks = await cut(plain(text, { headings }), cap);
          const { maxTokens } = limitsOf({ tokenizer, maxInputTokens: cap, passagePrefix: '' });
          let at = 0;
          chunks.forEach((chunk, i) => {
            expect(chunk.ordinal).toBe(i);
            expect(chunk.text).toBe(text.slice(chunk.start, chunk.end));
            expect(text.slice(at, chunk.start).trim()).toBe('');
            expect(chunk.text).toBe(chunk.text.trim());
            expect(chunk.text).not.toBe('');
            expect(chunk.tokenCount).toBe(tokenizer.count(chunk.text));
            expect(chunk.tokenCount).toBeLessThanOrEqual(maxTokens);
            expect(chunk.text).not.toMatch(/^[\uDC00-\uDFFF]|[\uD800-\uDBFF]$/);
            at = chunk.end;
          });
          expect(text.slice(at).trim()).toBe('');
        },
      ),
      { numRuns: 100 },
    );
  });

  test('what is embedded, headings and prefix included, never exceeds the embedder', async () => {
    const headings = [
      { level: 1, text: 'A very long chapter title that goes on and on for many words', start: 0 },
      { level: 2, text: 'Priming', start: 62 },
    ];
    const text = `${headings[0]?.text}\n\nPriming\n\n${SENTENCE.repeat(80)}`;
    const prefix = 'passage: ';
    const { headingTokens } = limitsOf({ tokenizer, maxInputTokens: 200, passagePrefix: prefix });
    const chunks = await cut(plain(text, { headings }), 200, prefix);
    expect(chunks.length).toBeGreaterThan(3);
    for (const chunk of chunks) {
      const whole = prefix + embeddingText(chunk, tokenizer, headingTokens);
      expect(tokenizer.count(whole) + tokenizer.specialTokens).toBeLessThanOrEqual(200);
    }
    expect(embeddingText(chunks[2] as ChunkRecord, tokenizer, headingTokens)).toMatch(/Priming\nThe pump/);
  });

  test('ends at sentences, and words stay whole even where a sentence is too long', async () => {
    const chunks = await cut(plain(SENTENCE.repeat(60)));
    expect(chunks.length).toBeGreaterThan(4);
    for (const { text } of chunks) expect(text).toMatch(/^The pump .* time\.$/s);
    const long = await cut(plain('word '.repeat(2000)), 64);
    for (const { text } of long) expect(text).toMatch(/^word( word)*$/);
  });

  test('chunks of a section are of about equal length', async () => {
    const chunks = await cut(plain(SENTENCE.repeat(13)));
    const counts = chunks.map(({ tokenCount }) => tokenCount);
    expect(Math.min(...counts)).toBeGreaterThan(Math.max(...counts) / 2);
  });

  test('a heading begins a chunk and names all above it; one without text goes with the next', async () => {
    const text = '# Manual\n\n## Care\n\nClean it.\n\n## Repair\n\nCall us.\n\n# Index\n\nPump 4';
    const headings = [...text.matchAll(/^(#+) (.*)$/gm)].map(({ 1: marks = '', 2: title = '', index }) => ({
      level: marks.length,
      text: title,
      start: index,
    }));
    const chunks = await cut(plain(text, { headings }));
    expect(chunks.map(({ text: each, headingPath }) => [each, headingPath.join('/')])).toEqual([
      ['# Manual\n\n## Care\n\nClean it.', 'Manual/Care'],
      ['## Repair\n\nCall us.', 'Manual/Repair'],
      ['# Index\n\nPump 4', 'Index'],
    ]);
  });

  test('knows the page of its start and the boxes that it touches', async () => {
    const text = `${SENTENCE.repeat(20)}\n\n${SENTENCE.repeat(20)}`;
    const middle = text.indexOf('\n\n');
    const box = (start: number, page: number) => ({
      start,
      end: start + 80,
      page,
      x: 0,
      y: 0,
      width: 1,
      height: 1,
    });
    const boxes = Array.from({ length: 20 }, (_, i) => box(i * 81, 1));
    const pages = [
      { number: 1, start: 0, end: middle, width: 600, height: 800 },
      { number: 2, start: middle + 2, end: text.length, width: 600, height: 800 },
    ];
    const chunks = await cut(plain(text, { pages, boxes }));
    for (const chunk of chunks) {
      expect(chunk.page).toBe(chunk.start < middle ? 1 : 2);
      expect(chunk.boxes).toEqual(boxes.filter(({ start, end }) => end > chunk.start && start < chunk.end));
    }
    expect(new Set(chunks.map(({ page }) => page))).toEqual(new Set([1, 2]));
  });

  test('a text without spaces is cut behind its sentences, a long sentence behind a clause', async () => {
    const sentence = '安全弁は八点四バールで開き、圧力が下がると閉じる。';
    for (const { text } of await cut(plain(sentence.repeat(120))))
      expect(text.endsWith('閉じる。')).toBe(true);
    const clauses = plain(`${'圧力が下がると閉じる、'.repeat(200)}終わり。`);
    const chunks = await cut(clauses);
    expect(chunks.length).toBeGreaterThan(2);
    for (const { text } of chunks.slice(0, -1)) expect(text.endsWith('、')).toBe(true);
  });

  test('what stands above a heading and belongs to it begins its chunk', async () => {
    const text = 'import x\n\n// Opens the valve.\nfunction open() {\n  return 1;\n}\n';
    const sectionStart = text.indexOf('//');
    const headings = [{ level: 1, text: 'function open', start: text.indexOf('function'), sectionStart }];
    const chunks = await cut(plain(text, { headings }));
    expect(chunks.map(({ start, headingPath }) => [start, headingPath])).toEqual([
      [0, []],
      [sectionStart, ['function open']],
    ]);
  });

  test('obeys the signal before and during, and lets messages in', async () => {
    const abort = new AbortController();
    const chunks = chunkDocument({
      documentId: 'd',
      parsed: plain(SENTENCE.repeat(200_000)),
      tokenizer,
      maxInputTokens: 512,
      passagePrefix: '',
      signal: abort.signal,
    });
    setTimeout(() => abort.abort());
    const run = async (): Promise<void> => {
      for await (const { text } of chunks) expect(text).not.toBe('');
    };
    await expect(run()).rejects.toMatchObject({ code: 'abort/by-user' });
  });
});
