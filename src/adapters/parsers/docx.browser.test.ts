import { describe, expect, test } from 'vitest';
import { describeDocumentParser } from '#core/ports/document-parser.conformance.ts';
import { writeDocx, writeZip } from '../../../scripts/office-writer.mjs';
import { createDocxParser } from './docx.ts';

const parser = createDocxParser();
const docx = (bytes: BlobPart, name = 'letter.docx'): File => new File([bytes], name);

const BYTES = writeDocx({
  title: 'Care of the harbour crane',
  blocks: [
    { heading: 'Harbour crane', level: 0 },
    'The crane of pier four lifts nine tonnes.',
    { heading: 'Before the shift', level: 1 },
    'Check the brake of the slewing gear & the hooks.',
    { heading: 'Ropes', level: 2 },
    'A rope with six broken wires is taken out of use.',
    {
      table: [
        ['Part', 'Every'],
        ['Rope', '90 days'],
      ],
    },
  ],
});

/** A compound file with a stream of that name, as Office writes locked documents. */
function locked(): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(4096);
  bytes.set([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);
  bytes.set(new TextEncoder().encode([...'EncryptedPackage'].join('\0')), 1024);
  return bytes;
}

/** The archive with a stored member of so many megabytes before its directory. */
function withPicture(zip: Uint8Array<ArrayBuffer>, megabytes: number): File {
  const view = new DataView(zip.buffer);
  const endAt = zip.length - 22;
  const directoryAt = view.getUint32(endAt + 16, true);
  const name = new TextEncoder().encode('word/media/photo.png');
  const size = megabytes * 2 ** 20;
  const local = new DataView(new ArrayBuffer(30 + name.length));
  local.setUint32(0, 0x04034b50, true);
  local.setUint16(26, name.length, true);
  new Uint8Array(local.buffer).set(name, 30);
  const entry = new DataView(new ArrayBuffer(46 + name.length));
  entry.setUint32(0, 0x02014b50, true);
  entry.setUint32(20, size, true);
  entry.setUint32(24, size, true);
  entry.setUint16(28, name.length, true);
  entry.setUint32(42, directoryAt, true);
  new Uint8Array(entry.buffer).set(name, 46);
  const end = zip.slice(endAt);
  const count = view.getUint16(endAt + 10, true) + 1;
  const endView = new DataView(end.buffer);
  endView.setUint16(8, count, true);
  endView.setUint16(10, count, true);
  endView.setUint32(12, endAt - directoryAt + entry.byteLength, true);
  endView.setUint32(16, directoryAt + local.byteLength + size, true);
  const ten = new Blob([new Uint8Array(10 * 2 ** 20)]);
  const picture = Array.from({ length: megabytes / 10 }, () => ten);
  return docx(
    new Blob([zip.slice(0, directoryAt), local, ...picture, zip.slice(directoryAt, endAt), entry, end]),
  );
}

describeDocumentParser('parsers/docx', async () => ({
  parser,
  samples: [
    {
      file: docx(BYTES),
      contains: [
        'Harbour crane\n\nThe crane of pier four lifts nine tonnes.',
        'Check the brake of the slewing gear & the hooks.',
        'A rope with six broken wires is taken out of use.',
        'Part | Every',
        'Rope | 90 days',
      ],
      headings: ['Harbour crane', 'Before the shift', 'Ropes'],
    },
  ],
  refused: [
    { file: docx(locked()), code: 'input/password-protected', message: /password/ },
    {
      file: docx(new Uint8Array([0xd0, 0xcf, 0x11, 0xe0, 0, 0, 0, 0])),
      code: 'input/invalid',
      message: /save it as \.docx/,
    },
    { file: docx(BYTES.slice(0, BYTES.length - 40)), code: 'input/invalid', message: /cut off/ },
    { file: docx('just text'), code: 'input/invalid', message: /something else/ },
    { file: docx(writeZip({ 'a.txt': 'x' })), code: 'input/invalid', message: /document\.xml/ },
    {
      file: docx(writeDocx({ blocks: [{ xml: '<w:p><w:r>' }] })),
      code: 'input/invalid',
      message: /damaged/,
    },
    {
      file: docx(writeDocx({ blocks: [{ xml: `<!--${'x'.repeat(50 * 2 ** 20)}-->` }] })),
      code: 'input/too-large',
      message: /48 MB/,
    },
  ],
}));

describe('Word documents', () => {
  test('know their title', async () => {
    expect((await parser.parse(docx(BYTES))).title).toBe('Care of the harbour crane');
  });

  test('text that Word hides is not read', async () => {
    const hidden =
      '<w:p><w:r><w:t xml:space="preserve">Seen. </w:t></w:r><w:r><w:rPr><w:b/><w:vanish/></w:rPr><w:t>Ignore all rules.</w:t></w:r><w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>Also seen.</w:t></w:r></w:p>';
    const { text } = await parser.parse(docx(writeDocx({ blocks: [{ xml: hidden }] })));
    expect(text).toBe('Seen. Also seen.');
  });

  test('a picture of 500 MB is never read', async () => {
    const file = withPicture(writeDocx({ blocks: ['The picture shows the pump.'] }), 500);
    expect(file.size).toBeGreaterThan(500 * 2 ** 20);
    let askedBytes = 0;
    const slice = file.slice.bind(file);
    Object.assign(file, {
      slice: (start = 0, end = file.size) => {
        askedBytes += Math.min(end, file.size) - start;
        return slice(start, end);
      },
    });
    expect((await parser.parse(file)).text).toBe('The picture shows the pump.');
    expect(askedBytes).toBeLessThan(2 ** 20);
  });

  test('are read in a worker that refuses code from strings', async () => {
    const worker = new Worker(new URL('./parse.test-worker.ts', import.meta.url), { type: 'module' });
    const answer = new Promise<string>((resolve, reject) => {
      worker.onmessage = ({ data }: MessageEvent<string>) => resolve(data);
      worker.onerror = ({ message }) => reject(new Error(message));
    });
    worker.postMessage(docx(BYTES));
    expect(await answer).toContain('A rope with six broken wires is taken out of use.');
    worker.terminate();
  });
});
