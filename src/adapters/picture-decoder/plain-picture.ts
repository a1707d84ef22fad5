import type { SvgRasterizer } from '#core/ports/svg-rasterizer.ts';
import type { CallOptions } from '#shared/call.ts';
import { createBlobReader } from './blob-reader.ts';
import { broken, noPicture, refusePixels, refuseSize, undecodable } from './decode-error.ts';
import { readHeader } from './read-header.ts';
import { HEAD_BYTES, sniffPicture } from './sniff.ts';

/** Letters of a drawing are large enough to be read by then. */
const DRAWING_SIDE = 2048;

/** Formats that whoever reads text in pictures opens by itself. */
const PLAIN = new Set(['image/png', 'image/jpeg', 'image/webp']);

async function painted(bitmap: ImageBitmap, name: string): Promise<Blob> {
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  const context = canvas.getContext('2d');
  if (context === null) throw broken(name);
  context.fillStyle = '#fff';
  context.fillRect(0, 0, bitmap.width, bitmap.height);
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  return canvas.convertToBlob({ type: 'image/png' });
}

/** A picture as a PNG, JPEG or WebP file: itself, or its first frame on white paper. Errors: as the decoder's. */
export async function asPlainPicture(
  { file, name }: { readonly file: Blob; readonly name: string },
  rasterizer: SvgRasterizer,
  options: CallOptions = {},
): Promise<Blob> {
  refuseSize(name, file.size);
  const type = sniffPicture(new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer()), name);
  if (type === undefined) throw noPicture(name);
  if (PLAIN.has(type)) return file;
  if (type === 'image/svg+xml') {
    const { signal } = options;
    const drawing = { svg: file, name, longerSide: DRAWING_SIDE };
    return painted((await rasterizer.rasterize(drawing, signal ? { signal } : {})).bitmap, name);
  }
  const header = await readHeader(createBlobReader(file), type);
  if (header === undefined) throw broken(name);
  refusePixels(name, header.width, header.height);
  const bitmap = await createImageBitmap(file).catch((error: unknown) =>
    Promise.reject(undecodable(name, type, error)),
  );
  return painted(bitmap, name);
}
