import { parseCatalog } from '#core/models/index.ts';
import type { ModelSpec } from '#core/ports/model.ts';
import catalog from '../../../models/catalog.json' with { type: 'json' };

/** The model for emoji, as the catalog has it. */
export const EMOJI: ModelSpec = (() => {
  const model = parseCatalog(catalog).find(({ id }) => id === 'emoji-clip');
  if (model === undefined) throw new Error('emoji-clip is not in the catalog');
  return model;
})();

/** Its files by way of the mirror, each fetched once. */
export function emojiFiles(): (modelId: string, path: string) => Promise<File> {
  const files = new Map<string, Promise<File>>();
  async function fetchFile(path: string): Promise<File> {
    const response = await fetch(`/models/${EMOJI.id}/${path}`);
    if (!response.ok)
      throw new Error(`The test pack is missing: ${response.url} answered ${response.status}`);
    return new File([await response.blob()], path);
  }
  return (_modelId, path) => {
    const file = files.get(path) ?? fetchFile(path);
    files.set(path, file);
    return file;
  };
}

/** The library's own way: decode, canvas to the shorter side, canvas to the middle. */
export async function libraryPixels(file: Blob, side: number): Promise<Uint8Array> {
  const bitmap = await createImageBitmap(file);
  const scale = Math.max(side / bitmap.width, side / bitmap.height);
  const [width, height] = [Math.floor(bitmap.width * scale), Math.floor(bitmap.height * scale)];
  const context = contextOf(width, height);
  context.drawImage(bitmap, 0, 0, width, height);
  const cut = contextOf(side, side);
  cut.drawImage(context.canvas, (width - side) / 2, (height - side) / 2, side, side, 0, 0, side, side);
  const rgba = cut.getImageData(0, 0, side, side).data;
  return Uint8Array.from({ length: side * side * 3 }, (_, i) => rgba[Math.floor(i / 3) * 4 + (i % 3)] ?? 0);
}

function contextOf(width: number, height: number): OffscreenCanvasRenderingContext2D {
  const context = new OffscreenCanvas(width, height).getContext('2d');
  if (context === null) throw new Error('No canvas');
  return context;
}
