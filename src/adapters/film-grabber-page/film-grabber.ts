import type { FilmGrabber } from '#core/ports/film-grabber.ts';
import { transfer } from '#rpc/transfer.ts';
import { throwIfAborted } from '#shared/breathe.ts';
import { AppError } from '#shared/errors.ts';
import { waitUnlessAborted } from '#shared/turns.ts';

const LONGER_SIDE = 1280;
/** Just behind the second: a player may round down, to the frame before. */
const INTO_FRAME_SECONDS = 0.001;

interface Player {
  readonly video: HTMLVideoElement;
  close(): void;
}

function unplayable(name: string, video: HTMLVideoElement): AppError {
  return new AppError('input/unsupported', `“${name}” cannot be shown by this browser.`, {
    details: { reason: video.error?.message ?? 'It has no pictures.' },
  });
}

/** Resolves with the event; rejects when the player gives up. */
function once(video: HTMLVideoElement, name: string, event: 'loadeddata' | 'seeked'): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = new AbortController();
    const { signal } = end;
    video.addEventListener(
      event,
      () => {
        end.abort();
        resolve();
      },
      { signal },
    );
    video.addEventListener(
      'error',
      () => {
        end.abort();
        reject(unplayable(name, video));
      },
      { signal },
    );
  });
}

/**
 * Resolves when the next frame can be painted: 'seeked' may come before it, and the frame before would be painted (seen with
 * H.264). A tab that is not shown presents none: the film then waits until it is. Older browsers have only 'seeked'.
 */
function presented(video: HTMLVideoElement): Promise<unknown> {
  if (!('requestVideoFrameCallback' in video)) return Promise.resolve();
  return new Promise((resolve) => {
    video.requestVideoFrameCallback(resolve);
  });
}

async function openPlayer(file: Blob, name: string, signal: AbortSignal | undefined): Promise<Player> {
  throwIfAborted(signal);
  const video = document.createElement('video');
  const url = URL.createObjectURL(file);
  const close = (): void => {
    video.removeAttribute('src');
    video.load(); // lets go of the file and the decoder
    URL.revokeObjectURL(url);
  };
  try {
    video.muted = true;
    video.playsInline = true;
    video.preload = 'auto';
    const isLoaded = once(video, name, 'loadeddata');
    const isShown = presented(video);
    video.src = url;
    await waitUnlessAborted(isLoaded, signal);
    if (video.videoWidth === 0) throw unplayable(name, video);
    await waitUnlessAborted(isShown, signal);
    return { video, close };
  } catch (error) {
    close();
    throw error;
  }
}

function sizeOf({ videoWidth, videoHeight }: HTMLVideoElement) {
  const scale = Math.min(1, LONGER_SIDE / Math.max(videoWidth, videoHeight));
  const side = (pixels: number): number => Math.max(1, Math.round(pixels * scale));
  return { resizeWidth: side(videoWidth), resizeHeight: side(videoHeight) };
}

/** Frames by seeking in a <video> that is never shown. For the page: workers have none. */
export function createPageFilmGrabber(): FilmGrabber {
  return {
    async measure({ file, name }, { signal } = {}) {
      const { video, close } = await openPlayer(file, name, signal);
      const size = { width: video.videoWidth, height: video.videoHeight };
      close();
      return size;
    },
    async *grab({ file, name, seconds }, { signal } = {}) {
      const { video, close } = await openPlayer(file, name, signal);
      try {
        for (const second of seconds) {
          const isThere = Promise.all([once(video, name, 'seeked'), presented(video)]);
          video.currentTime = second + INTO_FRAME_SECONDS;
          await waitUnlessAborted(isThere, signal);
          const bitmap = await createImageBitmap(video, { ...sizeOf(video), resizeQuality: 'high' });
          yield transfer({ seconds: second, bitmap }, [bitmap]);
        }
      } finally {
        close();
      }
    },
  };
}
