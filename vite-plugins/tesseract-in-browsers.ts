import type { Plugin } from 'vite';

const NOTHING = '\0benchtop:nothing';

/**
 * Tesseract's glue asks for two modules of Node in branches that no browser takes. Without them the build says nothing;
 * otherwise it warns four times about what is meant so.
 */
export function tesseractInBrowsers(): Plugin {
  return {
    name: 'benchtop:tesseract-in-browsers',
    enforce: 'pre',
    resolveId: (id, importer) =>
      (id === 'fs' || id === 'crypto') && importer?.includes('/tesseract.js-core/') ? NOTHING : undefined,
    load: (id) => (id === NOTHING ? 'export {};' : undefined),
  };
}
