import { createPdfPageRenderer } from '#adapters/page-renderer-pdf/index.ts';
import { createPicturePageRenderer, isPicture } from '#adapters/page-renderer-picture/index.ts';
import type { PageRenderer } from '#core/ports/page-renderer.ts';

const [pdfs, pictures] = [createPdfPageRenderer(), createPicturePageRenderer()];

/** Pages of a PDF, or of a picture, which is one page: by what the file is, whatever its name says. */
export const openPages: PageRenderer['open'] = async (file, options) =>
  ((await isPicture(file)) ? pictures : pdfs).open(file, options);
