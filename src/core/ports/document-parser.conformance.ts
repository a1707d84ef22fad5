import { describe, expect, test } from 'vitest';
import type { Progress } from '#shared/call.ts';
import type { AppError } from '#shared/errors.ts';
import type { DocumentParser, ParsedDocument } from './document-parser.ts';

interface ParserSample {
  readonly file: File;
  /** Text that must be in the result, in this order. */
  readonly contains: readonly string[];
  readonly headings?: readonly string[];
  readonly pageCount?: number;
}

/** A parser, real files that it reads, and real files that it must refuse. */
export interface DocumentParserSubject {
  readonly parser: DocumentParser;
  readonly samples: readonly ParserSample[];
  readonly refused: readonly {
    readonly file: File;
    readonly code: AppError['code'];
    readonly message?: RegExp;
  }[];
}

async function failureOf(work: Promise<unknown>): Promise<Pick<AppError, 'code' | 'message'>> {
  try {
    await work;
  } catch (error) {
    return error as AppError;
  }
  throw new Error('nothing was thrown');
}

function expectSoundOffsets(parsed: ParsedDocument): void {
  const { text, pages, headings, boxes } = parsed;
  expect(text).not.toContain('\r');
  expect(text).not.toContain('\0');
  let end = 0;
  pages.forEach((page, i) => {
    expect(page.number).toBe(i + 1);
    expect(page.start).toBeGreaterThanOrEqual(end);
    expect(page.end).toBeGreaterThanOrEqual(page.start);
    expect(page.width).toBeGreaterThan(0);
    expect(page.height).toBeGreaterThan(0);
    end = page.end;
  });
  expect(end).toBeLessThanOrEqual(text.length);

  let last = -1;
  for (const heading of headings) {
    expect(heading.start).toBeGreaterThan(last);
    const { sectionStart = heading.start } = heading;
    expect(sectionStart).toBeGreaterThan(last);
    expect(sectionStart).toBeLessThanOrEqual(heading.start);
    expect(heading.level).toBeGreaterThanOrEqual(1);
    expect(heading.level).toBeLessThanOrEqual(6);
    const firstWord = /[\p{L}\p{N}]+/u.exec(heading.text)?.[0] ?? '';
    expect(text.slice(heading.start, heading.start + 40 + firstWord.length)).toContain(firstWord);
    last = heading.start;
  }

  let linkEnd = 0;
  for (const { start, end, href } of parsed.links ?? []) {
    expect(start).toBeGreaterThanOrEqual(linkEnd);
    expect(end).toBeGreaterThan(start);
    expect(end).toBeLessThanOrEqual(text.length);
    expect(text.slice(start, end).trim()).not.toBe('');
    expect(['http:', 'https:', 'mailto:']).toContain(new URL(href).protocol);
    linkEnd = end;
  }

  let before = 0;
  for (const box of boxes) {
    expect(box.start).toBeGreaterThanOrEqual(before);
    expect(box.end).toBeGreaterThan(box.start);
    expect(text.slice(box.start, box.end).trim()).not.toBe('');
    const page = pages[box.page - 1];
    if (!page) throw new Error(`A box on page ${box.page}, which is not there`);
    expect(box.start).toBeGreaterThanOrEqual(page.start);
    expect(box.end).toBeLessThanOrEqual(page.end);
    for (const value of [box.x, box.y, box.width, box.height]) expect(Number.isFinite(value)).toBe(true);
    before = box.end;
  }
}

/** What every DocumentParser promises: sound offsets, the same answer twice, honest refusals, and an abort that works. */
export function describeDocumentParser(name: string, make: () => Promise<DocumentParserSubject>): void {
  describe(`${name} is a DocumentParser`, () => {
    const head = async (file: Blob): Promise<Uint8Array> =>
      new Uint8Array(await file.slice(0, 4096).arrayBuffer());

    test('accepts its files and reads them with offsets that hold', async () => {
      const { parser, samples } = await make();
      expect(samples.length).toBeGreaterThan(0);
      for (const { file, contains, headings, pageCount } of samples) {
        expect(
          parser.accepts({ name: file.name, mediaType: file.type, head: await head(file) }),
          file.name,
        ).toBe(true);
        const parsed = await parser.parse(file);
        expectSoundOffsets(parsed);
        let at = 0;
        for (const part of contains) {
          const found = parsed.text.indexOf(part, at);
          expect(found, `${file.name}: ${part}`).toBeGreaterThanOrEqual(at);
          at = found + part.length;
        }
        if (headings) expect(parsed.headings.map((heading) => heading.text)).toEqual(headings);
        if (pageCount !== undefined) expect(parsed.pages).toHaveLength(pageCount);
      }
    });

    test('the same bytes give the same document', async () => {
      const { parser, samples } = await make();
      for (const { file } of samples) expect(await parser.parse(file)).toEqual(await parser.parse(file));
    });

    test('progress never goes back and ends with everything', async () => {
      const { parser, samples } = await make();
      for (const { file } of samples) {
        const seen: Progress[] = [];
        await parser.parse(file, { onProgress: (event) => seen.push(event) });
        expect(seen.length).toBeGreaterThan(0);
        const done = seen.map((event) => event.done);
        expect(done).toEqual([...done].sort((a, b) => a - b));
        expect(seen.at(-1)?.done).toBe(seen.at(-1)?.total);
      }
    });

    test('stops when it is told to, before and during', async () => {
      const { parser, samples } = await make();
      const file = samples[0]?.file ?? new File([], 'none');
      const before = failureOf(parser.parse(file, { signal: AbortSignal.abort() }));
      expect((await before).code).toBe('abort/by-user');
      const abort = new AbortController();
      const reading = failureOf(parser.parse(file, { signal: abort.signal }));
      abort.abort();
      expect((await reading).code).toBe('abort/by-user');
      expect((await parser.parse(file)).text).not.toBe('');
    });

    test('an empty file is refused in words', async () => {
      const { parser, samples } = await make();
      const like = samples[0]?.file;
      const empty = new File([], like?.name ?? 'empty', { type: like?.type ?? '' });
      const failure = await failureOf(parser.parse(empty));
      expect(failure.code).toBe('input/invalid');
      expect(failure.message).toMatch(/empty/);
    });

    test('what it cannot read is refused with its code', async () => {
      const { parser, refused } = await make();
      for (const { file, code, message } of refused) {
        const failure = await failureOf(parser.parse(file));
        expect(failure.code, `${file.name}: ${failure.message}`).toBe(code);
        if (message) expect(failure.message).toMatch(message);
      }
    });
  });
}
