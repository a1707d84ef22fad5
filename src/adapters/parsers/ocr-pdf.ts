import type { PDFPageProxy } from 'pdfjs-dist';
import type { ParsedDocument } from '#core/ports/document-parser.ts';
import type { GreyPicture, RecognizedPicture } from '#core/ports/text-recognizer.ts';
import type { CallOptions } from '#shared/call.ts';
import { greyOf, sheet } from './grey.ts';
import type { ReadPicture } from './ocr.ts';
import { confidenceOf, credibleWords, runsOf } from './ocr-runs.ts';
import { readPdf, type SeePage } from './pdf-document.ts';
import { type Area, isInside, unreadPictures } from './pdf-pictures.ts';

/** 300 dots an inch: what Tesseract's authors recommend. */
const PIXELS_A_POINT = 300 / 72;
const MOST_PIXELS = 16 * 10 ** 6;
/** A photograph in a text seldom shows so many words. */
const WORDS_IN_A_PICTURE = 3;

async function paint(page: PDFPageProxy, scale: number): Promise<GreyPicture> {
  const viewport = page.getViewport({ scale });
  const { context } = sheet(Math.ceil(viewport.width), Math.ceil(viewport.height));
  await page.render({
    canvas: null,
    canvasContext: context as never, // its type is the page's canvas; a worker has no such type
    viewport,
    background: '#fff',
  }).promise;
  return greyOf(context);
}

/** Lines with only the words that stand in one of the areas; the areas are in points. */
function inside({ lines }: RecognizedPicture, areas: readonly Area[], scale: number): RecognizedPicture {
  const inPoints = ({ left, top, right, bottom }: Area): Area => ({
    left: left / scale,
    top: top / scale,
    right: right / scale,
    bottom: bottom / scale,
  });
  return {
    lines: lines.flatMap((line) => {
      const words = line.words.filter((word) => areas.some((area) => isInside(inPoints(word), area)));
      return words.length === 0 ? [] : [{ ...line, words }];
    }),
  };
}

/**
 * A PDF with pages that are scans. A page with a text layer keeps it; where it has pictures that the layer says nothing
 * about, the words in them are added. Pages are painted as they are displayed, so that a turned scan is read upright.
 */
export function readScannedPdf(
  file: Blob,
  isCutOff: boolean,
  read: ReadPicture,
  options: CallOptions | undefined,
): Promise<ParsedDocument> {
  const see: SeePage = async (page, layer) => {
    const isBare = layer.runs.length === 0;
    const areas = isBare ? [] : await unreadPictures(page, layer.runs);
    if (!isBare && areas.length === 0) return { runs: layer };
    const { width, height, number } = layer;
    const scale = Math.min(PIXELS_A_POINT, Math.sqrt(MOST_PIXELS / (width * height)));
    const whole = await read(number, () => paint(page, scale));
    const picture = isBare ? whole : inside(whole, areas, scale);
    const confidence = confidenceOf(picture);
    const isText = credibleWords(picture) >= (isBare ? 1 : WORDS_IN_A_PICTURE);
    if (!isText) return { runs: layer, ...(isBare ? { confidence: 0 } : {}) };
    return {
      runs: { ...layer, runs: [...layer.runs, ...runsOf(picture, scale)] },
      ...(confidence === undefined ? {} : { confidence }),
    };
  };
  return readPdf(file, isCutOff, options, see);
}
