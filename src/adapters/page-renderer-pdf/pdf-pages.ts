import { getDocument, type PDFDocumentProxy, type PDFPageProxy, PDFWorker, VerbosityLevel } from 'pdfjs-dist';
import workerUrl from 'pdfjs-dist/build/pdf.worker.min.mjs?url&no-inline';
import type { OpenPages, PageGeometry } from '#core/ports/page-renderer.ts';
import type { CallOptions } from '#shared/call.ts';
import { AppError } from '#shared/errors.ts';
import { PdfFiles } from './pdf-files.ts';
import { toAppError } from './to-app-error.ts';

/** Browsers refuse or silently blank larger canvases; iOS is the strictest. */
const MAX_PIXELS = 16 * 2 ** 20;

function rotationOf(degrees: number): PageGeometry['rotation'] {
  const turned = ((degrees % 360) + 360) % 360;
  return turned === 90 || turned === 180 || turned === 270 ? turned : 0;
}

async function paint(
  page: PDFPageProxy,
  canvas: HTMLCanvasElement,
  scale: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const full = page.getViewport({ scale: 1 });
  const most = Math.sqrt(MAX_PIXELS / (full.width * full.height));
  const viewport = page.getViewport({ scale: Math.min(scale, most) });
  // Painted beside and copied at the end: zooming does not flash white, and an abort leaves the old picture.
  const canvasBeside = new OffscreenCanvas(Math.ceil(viewport.width), Math.ceil(viewport.height));
  const context = canvasBeside.getContext('2d', { alpha: false });
  const target = canvas.getContext('2d', { alpha: false });
  if (!context || !target)
    throw new AppError(
      'capability/unsupported-browser',
      'This browser gave no drawing surface. Close other tabs.',
    );
  const task = page.render({
    canvas: null,
    canvasContext: context as unknown as CanvasRenderingContext2D,
    viewport,
    background: '#fff',
  });
  const stop = (): void => task.cancel();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    await task.promise;
  } finally {
    signal?.removeEventListener('abort', stop);
  }
  canvas.width = canvasBeside.width;
  canvas.height = canvasBeside.height;
  target.drawImage(canvasBeside, 0, 0);
}

/** Opens a PDF with a pdf.js worker of its own; `close` ends the worker. */
export async function openPages(file: Blob, options: CallOptions | undefined): Promise<OpenPages> {
  const data = new Uint8Array(await file.arrayBuffer());
  if (options?.signal?.aborted) throw new AppError('abort/by-user', 'Closed before it was open.');
  const port = new Worker(workerUrl, { type: 'module', name: 'pdf-pages' });
  const crashed = new Promise<never>((_, reject) => {
    port.addEventListener('error', () =>
      reject(new AppError('worker/crashed', 'The PDF viewer stopped. Open the document again.')),
    );
  });
  crashed.catch(() => {}); // raced by whoever waits; alone it is not an error
  const worker = PDFWorker.create({ port, verbosity: VerbosityLevel.ERRORS });
  const task = getDocument({
    data,
    worker,
    verbosity: VerbosityLevel.ERRORS,
    isEvalSupported: false,
    useWorkerFetch: false,
    cMapUrl: 'cmaps/',
    cMapPacked: true,
    standardFontDataUrl: 'standard_fonts/',
    wasmUrl: 'wasm/',
    BinaryDataFactory: PdfFiles,
  });
  const close = async (): Promise<void> => {
    await task.destroy().catch(() => {});
    worker.destroy();
    port.terminate();
  };
  let pdf: PDFDocumentProxy;
  try {
    pdf = await Promise.race([task.promise, crashed]);
  } catch (error) {
    await close();
    throw toAppError(error);
  }
  const guarded = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await Promise.race([work, crashed]);
    } catch (error) {
      throw toAppError(error);
    }
  };
  return {
    pageCount: pdf.numPages,
    geometry: (number) =>
      guarded(
        pdf.getPage(number).then((page) => {
          const { width, height, rotation } = page.getViewport({ scale: 1 });
          return { width, height, rotation: rotationOf(rotation) };
        }),
      ),
    render: (number, canvas, scale, call) =>
      guarded(
        pdf.getPage(number).then((page) => {
          if (call?.signal?.aborted) throw new AppError('abort/by-user', 'Stopped painting the page.');
          return paint(page, canvas, scale, call?.signal);
        }),
      ),
    close,
  };
}
