import type { PDFDocumentLoadingTask, PDFDocumentProxy } from 'pdfjs-dist';
import workerUrl from 'pdfjs-dist/build/pdf.worker.min.mjs?url&no-inline';
import { AppError } from '#shared/errors.ts';
import { NoFilters, OffscreenCanvases } from './pdf-canvases.ts';
import { PdfFiles } from './pdf-files.ts';
import { toAppError } from './to-app-error.ts';

/** One open PDF with a pdf.js worker of its own: ending it gives all of its memory back. */
export interface PdfSession {
  readonly pdf: PDFDocumentProxy;
  /** Rejects when the worker dies. */
  readonly crashed: Promise<never>;
  close(): Promise<void>;
}

/**
 * Opens a PDF for reading its text, or its pages as pictures. Nothing is evaluated and nothing is fetched but our own character maps, fonts and decoders.
 * The worker is nested when we run in one ourselves.
 */
export async function openPdf(bytes: Uint8Array): Promise<PdfSession> {
  const { getDocument, PDFWorker, VerbosityLevel } = await import('pdfjs-dist');
  const port = new Worker(workerUrl, { type: 'module', name: 'pdf' });
  const crashed = new Promise<never>((_, reject) => {
    port.addEventListener('error', ({ message }) =>
      reject(
        new AppError('worker/crashed', `The PDF reader stopped${message ? `: ${message}` : ''}. Try again.`),
      ),
    );
  });
  crashed.catch(() => {}); // raced by whoever waits; alone it is not an error
  // pdf.js reads document.baseURI unless told where things are; a worker has no document.
  const worker = PDFWorker.create({ port, verbosity: VerbosityLevel.ERRORS });
  const task: PDFDocumentLoadingTask = getDocument({
    data: bytes,
    worker,
    verbosity: VerbosityLevel.ERRORS,
    isEvalSupported: false,
    useWorkerFetch: false,
    useSystemFonts: false,
    disableFontFace: true,
    cMapUrl: 'cmaps/',
    cMapPacked: true,
    standardFontDataUrl: 'standard_fonts/',
    wasmUrl: 'wasm/',
    CanvasFactory: OffscreenCanvases,
    FilterFactory: NoFilters,
    BinaryDataFactory: PdfFiles,
  });
  const close = async (): Promise<void> => {
    await task.destroy().catch(() => {});
    worker.destroy();
    port.terminate();
  };
  try {
    return { pdf: await Promise.race([task.promise, crashed]), crashed, close };
  } catch (error) {
    await close();
    throw toAppError(error);
  }
}
