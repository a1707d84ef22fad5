import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Progress } from '#shared/call.ts';
import type { AppError } from '#shared/errors.ts';
import { type DrawnPicture, drawText, greyOf } from './drawn-text.test-support.ts';
import type { RecognizedLine, TextRecognizer } from './text-recognizer.ts';

/** A recognizer that knows English. */
export interface TextRecognizerSubject {
  readonly recognizer: TextRecognizer;
  /** Its name for English. */
  readonly english: string;
  readonly dispose?: () => void | Promise<void>;
}

const HEADING = 'Harbour log';
const BODY = [
  'The lamp was lit at six, and nobody came.',
  'A heron stood on the pier until the tide',
  'turned, then it flew towards the mill.',
];
const LATER = ['On the next day the bell rang twice for', 'a boat that nobody had seen before.'];

function page(): DrawnPicture {
  const body = BODY.map((text, i) => ({ text, x: 60, y: 180 + i * 44, size: 32 }));
  const later = LATER.map((text, i) => ({ text, x: 60, y: 400 + i * 44, size: 32 }));
  return drawText(820, 520, [{ text: HEADING, x: 60, y: 90, size: 60 }, ...body, ...later]);
}

const textOf = (lines: readonly RecognizedLine[]): string[] =>
  lines.map(({ words }) => words.map(({ text }) => text).join(' '));

async function failureOf(work: Promise<unknown>): Promise<Pick<AppError, 'code' | 'message'>> {
  try {
    await work;
  } catch (error) {
    return error as AppError;
  }
  throw new Error('nothing was thrown');
}

/** Every adapter of the port runs this, on pictures that are drawn here. */
export function describeTextRecognizer(name: string, create: () => Promise<TextRecognizerSubject>): void {
  describe(`${name} is a TextRecognizer`, () => {
    let subject: TextRecognizerSubject;
    const drawn = page();
    const recognize = (picture = greyOf(drawn.canvas), language = subject.english) =>
      subject.recognizer.recognize({ language, picture });

    beforeAll(async () => {
      subject = await create();
    });
    afterAll(async () => subject.dispose?.());

    test('loading tells how many bytes have come, and a second time nothing is fetched', async () => {
      const seen: Progress[] = [];
      const load = () =>
        subject.recognizer.load({ language: subject.english }, { onProgress: (event) => seen.push(event) });
      await load();
      expect(seen.length).toBeGreaterThan(0);
      expect(seen.every(({ phase, unit }) => phase === 'download' && unit === 'bytes')).toBe(true);
      const count = seen.length;
      await load();
      expect(seen).toHaveLength(count);
    });

    test('clean print is read word for word, in reading order, line by line', async () => {
      const { lines } = await recognize();
      expect(textOf(lines)).toEqual([HEADING, ...BODY, ...LATER]);
    });

    test('every word stands where it was drawn', async () => {
      const { lines } = await recognize();
      const words = lines.flatMap((line) => line.words.map((word) => ({ ...word, baseline: line.baseline })));
      expect(words.map(({ text }) => text)).toEqual(drawn.words.map(({ text }) => text));
      words.forEach((word, i) => {
        const wanted = drawn.words[i];
        if (!wanted) throw new Error('more words than were drawn');
        const where = `${word.text} at ${word.left},${word.top}`;
        expect(Math.abs(word.left - wanted.left), where).toBeLessThan(8);
        expect(Math.abs(word.right - wanted.right), where).toBeLessThan(8);
        expect(Math.abs(word.baseline - wanted.baseline), where).toBeLessThan(6);
        expect(word.top, where).toBeLessThan(wanted.baseline);
        expect(word.bottom, where).toBeGreaterThan(wanted.baseline - 6);
      });
    });

    test('it is sure of clean print, and says so between 0 and 1', async () => {
      const { lines } = await recognize();
      for (const { words } of lines)
        for (const { confidence, text } of words) {
          expect(confidence, text).toBeGreaterThan(0.5);
          expect(confidence, text).toBeLessThanOrEqual(1);
        }
    });

    test('larger type is higher, and paragraphs are told apart', async () => {
      const { lines } = await recognize();
      const [heading, ...body] = lines;
      for (const line of body) expect(heading?.rise).toBeGreaterThan(line.rise * 1.3);
      const paragraphs = lines.map(({ paragraph }) => paragraph);
      expect(paragraphs).toEqual([...paragraphs].sort((a, b) => a - b));
      expect(new Set(paragraphs).size).toBeGreaterThan(1);
      expect(lines.at(-1)?.paragraph).not.toBe(lines[1]?.paragraph);
    });

    test('the same picture gives the same words', async () => {
      expect(await recognize()).toEqual(await recognize());
    });

    test('an empty sheet has no lines', async () => {
      expect((await recognize(greyOf(drawText(600, 400, []).canvas))).lines).toEqual([]);
    });

    test('a picture of no size, one with other pixels than it says, and an unknown language are refused', async () => {
      const none = { width: 0, height: 0, pixels: new Uint8Array() };
      expect((await failureOf(recognize(none))).code).toBe('input/invalid');
      const short = { width: 10, height: 10, pixels: new Uint8Array(99) };
      expect((await failureOf(recognize(short))).code).toBe('input/invalid');
      const klingon = await failureOf(recognize(greyOf(drawn.canvas), 'tlh'));
      expect(klingon.code).toBe('input/invalid');
      expect(klingon.message).toContain('tlh');
      expect(textOf((await recognize()).lines)[0]).toBe(HEADING);
    });

    test('it stops when it is told to, and reads the next picture', async () => {
      const picture = greyOf(drawn.canvas);
      const stopped = subject.recognizer.recognize(
        { language: subject.english, picture },
        { signal: AbortSignal.abort() },
      );
      expect((await failureOf(stopped)).code).toBe('abort/by-user');
      expect(textOf((await recognize()).lines)[0]).toBe(HEADING);
    });
  });
}
