// Writes e2e/fixtures/documents and the PDFs of public/samples. What it writes is committed; run it again after a change:
//   node scripts/make-fixtures.mjs
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { deflateSync } from 'node:zlib';
import { formatFixtures } from './fixture-texts/formats.mjs';
import { nightSky } from './fixture-texts/night-sky.mjs';
import { reliefValve } from './fixture-texts/relief-valve.mjs';
import { textAt, textWidth, wrap, writePdf } from './pdf-writer.mjs';

const top = resolve(import.meta.dirname, '..');
const documents = join(top, 'e2e/fixtures/documents');
const samples = join(top, 'public/samples');
mkdirSync(documents, { recursive: true });
mkdirSync(samples, { recursive: true });

const md5 = (bytes) => new Uint8Array(createHash('md5').update(bytes).digest());
const deflate = (bytes) => new Uint8Array(deflateSync(bytes, { level: 9 }));

const LEFT = 72;
const WIDTH = 451;
const HEIGHT = 842;

function table(rows, y) {
  let content = '';
  rows.forEach((row, r) => {
    const top = y + r * 18;
    row.forEach((cell, c) => {
      content += textAt(LEFT + 8 + c * 150, top, 10.5, cell, r === 0 ? 'F2' : 'F1');
    });
    content += `0.75 G 0.5 w ${LEFT} ${HEIGHT - top - 6} m ${LEFT + WIDTH} ${HEIGHT - top - 6} l S\n`;
  });
  return { content, height: rows.length * 18 + 10 };
}

/** One page: running title, heading, paragraphs, figures. */
function page({ title, blocks, drawing = '' }, number, count, book) {
  let content = '';
  let y = 100;
  if (number > 1) {
    content += textAt(LEFT, 48, 9, book.running);
    content += `0.8 G 0.5 w ${LEFT} ${HEIGHT - 56} m ${LEFT + WIDTH} ${HEIGHT - 56} l S\n`;
  } else {
    content += textAt(LEFT, 118, 26, book.title, 'F2');
    content += textAt(LEFT, 144, 12, book.subtitle);
    y = 200;
  }
  const foot = `Page ${number} of ${count}`;
  content += textAt(LEFT + WIDTH - textWidth(foot, 9), 804, 9, foot);
  content += textAt(LEFT, y, 17, title, 'F2');
  y += 32;
  for (const block of blocks) {
    if (block.heading) {
      y += 8;
      content += textAt(LEFT, y, 13, block.heading, 'F2');
      y += 22;
    } else if (block.table) {
      const { content: drawn, height } = table(block.table, y);
      content += drawn;
      y += height + 10;
    } else if (block.list) {
      for (const item of block.list) {
        wrap(item, 11, WIDTH - 18).forEach((line, i) => {
          if (i === 0) content += textAt(LEFT + 4, y, 11, '•');
          content += textAt(LEFT + 18, y, 11, line);
          y += 15.5;
        });
        y += 3;
      }
      y += 9;
    } else {
      for (const line of wrap(block, 11, WIDTH)) {
        content += textAt(LEFT, y, 11, line);
        y += 15.5;
      }
      y += 12;
    }
  }
  return { content: content + drawing };
}

function book(input, options = {}) {
  return writePdf({
    pages: input.pages.map((each, i) => page(each, i + 1, input.pages.length, input)),
    title: input.title,
    outline: input.pages.flatMap((each, i) => [
      { title: each.title, page: i, depth: 1 },
      ...each.blocks.flatMap((block) => (block.heading ? [{ title: block.heading, page: i, depth: 2 }] : [])),
    ]),
    deflate,
    ...options,
  });
}

const manual = book(reliefValve);
writeFileSync(join(documents, 'relief-valve-manual.pdf'), manual);
writeFileSync(join(documents, 'truncated.pdf'), manual.slice(0, Math.floor(manual.length * 0.6)));
writeFileSync(join(documents, 'encrypted.pdf'), book(reliefValve, { password: 'seventeen', md5 }));
writeFileSync(join(samples, 'night-sky-guide.pdf'), book(nightSky));

// A picture that only claims to be a document: 1 × 1 pixels, grey.
const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==';
writeFileSync(join(documents, 'png-as.pdf'), Buffer.from(PNG, 'base64'));

for (const [name, bytes] of Object.entries(formatFixtures)) writeFileSync(join(documents, name), bytes);
