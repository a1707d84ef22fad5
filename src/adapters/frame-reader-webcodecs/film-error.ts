import { AppError, isAbort } from '#shared/errors.ts';

/** What people call them. */
const CODEC_NAMES: Readonly<Record<string, string>> = {
  avc: 'H.264',
  hevc: 'HEVC (H.265)',
  vp8: 'VP8',
  vp9: 'VP9',
  av1: 'AV1',
  prores: 'ProRes',
  mp4v: 'MPEG-4 Part 2',
};

function codecName(codec: string): string {
  return CODEC_NAMES[codec] ?? codec;
}

export function lacksCodec(name: string, codec: string): AppError {
  return new AppError(
    'input/unsupported',
    `“${name}” is a film in ${codecName(codec)}, which this browser cannot show. Save it as MP4 with H.264 or as WebM and add that.`,
    { details: { codec } },
  );
}

export function noVideoTrack(name: string): AppError {
  return new AppError(
    'input/unsupported',
    `“${name}” has no pictures, only sound. Films have a video track; add sound to the library instead.`,
  );
}

export function brokenFilm(name: string, cause?: unknown): AppError {
  return new AppError(
    'input/invalid',
    `“${name}” is damaged or cut off and cannot be read. Get it again from where it came from.`,
    cause === undefined ? {} : { cause },
  );
}

export function cutOff(name: string): AppError {
  return new AppError(
    'input/invalid',
    `“${name}” is cut off: it ends before the length that it states. Get it again from where it came from.`,
  );
}

/** What the library or the decoder threw. A file that changed under the reader keeps its own error. */
export function toFilmError(error: unknown, name: string): unknown {
  if (error instanceof AppError || isAbort(error)) return error;
  if (error instanceof DOMException && /^Not(?:Readable|Found)Error$/.test(error.name)) return error;
  return brokenFilm(name, error);
}
