import type { PageRenderer } from '#core/ports/page-renderer.ts';

/** Paints PDF pages with pdf.js, which is loaded when the first document is opened. */
export function createPdfPageRenderer(): PageRenderer {
  return {
    async open(file, options) {
      const { openPages } = await import('./pdf-pages.ts');
      return openPages(file, options);
    },
  };
}
