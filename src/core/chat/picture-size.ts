import type { ImagePart } from '#core/ports/chat-records.ts';

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Pixels that the file itself says it has: that many are decoded, whatever is stated beside it. Undefined: cut off. */
export function sizeIn(bytes: Uint8Array, mediaType: ImagePart['mediaType']): Size | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    return mediaType === 'image/png' ? pngSize(view) : jpegSize(view);
  } catch (error) {
    if (error instanceof RangeError) return undefined; // read beyond the end
    throw error;
  }
}

/** The first chunk is IHDR, behind its length and name. */
const pngSize = (view: DataView): Size => ({ width: view.getUint32(16), height: view.getUint32(20) });

/** ITU T.81, annex B: marker segments up to the frame header (SOF). */
function jpegSize(view: DataView): Size | undefined {
  for (let at = 2; ; ) {
    const marker = view.getUint16(at);
    if (marker < 0xff01 || marker === 0xffda) return undefined;
    if (marker >= 0xffc0 && marker <= 0xffcf && ![0xffc4, 0xffc8, 0xffcc].includes(marker))
      return { width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
    at += marker === 0xffff ? 1 : 2 + view.getUint16(at + 2);
  }
}
