import { AppError } from '#shared/errors.ts';

// Hashed addresses of our own server, one object: a separate chunk for each name would be 190 files of 60 bytes.
const CHARACTER_MAPS = import.meta.glob<string>('/node_modules/pdfjs-dist/cmaps/*.bcmap', {
  query: '?url&no-inline',
  import: 'default',
  eager: true,
});
const STANDARD_FONTS = import.meta.glob<string>('/node_modules/pdfjs-dist/standard_fonts/*.{pfb,ttf}', {
  query: '?url&no-inline',
  import: 'default',
  eager: true,
});
// Decoders for JPEG 2000, JBIG2 and colour profiles, for pages that are pictures.
const DECODERS = import.meta.glob<string>('/node_modules/pdfjs-dist/wasm/*.wasm', {
  query: '?url&no-inline',
  import: 'default',
  eager: true,
});

const FOLDERS: Readonly<Record<string, readonly [string, Readonly<Record<string, string>>]>> = {
  cMapUrl: ['cmaps', CHARACTER_MAPS],
  standardFontDataUrl: ['standard_fonts', STANDARD_FONTS],
  wasmUrl: ['wasm', DECODERS],
};

/** pdf.js asks this for character maps, standard fonts and decoders by name; they are fetched only when a document needs one. */
export class PdfFiles {
  async fetch({ kind, filename }: { readonly kind: string; readonly filename: string }): Promise<Uint8Array> {
    const [folder, urls] = FOLDERS[kind] ?? ['', {}];
    const url = urls[`/node_modules/pdfjs-dist/${folder}/${filename}`];
    if (url === undefined)
      throw new AppError('input/unsupported', `This PDF asks for ${filename}, which is not known.`);
    const response = await fetch(url);
    if (!response.ok)
      throw new AppError('network/failed', `${filename} could not be loaded (${response.status}).`);
    return new Uint8Array(await response.arrayBuffer());
  }
}
