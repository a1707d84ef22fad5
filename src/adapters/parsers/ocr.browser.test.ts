import { afterAll, describe, expect, test } from 'vitest';
import { ocrContract } from '#contracts/ocr.ts';
import { describeDocumentParser } from '#core/ports/document-parser.conformance.ts';
import type { ParsedDocument } from '#core/ports/document-parser.ts';
import { drawText } from '#core/ports/drawn-text.test-support.ts';
import type { RecognizedPicture, TextRecognizer } from '#core/ports/text-recognizer.ts';
import { createWorkerHandle } from '#rpc/worker-handle.ts';
import { textAt } from '../../../scripts/pdf-writer.mjs';
import { pdfOf, type ScanLine, scannedPage } from './drawn-scan.test-support.ts';
import { createOcrParsers } from './index.ts';

const ocr = createWorkerHandle<TextRecognizer>({
  name: 'ocr',
  contract: ocrContract,
  spawn: () => new Worker(new URL('../../../workers/ocr/ocr.worker.ts', import.meta.url), { type: 'module' }),
  abortGraceMs: 100,
});
afterAll(() => ocr.restart());

const recognizer = ocr.client;
const parsers = createOcrParsers({ recognizer, language: 'eng' });
const pdf = parsers.find(({ id }) => id.startsWith('pdf'))!;
const picture = parsers.find(({ id }) => id.startsWith('picture'))!;

const LOG: readonly ScanLine[] = [
  { text: 'Harbour log', x: 72, y: 100, size: 26 },
  { text: 'The lamp was lit at six, and nobody came.', x: 72, y: 150, size: 13 },
  { text: 'A heron stood on the pier until the tide', x: 72, y: 170, size: 13 },
  { text: 'turned, then it flew towards the mill.', x: 72, y: 190, size: 13 },
];
const LATER: readonly ScanLine[] = [
  { text: 'On the second day the brass bell cracked', x: 72, y: 120, size: 13 },
  { text: 'and the keeper mended it with tin.', x: 72, y: 140, size: 13 },
];

async function picturesFile(type: string, name: string): Promise<File> {
  const lines = LOG.map(({ text, y, size }) => ({ text, x: 60, y: y * 2, size: size * 2 }));
  const { canvas } = drawText(900, 460, lines);
  return new File([await canvas.convertToBlob({ type })], name, { type });
}

const flat = ({ text }: ParsedDocument): string => text.replace(/\s+/g, ' ');

describeDocumentParser('parsers/ocr of pictures', async () => ({
  parser: picture,
  samples: [
    {
      file: await picturesFile('image/png', 'log.png'),
      contains: [
        'Harbour log',
        'The lamp was lit at six, and nobody came. A heron stood',
        'towards the mill.',
      ],
      headings: ['Harbour log'],
      pageCount: 1,
    },
    { file: await picturesFile('image/jpeg', 'log.jpg'), contains: ['A heron stood on the pier'] },
    { file: await picturesFile('image/webp', 'log.webp'), contains: ['A heron stood on the pier'] },
  ],
  refused: [
    {
      file: new File([(await picturesFile('image/png', 'x')).slice(0, 9000)], 'cut.png'),
      code: 'input/invalid',
      message: /cut off/,
    },
    {
      file: new File([(await picturesFile('image/webp', 'x')).slice(0, 3000)], 'cut.webp'),
      code: 'input/invalid',
      message: /cut off/,
    },
    { file: hugePng(), code: 'input/too-large', message: /20000 × 20000/ },
    { file: new File(['GIF89a'], 'a.gif'), code: 'input/invalid', message: /PNG, JPEG or WebP/ },
  ],
}));

/** 20,000 × 20,000 in a few bytes: its head and its end are in order, so that only the size is to blame. */
function hugePng(): File {
  const head = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52]);
  const size = Uint8Array.from([0, 0, 0x4e, 0x20, 0, 0, 0x4e, 0x20, 1, 0, 0, 0, 0]);
  return new File([head, size, new Uint8Array(40), 'IEND'], 'huge.png');
}

describeDocumentParser('parsers/ocr of PDFs', async () => ({
  parser: pdf,
  samples: [
    {
      file: pdfOf([await scannedPage(LOG), await scannedPage(LATER)]),
      contains: [
        'Harbour log',
        'nobody came. A heron',
        'the brass bell cracked and the keeper mended it with tin.',
      ],
      headings: ['Harbour log'],
      pageCount: 2,
    },
  ],
  refused: [{ file: new File(['%PDF-1.7\nnonsense'], 'bad.pdf'), code: 'input/invalid', message: /cut off/ }],
}));

describe('scans', () => {
  const boxOf = ({ text, boxes }: ParsedDocument, word: string) => {
    const at = text.indexOf(word);
    return boxes.find(({ start, end }) => start <= at && at < end);
  };

  test('every word has a box of its own where it stands on the page, also on turned pages', async () => {
    const shown = boxOf(await pdf.parse(pdfOf([await scannedPage(LOG)])), 'heron')!;
    expect(shown.x).toBeGreaterThan(80);
    expect(shown.x).toBeLessThan(90);
    expect(shown.y).toBeGreaterThan(155);
    expect(shown.y + shown.height).toBeLessThan(175);
    const { x, y, width, height } = shown;
    // As high as its neighbours, whatever letters they have.
    const parsed = await pdf.parse(pdfOf([await scannedPage(LOG)]));
    for (const word of ['stood', 'came', 'pier']) {
      const other = boxOf(parsed, word)!;
      expect(Math.abs(other.height - height), word).toBeLessThan(1.5);
    }
    // The same place of the displayed page, on the paper as it lies in the file.
    const wanted = {
      90: { x: y, y: 842 - x - width, width: height, height: width },
      180: { x: 595 - x - width, y: 842 - y - height, width, height },
      270: { x: 595 - y - height, y: x, width: height, height: width },
    };
    for (const rotate of [90, 180, 270] as const) {
      const parsed = await pdf.parse(pdfOf([await scannedPage(LOG, { rotate })]));
      expect(flat(parsed), `turned by ${rotate}`).toContain('A heron stood on the pier until the tide');
      expect(parsed.pages[0]).toMatchObject({ width: 595, height: 842 });
      const box = boxOf(parsed, 'heron')!;
      expect(parsed.text.slice(box.start, box.end)).toBe('heron');
      for (const key of ['x', 'y', 'width', 'height'] as const)
        expect(Math.abs(box[key] - wanted[rotate][key]), `${key}, turned by ${rotate}`).toBeLessThan(3);
    }
  });

  test('in a PDF that is scanned in part, pages with a text layer keep it and are not recognized', async () => {
    const asked: number[] = [];
    const counting: TextRecognizer = {
      load: recognizer.load,
      recognize(input, options) {
        asked.push(input.picture.height);
        return recognizer.recognize(input, options);
      },
    };
    const [reader] = createOcrParsers({ recognizer: counting, language: 'eng' });
    const typed = textAt(72, 100, 12, 'This page was typed: Zwölf Boxkämpfer, l1l1 O0O0.');
    const parsed = await reader!.parse(pdfOf([{ content: typed }, await scannedPage(LATER)]));
    expect(asked).toHaveLength(1);
    expect(parsed.text).toContain('Zwölf Boxkämpfer, l1l1 O0O0.');
    expect(flat(parsed)).toContain('the brass bell cracked');
    expect(parsed.pages[0]!.confidence).toBeUndefined();
    expect(parsed.pages[1]!.confidence).toBeGreaterThan(0.7);
  });

  test('a page with type and a scanned part gets both, and nothing twice', async () => {
    const content = textAt(72, 80, 12, 'Exhibit nine, found in the harbour office.');
    const at = { x: 60, y: 200, width: 400, height: 200 };
    const parsed = await pdf.parse(pdfOf([await scannedPage(LATER, { at, content })]));
    expect(flat(parsed)).toMatch(/Exhibit nine, found in the harbour office\..*brass bell cracked/);
    expect(flat(parsed).match(/Exhibit nine/g)).toHaveLength(1);
    expect(parsed.pages[0]!.confidence).toBeGreaterThan(0.7);
  });

  test('a scan with a text layer over it is left as it is', async () => {
    const content = LOG.map(({ text, x, y, size }) => textAt(x, y, size, text)).join('');
    const parsed = await pdf.parse(pdfOf([await scannedPage(LOG, { content })]));
    expect(flat(parsed).match(/A heron stood/g)).toHaveLength(1);
    expect(parsed.pages[0]!.confidence).toBeUndefined();
  });

  test('a picture without text gives none, and a blank page neither', async () => {
    const canvas = new OffscreenCanvas(600, 400);
    const context = canvas.getContext('2d')!;
    const sky = context.createLinearGradient(0, 0, 600, 400);
    sky.addColorStop(0, '#fff');
    sky.addColorStop(1, '#234');
    context.fillStyle = sky;
    context.fillRect(0, 0, 600, 400);
    const parsed = await picture.parse(new File([await canvas.convertToBlob()], 'sky.png'));
    expect(parsed.text).toBe('');
    expect(parsed.pages[0]!.confidence).toBe(0);
    expect((await pdf.parse(pdfOf([{ content: '' }]))).text).toBe('');
  });

  test('what was read of a document before is not read again', async () => {
    const kept = new Map<number, RecognizedPicture>();
    let count = 0;
    const [reader] = createOcrParsers({
      recognizer: {
        load: recognizer.load,
        recognize(input, options) {
          count++;
          return recognizer.recognize(input, options);
        },
      },
      language: 'eng',
      pages: { get: async (page) => kept.get(page), set: async (page, read) => void kept.set(page, read) },
    });
    const file = pdfOf([await scannedPage(LOG), await scannedPage(LATER)]);
    const abort = new AbortController();
    const stopped = reader!.parse(file, {
      signal: abort.signal,
      onProgress: ({ done }) => done === 1 && abort.abort(),
    });
    await expect(stopped).rejects.toMatchObject({ code: 'abort/by-user' });
    expect([...kept.keys()]).toEqual([1]);
    const again = await reader!.parse(file);
    expect(again.text).toBe((await pdf.parse(file)).text);
    expect([...kept.keys()]).toEqual([1, 2]);
    expect(count).toBeLessThanOrEqual(3); // the second page may have been begun when it was stopped
  });
});
