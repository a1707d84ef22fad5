import { drawText } from '#core/ports/drawn-text.test-support.ts';
import { type PdfPage, writePdf } from '../../../scripts/pdf-writer.mjs';

const A4 = { width: 595, height: 842 };
/** Pixels a point: 150 dots an inch, as office scanners do. */
const SCAN = 150 / 72;

export interface ScanLine {
  readonly text: string;
  /** In points from the top left corner, of the baseline. */
  readonly x: number;
  readonly y: number;
  readonly size: number;
}

/** Where a picture is put on a page, in points from the top left corner. */
interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

async function jpegOf(lines: readonly ScanLine[], { width, height }: Place, degrees: number) {
  const [w, h] = [Math.round(width * SCAN), Math.round(height * SCAN)];
  const upright = degrees % 180 === 0 ? ([w, h] as const) : ([h, w] as const);
  const { canvas } = drawText(
    ...upright,
    lines.map(({ text, x, y, size }) => ({ text, x: x * SCAN, y: y * SCAN, size: size * SCAN })),
  );
  const turned = new OffscreenCanvas(w, h);
  const context = turned.getContext('2d');
  if (!context) throw new Error('no drawing surface');
  context.translate(w / 2, h / 2);
  context.rotate((degrees * Math.PI) / 180);
  context.drawImage(canvas, -canvas.width / 2, -canvas.height / 2);
  const blob = await turned.convertToBlob({ type: 'image/jpeg', quality: 0.9 });
  return { width: w, height: h, jpeg: new Uint8Array(await blob.arrayBuffer()) };
}

/** A page that is a picture of these lines, or has one at a place; `content` is what its text layer draws. */
export async function scannedPage(
  lines: readonly ScanLine[],
  { at, content = '', rotate = 0 }: { at?: Place; content?: string; rotate?: 0 | 90 | 180 | 270 } = {},
): Promise<PdfPage> {
  const place = at ?? { x: 0, y: 0, ...A4 };
  const foot = A4.height - place.y - place.height;
  const paint = `q ${place.width} 0 0 ${place.height} ${place.x} ${foot} cm /Im0 Do Q\n`;
  // The page is turned clockwise for display: on the paper the picture lies the other way.
  return { picture: await jpegOf(lines, place, -rotate), content: paint + content, rotate };
}

export function pdfOf(pages: PdfPage[], name = 'scan.pdf'): File {
  return new File([writePdf({ pages })], name, { type: 'application/pdf' });
}
