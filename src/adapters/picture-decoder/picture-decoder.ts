import type { DecodedPicture, DecodeRequest, PictureDecoder } from '#core/ports/picture-decoder.ts';
import type { SvgRasterizer } from '#core/ports/svg-rasterizer.ts';
import type { CallOptions } from '#shared/call.ts';
import { AppError } from '#shared/errors.ts';
import { createTurns } from '#shared/turns.ts';
import { createBlobReader } from './blob-reader.ts';
import { broken, noPicture, refusePixels, refuseSize, undecodable } from './decode-error.ts';
import { inputPixels, luminancesOf, thumbnailOf } from './draw.ts';
import { keepShare, regionOf, type Size } from './geometry.ts';
import { readExif } from './read-exif.ts';
import { type PictureHeader, readHeader } from './read-header.ts';
import { HEAD_BYTES, type PictureType, sniffPicture } from './sniff.ts';

export interface PictureDecoderDeps {
  /** Workers have no SVG: the page paints it. Without one, drawings are refused. */
  readonly rasterizer?: SvgRasterizer;
}

/** From this many pixels on one picture is decoded at a time: their memory must not add up. */
const LARGE_PIXELS = 4_000_000;
const LEAST_DRAWING_SIDE = 1024;

interface Opened extends Size {
  readonly bitmap: ImageBitmap;
  readonly isAnimated: boolean;
}

/** Decodes with what the browser has. For workers; everything but SVG needs no page. */
export function createPictureDecoder({ rasterizer }: PictureDecoderDeps = {}): PictureDecoder {
  const takeTurn = createTurns();

  async function openBitmap(
    request: DecodeRequest,
    type: PictureType,
    header: PictureHeader,
  ): Promise<Opened> {
    const { isAnimated } = header;
    const share = keepShare(header, request);
    try {
      const bitmap = await createImageBitmap(request.file, {
        imageOrientation: 'from-image',
        // The other side follows from the picture's shape, which its orientation may turn.
        ...(share < 1
          ? { resizeWidth: Math.max(1, Math.round(header.width * share)), resizeQuality: 'high' }
          : {}),
      });
      const { width, height } = share < 1 ? shownSize(header, bitmap) : bitmap;
      return { bitmap, isAnimated, width, height };
    } catch (error) {
      throw undecodable(request.name, type, error);
    }
  }

  async function openDrawing({ file, name, input, thumbnailSize = 0 }: DecodeRequest, options: CallOptions) {
    if (rasterizer === undefined)
      throw new AppError('input/unsupported', `“${name}” is an SVG drawing, which cannot be painted here.`);
    const longerSide = Math.max(LEAST_DRAWING_SIDE, 4 * input.resize, 2 * thumbnailSize);
    const { bitmap, width, height } = await rasterizer.rasterize(
      { svg: file, name, longerSide },
      { ...(options.signal === undefined ? {} : { signal: options.signal }) },
    );
    return { bitmap, isAnimated: false, width: Math.round(width), height: Math.round(height) };
  }

  async function decode(request: DecodeRequest, options: CallOptions): Promise<DecodedPicture> {
    const { file, name, input, thumbnailSize, region } = request;
    refuseSize(name, file.size);
    const head = new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer());
    const type = sniffPicture(head, name);
    if (type === undefined) throw noPicture(name);
    const header = type === 'image/svg+xml' ? undefined : await requireHeader(request, type);
    const isLarge = header !== undefined && header.width * header.height > LARGE_PIXELS;
    const endTurn = isLarge ? await takeTurn(options.signal) : undefined;
    let opened: Opened | undefined;
    try {
      throwIfAborted(options.signal);
      opened =
        header === undefined ? await openDrawing(request, options) : await openBitmap(request, type, header);
      throwIfAborted(options.signal);
      const { bitmap, width, height, isAnimated } = opened;
      const facts = header === undefined ? {} : await readExif(file, type, header);
      return {
        mediaType: type,
        width,
        height,
        isAnimated,
        pixels: inputPixels(bitmap, regionOf(bitmap, region), input),
        luminances: luminancesOf(bitmap),
        ...(thumbnailSize === undefined ? {} : { thumbnail: await thumbnailOf(bitmap, thumbnailSize) }),
        ...facts,
      };
    } finally {
      opened?.bitmap.close();
      endTurn?.();
    }
  }

  return {
    decode: (request, options = {}) => decode(request, options),
    sniff: sniffPicture,
  };
}

async function requireHeader(
  { file, name }: DecodeRequest,
  type: Exclude<PictureType, 'image/svg+xml'>,
): Promise<PictureHeader> {
  const header = await readHeader(createBlobReader(file), type);
  if (header === undefined) throw broken(name);
  refusePixels(name, header.width, header.height);
  return header;
}

/** A bitmap that lies across its header was turned by its orientation; so lies the picture. */
function shownSize({ width, height }: Size, bitmap: Size): Size {
  const isTurned =
    width > height ? bitmap.width < bitmap.height : width < height && bitmap.width > bitmap.height;
  return isTurned ? { width: height, height: width } : { width, height };
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new AppError('abort/by-user', 'Cancelled', { cause: signal.reason });
}
