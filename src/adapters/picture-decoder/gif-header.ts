import type { BlobReader } from './blob-reader.ts';
import type { PictureHeader } from './read-header.ts';

/** Blocks of a first frame of a hundred megapixels. */
const MOST_BLOCKS = 400_000;

/** GIF89a: the logical screen, then blocks; the second picture makes it an animation. */
export async function readGifHeader(reader: BlobReader): Promise<PictureHeader> {
  const screen = await reader.read(6, 7);
  const size = { width: screen.getUint16(0, true), height: screen.getUint16(2, true) };
  return { ...size, isAnimated: (await countFrames(reader, 13 + tableBytes(screen.getUint8(4)))) > 1 };
}

function tableBytes(flags: number): number {
  return flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0;
}

/** No more than two are counted. What is cut off ends the count: the decoder will say so. */
async function countFrames(reader: BlobReader, start: number): Promise<number> {
  let at = start;
  let frames = 0;
  let blocks = 0;
  const skipBlocks = async (): Promise<void> => {
    while (at < reader.size && blocks < MOST_BLOCKS) {
      const length = (await reader.read(at, 1)).getUint8(0);
      blocks += 1;
      at += 1 + length;
      if (length === 0) return;
    }
  };
  while (at + 10 < reader.size && blocks < MOST_BLOCKS) {
    const block = await reader.read(at, 10);
    blocks += 1;
    if (block.getUint8(0) === 0x21) at += 2;
    else if (block.getUint8(0) === 0x2c) {
      frames += 1;
      if (frames > 1) return frames;
      at += 11 + tableBytes(block.getUint8(9));
    } else return frames;
    await skipBlocks();
  }
  return frames;
}
