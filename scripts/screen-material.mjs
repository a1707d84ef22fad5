// What the screens show beside the fixtures: a scan, and a question set that is small enough to be asked in a minute.
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { writePdf } from './pdf-writer.mjs';

const SET = resolve(import.meta.dirname, '../e2e/fixtures/beir-jargon');
const QUESTIONS = 24;
const DOCUMENTS = 120;
const LINES = [
  'Harbour log',
  'The lamp was lit at six, and nobody came. A heron stood on the pier until the',
  'tide turned, then it flew towards the mill. The brass bell cracked in the frost,',
  'and the keeper mended it with tin from the galley. It rang a little lower from',
  'then on, and the fishermen complained.',
];
const [WIDTH, HEIGHT] = [1240, 1754];

/** A sheet of print as an office scanner gives it, in a PDF without a letter of text. */
export async function scannedPdf(page, name) {
  const base64 = await page.evaluate(
    async ([lines, width, height]) => {
      const canvas = new OffscreenCanvas(width, height);
      const context = canvas.getContext('2d');
      context.fillStyle = '#fff';
      context.fillRect(0, 0, width, height);
      context.fillStyle = '#111';
      for (const [i, line] of lines.entries()) {
        context.font = `${i === 0 ? 54 : 28}px serif`;
        context.fillText(line, 150, 210 + i * 46 + (i > 0 ? 40 : 0));
      }
      const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 });
      return btoa(
        Array.from(new Uint8Array(await blob.arrayBuffer()), (n) => String.fromCharCode(n)).join(''),
      );
    },
    [LINES, WIDTH, HEIGHT],
  );
  const picture = { width: WIDTH, height: HEIGHT, jpeg: Buffer.from(base64, 'base64') };
  const pages = [{ content: 'q 595 0 0 842 0 0 cm /Im0 Do Q\n', picture }];
  return { name, mimeType: 'application/pdf', buffer: Buffer.from(writePdf({ pages })) };
}

/** A folder in BEIR layout: the first questions, what is judged for them, and other documents. */
export function questionSet() {
  const read = (path) => readFileSync(join(SET, path), 'utf8').trimEnd().split('\n');
  const queries = read('queries.jsonl').slice(0, QUESTIONS);
  const ids = new Set(queries.map((line) => JSON.parse(line)._id));
  const [heading, ...all] = read('qrels/test.tsv');
  const judged = all.map((line) => line.split('\t')).filter(([query]) => ids.has(query));
  const wanted = new Set(judged.map(([, document]) => document));
  const rank = (line) => (wanted.has(JSON.parse(line)._id) ? 0 : 1);
  const documents = read('corpus.jsonl')
    .sort((a, b) => rank(a) - rank(b))
    .slice(0, DOCUMENTS);
  const folder = join(mkdtempSync(join(tmpdir(), 'screens-')), 'workshop-questions');
  mkdirSync(join(folder, 'qrels'), { recursive: true });
  writeFileSync(join(folder, 'corpus.jsonl'), documents.join('\n'));
  writeFileSync(join(folder, 'queries.jsonl'), queries.join('\n'));
  writeFileSync(join(folder, 'qrels/test.tsv'), [heading, ...judged.map((row) => row.join('\t'))].join('\n'));
  return folder;
}
