import type { AnimationReader, FilmFrame } from '#core/ports/frame-reader.ts';
import { throwIfAborted } from '#shared/breathe.ts';
import { AppError } from '#shared/errors.ts';
import { toFilmFrame } from './film-frame.ts';

/** Frames of one animation that are looked at, spread over it: most are shorter than a minute of film. */
const MOST_LOOKS = 64;
/**
 * A frame is what changes since the one before, so what lies between is decoded, too. What is behind this many pixels is not
 * looked at: 20,000 frames of a thumbnail are below, 4000 frames of a megapixel are a bomb.
 */
const MOST_PIXELS = 1_000_000_000;

/** Which frames are looked at. */
function looksOf(frameCount: number, pixels: number): readonly number[] {
  const reachable = Math.max(1, Math.min(frameCount, Math.floor(MOST_PIXELS / Math.max(1, pixels))));
  const step = Math.ceil(reachable / MOST_LOOKS);
  return Array.from({ length: Math.ceil(reachable / step) }, (_, i) => i * step);
}

function brokenAnimation(name: string, cause: unknown): AppError {
  return new AppError(
    'input/invalid',
    `“${name}” is damaged or cut off: only its first frames could be read. Get it again from where it came from.`,
    { cause },
  );
}

async function frameAt(decoder: ImageDecoder, frameIndex: number, name: string): Promise<VideoFrame> {
  try {
    return (await decoder.decode({ frameIndex })).image;
  } catch (error) {
    throw brokenAnimation(name, error);
  }
}

function toFrame(image: VideoFrame): FilmFrame {
  return toFilmFrame({
    seconds: image.timestamp / 1e6,
    width: image.displayWidth,
    height: image.displayHeight,
    paint: (context, width, height) => context.drawImage(image, 0, 0, width, height),
  });
}

/** GIF, WebP, APNG and AVIF by the browser's ImageDecoder, in whichever thread it is made. */
export function createAnimationReader(): AnimationReader {
  return {
    async *frames({ file, name, mediaType }, { signal } = {}) {
      throwIfAborted(signal);
      if (typeof ImageDecoder !== 'function' || !(await ImageDecoder.isTypeSupported(mediaType))) return;
      const data = await file.arrayBuffer();
      const decoder = new ImageDecoder({ type: mediaType, data, preferAnimation: true });
      try {
        await decoder.tracks.ready.catch((error: unknown) => {
          throw brokenAnimation(name, error);
        });
        const frameCount = decoder.tracks.selectedTrack?.frameCount ?? 0;
        let looks: readonly number[] = [0];
        for (let i = 0; i < looks.length; i++) {
          throwIfAborted(signal);
          const image = await frameAt(decoder, looks[i] ?? 0, name);
          if (i === 0) looks = looksOf(frameCount, image.codedWidth * image.codedHeight);
          try {
            yield toFrame(image);
          } finally {
            image.close();
          }
        }
      } finally {
        decoder.close();
      }
    },
  };
}
