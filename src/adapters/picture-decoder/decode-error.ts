import { AppError } from '#shared/errors.ts';
import type { PictureType } from './sniff.ts';

/** Pixels of the largest picture that is decoded: 600 MB while it is. */
const MOST_PIXELS = 150_000_000;
const MOST_BYTES = 300_000_000;

export function refuseSize(name: string, sizeBytes: number): void {
  if (sizeBytes === 0) throw new AppError('input/invalid', `“${name}” is empty: it has no bytes.`);
  if (sizeBytes > MOST_BYTES)
    throw new AppError(
      'input/too-large',
      `“${name}” is larger than ${MOST_BYTES / 1e6} MB, more than a picture may have here. Save it smaller and add that.`,
    );
}

export function refusePixels(name: string, width: number, height: number): void {
  if (width * height > MOST_PIXELS)
    throw new AppError(
      'input/too-large',
      `“${name}” has ${width} × ${height} pixels, more than the ${MOST_PIXELS / 1e6} million that are read here. Save it smaller and add that.`,
      { details: { width, height } },
    );
}

export function noPicture(name: string): AppError {
  return new AppError(
    'input/unsupported',
    `“${name}” is no picture that can be read here. JPEG, PNG, WebP, GIF, AVIF, BMP and SVG can.`,
  );
}

export function broken(name: string, cause?: unknown): AppError {
  return new AppError(
    'input/invalid',
    `“${name}” is damaged or cut off and cannot be shown. Get it again from where it came from.`,
    cause === undefined ? {} : { cause },
  );
}

/** The header was sound, and still the browser gave no picture. */
export function undecodable(name: string, type: PictureType, cause: unknown): AppError {
  if (type === 'image/heic')
    return new AppError(
      'input/unsupported',
      `“${name}” is a HEIC photo, which this browser cannot show. Safari can; or save it as JPEG and add that.`,
      { cause },
    );
  return broken(name, cause);
}
