import type { DocumentParser } from '#core/ports/document-parser.ts';
import type { Unpacker } from '#core/ports/unpacker.ts';
import { createCodeParser } from './code.ts';
import { createCsvParser } from './csv.ts';
import { createDocxParser } from './docx.ts';
import { createEmlParser } from './eml.ts';
import { createEpubParser } from './epub.ts';
import { createHtmlParser } from './html.ts';
import { createMarkdownParser } from './markdown.ts';
import { createPdfParser } from './pdf.ts';
import { createSoundParser } from './sound.ts';
import { createTextParser } from './text.ts';
import { createXlsxParser } from './xlsx.ts';
import { createZipUnpacker } from './zip-unpacker.ts';

export { createOcrParsers } from './ocr.ts';

/** Every format that can be read; the first that accepts a file reads it. Heavy libraries load when one is used. */
export function createParsers(): DocumentParser[] {
  return [
    createPdfParser(),
    createDocxParser(),
    createXlsxParser(),
    createEpubParser(),
    createEmlParser(),
    createCsvParser(),
    createMarkdownParser(),
    createCodeParser(),
    createHtmlParser(),
    createTextParser(),
    createSoundParser(),
  ];
}

/** Containers whose files become documents of their own. */
export function createUnpackers(): Unpacker[] {
  return [createZipUnpacker()];
}
