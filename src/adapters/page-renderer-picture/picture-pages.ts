import type { OpenPages, PageRenderer } from '#core/ports/page-renderer.ts';
import { AppError } from '#shared/errors.ts';

/** Browsers refuse or silently blank larger canvases; iOS is the strictest. */
const MAX_PIXELS = 16 * 2 ** 20;

/** PNG, JPEG and WebP, by their first bytes. */
export async function isPicture(file: Blob): Promise<boolean> {
  const head = new TextDecoder('windows-1252').decode(await file.slice(0, 12).arrayBuffer());
  return head.startsWith('‰PNG') || head.startsWith('ÿØÿ') || /^RIFF.{4}WEBP/s.test(head);
}

function stopped(): AppError {
  return new AppError('abort/by-user', 'Stopped opening the picture.');
}

async function decode(file: Blob): Promise<ImageBitmap> {
  try {
    return await createImageBitmap(file);
  } catch (error) {
    throw new AppError('input/invalid', 'This picture is damaged and cannot be shown.', { cause: error });
  }
}

/** A picture as a document of one page, whose points are its pixels: recognized words are placed in the same. */
export function createPicturePageRenderer(): PageRenderer {
  return {
    async open(file, options): Promise<OpenPages> {
      if (options?.signal?.aborted) throw stopped();
      const bitmap = await decode(file);
      if (options?.signal?.aborted) {
        bitmap.close();
        throw stopped();
      }
      const { width, height } = bitmap;
      const only = (page: number): void => {
        if (page !== 1) throw new AppError('input/invalid', `This picture has no page ${page}.`);
      };
      return {
        pageCount: 1,
        async geometry(page) {
          only(page);
          return { width, height, rotation: 0 };
        },
        async render(page, canvas, scale, call) {
          only(page);
          await Promise.resolve(); // whoever zooms on in the same moment is heard before anything is painted
          if (call?.signal?.aborted) throw stopped();
          const factor = Math.min(scale, Math.sqrt(MAX_PIXELS / (width * height)));
          canvas.width = Math.ceil(width * factor);
          canvas.height = Math.ceil(height * factor);
          const target = canvas.getContext('2d', { alpha: false });
          if (!target)
            throw new AppError(
              'capability/unsupported-browser',
              'This browser gave no drawing surface. Close other tabs.',
            );
          target.fillStyle = '#fff';
          target.fillRect(0, 0, canvas.width, canvas.height);
          target.imageSmoothingQuality = 'high';
          target.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
        },
        async close() {
          bitmap.close();
        },
      };
    },
  };
}
