import { describe, expect, test } from 'vitest';
import { describeDocumentParser } from '#core/ports/document-parser.conformance.ts';
import encryptedUrl from '../../../e2e/fixtures/documents/encrypted.pdf?url';
import pngUrl from '../../../e2e/fixtures/documents/png-as.pdf?url';
import manualUrl from '../../../e2e/fixtures/documents/relief-valve-manual.pdf?url';
import truncatedUrl from '../../../e2e/fixtures/documents/truncated.pdf?url';
import { type PdfPage, textAt, wrap, writePdf } from '../../../scripts/pdf-writer.mjs';
import { createParsers } from './index.ts';

async function fetched(url: string, name: string): Promise<File> {
  return new File([await (await fetch(url)).blob()], name, { type: 'application/pdf' });
}

function pdf(pages: PdfPage[], more: object = {}): File {
  return new File([writePdf({ pages, ...more })], 'made.pdf', { type: 'application/pdf' });
}

const parser = createParsers().find((each) => each.id === 'pdf')!;

describeDocumentParser('parsers/pdf', async () => ({
  parser,
  samples: [
    {
      file: await fetched(manualUrl, 'relief-valve-manual.pdf'),
      contains: [
        'RV-12 Relief Valve',
        'About this manual',
        'Keep this manual in the control room, and write every repair into the log at the end of the shift in which it was made.',
        '• Read chapter 2 before you touch the adjusting screw.',
        'The RV-12 opens at 8.4 bar. This set pressure was chosen because',
        'The relief valve failed first, at 02:17, when its spring broke at the third coil. Eleven minutes later',
        'Spring, 142 mm TF-2207 1',
        'Northgate Mutual.',
      ],
      pageCount: 7,
    },
  ],
  refused: [
    {
      file: await fetched(encryptedUrl, 'encrypted.pdf'),
      code: 'input/password-protected',
      message: /password/,
    },
    { file: await fetched(truncatedUrl, 'truncated.pdf'), code: 'input/invalid', message: /cut off/ },
    { file: await fetched(pngUrl, 'png-as.pdf'), code: 'input/invalid', message: /PNG/ },
    { file: new File(['%PDF-1.7\nnonsense %%EOF'], 'bad.pdf'), code: 'input/invalid', message: /damaged/ },
    { file: new File(['<!doctype html><p>x'], 'page.pdf'), code: 'input/invalid', message: /web page/ },
  ],
}));

test('text that is not UTF-8 is windows-1252, with its own signs', async () => {
  // In the browser: Node 20 reads windows-1252 as Latin-1.
  const text = createParsers().find((each) => each.id === 'text')!;
  const bytes = new Uint8Array([0x47, 0x72, 0xfc, 0xdf, 0x65, 0x20, 0x80]);
  expect((await text.parse(new File([bytes], 'a.txt'))).text).toBe('Grüße €');
});

describe('PDF text', () => {
  test('headings come from the outline, with their levels; the title from the file', async () => {
    const { headings, title } = await parser.parse(await fetched(manualUrl, 'relief-valve-manual.pdf'));
    expect(title).toBe('RV-12 Relief Valve');
    expect(headings.slice(0, 4)).toMatchObject([
      { level: 1, text: 'About this manual' },
      { level: 1, text: 'How the valve works' },
      { level: 2, text: 'Set pressure' },
      { level: 2, text: 'Flow' },
    ]);
  });

  test('without an outline, from larger type', async () => {
    const content =
      textAt(72, 80, 20, 'Great Title', 'F2') +
      textAt(72, 120, 14, 'Section one', 'F2') +
      wrap('Body text that goes on for a while and fills the lines of this page. '.repeat(8), 11, 450)
        .map((line, i) => textAt(72, 150 + i * 15, 11, line))
        .join('');
    const { headings, title } = await parser.parse(pdf([{ content }]));
    expect(headings).toMatchObject([
      { level: 1, text: 'Great Title' },
      { level: 2, text: 'Section one' },
    ]);
    expect(title).toBe('Great Title');
  });

  test('running titles and page numbers stand only once or not at all', async () => {
    const { text } = await parser.parse(await fetched(manualUrl, 'relief-valve-manual.pdf'));
    expect(text.match(/operation and maintenance/g)).toHaveLength(1);
    expect(text).not.toMatch(/Page \d of 7/);
  });

  test('words cut at line ends are whole, compounds keep their hyphen, offsets hold', async () => {
    const content =
      textAt(72, 100, 11, 'The operation of the pressure-reducing unit is simple, and the reducing pres-') +
      textAt(72, 115, 11, 'sure is set by hand on the third day of the month by the engineer, a well-') +
      textAt(72, 130, 11, 'known man who is known to work well with every part of the temper-') +
      textAt(72, 145, 11, 'ature gauge.');
    const { text, boxes } = await parser.parse(pdf([{ content }]));
    expect(text).toBe(
      'The operation of the pressure-reducing unit is simple, and the reducing pressure is set by hand on the third day of the month by the engineer, a well-known man who is known to work well with every part of the temperature gauge.',
    );
    expect(boxes.map(({ start, end }) => text.slice(start, end))).toEqual([
      'The operation of the pressure-reducing unit is simple, and the reducing pres',
      'sure is set by hand on the third day of the month by the engineer, a well-',
      'known man who is known to work well with every part of the temper',
      'ature gauge.',
    ]);
  });

  test('columns that were written line by line are read one after the other', async () => {
    let content = '';
    for (let i = 0; i < 12; i++)
      content +=
        textAt(320, 100 + i * 15, 11, `right column line ${i}`) +
        textAt(72, 100 + i * 15, 11, `left column line ${i}`);
    // Written from the bottom up, as some tools do.
    const lines = content.split('\n').reverse().join('\n');
    const { text } = await parser.parse(pdf([{ content: lines }]));
    const wanted = ['left', 'right'].flatMap((side) =>
      Array.from({ length: 12 }, (_, i) => `${side} column line ${i}`),
    );
    expect(text.replace(/\s+/g, ' ')).toBe(wanted.join(' '));
  });

  test('boxes are where the letters are, also on turned pages', async () => {
    const plain = await parser.parse(pdf([{ content: textAt(72, 100, 20, 'Hello there') }]));
    const box = plain.boxes[0]!;
    expect(box.x).toBeCloseTo(72, 0);
    expect(box.y).toBeGreaterThan(75);
    expect(box.y + box.height).toBeGreaterThan(100);
    expect(box.y + box.height).toBeLessThan(110);
    expect(box.width).toBeGreaterThan(90);
    for (const rotate of [90, 180, 270] as const) {
      const turned = await parser.parse(pdf([{ rotate, content: textAt(72, 100, 20, 'Hello there') }]));
      expect(turned.text).toBe('Hello there');
      expect(turned.pages[0]).toMatchObject({ width: 595, height: 842 });
      const same = turned.boxes[0]!;
      for (const key of ['x', 'y', 'width', 'height'] as const) expect(same[key]).toBeCloseTo(box[key], 3);
    }
  });

  test('a turned page that reads upright is laid out as it is read', async () => {
    // Text turned by 90° on a page that is turned back for display.
    const line = (x: number, text: string): string => `BT /F1 12 Tf 0 1 -1 0 ${x} 100 Tm (${text}) Tj ET\n`;
    const { text } = await parser.parse(
      pdf([
        {
          rotate: 90,
          content: line(100, 'First line of the landscape page,') + line(116, 'second line of it.'),
        },
      ]),
    );
    expect(text).toMatch(/^First line of the landscape page,\ssecond line of it\.$/);
  });

  test('a page without a text layer gives no text and no error', async () => {
    const { text, pages } = await parser.parse(pdf([{ content: '0.5 g 100 100 200 200 re f\n' }]));
    expect(text).toBe('');
    expect(pages).toHaveLength(1);
  });

  test('a sentence goes on across pages', async () => {
    const { text, pages } = await parser.parse(
      pdf([
        { content: textAt(72, 700, 11, 'The first page ends in the middle of a') },
        { content: textAt(72, 80, 11, 'sentence, which goes on here.') },
      ]),
    );
    expect(text).toBe('The first page ends in the middle of a sentence, which goes on here.');
    expect(text.slice(pages[1]!.start, pages[1]!.end)).toBe('sentence, which goes on here.');
  });

  test('runs in a worker, where there is no document', async () => {
    const worker = new Worker(new URL('./parse.test-worker.ts', import.meta.url), { type: 'module' });
    const answer = new Promise<string>((resolve, reject) => {
      worker.onmessage = ({ data }: MessageEvent<string>) => resolve(data);
      worker.onerror = ({ message }) => reject(new Error(message));
    });
    worker.postMessage(await fetched(manualUrl, 'relief-valve-manual.pdf'));
    expect(await answer).toContain('The RV-12 opens at 8.4 bar.');
    worker.terminate();
  });
});
