import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AppError } from '#shared/errors.ts';
import type { PictureInput } from './image-embedder.ts';
import type { DecodedPicture, DecodeRequest, PictureDecoder } from './picture-decoder.ts';

/** A decoder, the same scene in several formats, and what must be refused. */
export interface PictureDecoderSubject {
  readonly decoder: PictureDecoder;
  /** 120 × 60 pixels: the left half pure red, the right half pure blue. With or without losses. */
  readonly scenes: readonly { readonly name: string; readonly mediaType: string; readonly file: Blob }[];
  readonly refused: readonly {
    readonly name: string;
    readonly file: Blob;
    readonly code: AppError['code'];
  }[];
  readonly dispose?: () => void;
}

const INPUT: PictureInput = { width: 32, height: 32, resize: 32, fit: 'cover' };
const STRETCH: PictureInput = { width: 16, height: 16, resize: 16, fit: 'stretch' };

function pixelAt({ pixels }: DecodedPicture, width: number, x: number, y: number): readonly number[] {
  return [...pixels.subarray((y * width + x) * 3, (y * width + x) * 3 + 3)];
}

const isRed = ([r = 0, g = 0, b = 0]: readonly number[]): boolean => r > 220 && g < 40 && b < 40;
const isBlue = ([r = 0, g = 0, b = 0]: readonly number[]): boolean => b > 220 && r < 40 && g < 40;

/** Every adapter of the port runs this, in a browser. */
export function describePictureDecoder(name: string, create: () => Promise<PictureDecoderSubject>): void {
  describe(`${name} as a picture decoder`, () => {
    let subject: PictureDecoderSubject;
    const decode = (request: Partial<DecodeRequest> & { readonly file: Blob }) =>
      subject.decoder.decode({ name: 'holiday.bin', input: INPUT, ...request });

    beforeAll(async () => {
      subject = await create();
    });
    afterAll(() => subject.dispose?.());

    test('every format is known by its bytes and becomes the same pixels', async () => {
      for (const { name: what, mediaType, file } of subject.scenes) {
        const head = new Uint8Array(await file.slice(0, 4096).arrayBuffer());
        expect(subject.decoder.sniff(head, 'holiday.bin'), what).toBe(mediaType);
        const picture = await decode({ file });
        expect(picture, what).toMatchObject({ mediaType, width: 120, height: 60, isAnimated: false });
        expect(picture.pixels, what).toHaveLength(32 * 32 * 3);
        expect(isRed(pixelAt(picture, 32, 3, 16)), what).toBe(true);
        expect(isBlue(pixelAt(picture, 32, 28, 16)), what).toBe(true);
        expect(picture.thumbnail, what).toBeUndefined();
      }
    });

    test('a region is cut out before anything else', async () => {
      for (const { name: what, file } of subject.scenes) {
        const left = await decode({ file, region: { x: 0, y: 0, width: 0.4, height: 1 } });
        const right = await decode({ file, region: { x: 0.6, y: 0.5, width: 0.4, height: 0.5 } });
        for (const [x, y] of [
          [1, 1],
          [30, 30],
        ] as const) {
          expect(isRed(pixelAt(left, 32, x, y)), what).toBe(true);
          expect(isBlue(pixelAt(right, 32, x, y)), what).toBe(true);
        }
        expect([left.width, left.height]).toEqual([120, 60]);
      }
    });

    test('a stretched input shows all of the picture', async () => {
      const file = subject.scenes[0]?.file as Blob;
      const picture = await decode({ file, input: STRETCH });
      expect(isRed(pixelAt(picture, 16, 0, 0))).toBe(true);
      expect(isBlue(pixelAt(picture, 16, 15, 15))).toBe(true);
    });

    test('a thumbnail has the picture’s shape, and is made when it is asked for', async () => {
      for (const { name: what, file } of subject.scenes) {
        const { thumbnail } = await decode({ file, thumbnailSize: 40 });
        expect(thumbnail?.type, what).toMatch(/^image\/(webp|jpeg)$/);
        const bitmap = await createImageBitmap(thumbnail as Blob);
        expect([bitmap.width, bitmap.height], what).toEqual([40, 20]);
      }
    });

    test('brightness goes from red to blue, in every format alike', async () => {
      for (const { name: what, file } of subject.scenes) {
        const { luminances } = await decode({ file });
        expect(luminances, what).toHaveLength(72);
        for (let row = 0; row < 8; row++) {
          expect(Math.abs((luminances[row * 9] ?? 0) - 76), what).toBeLessThan(6);
          expect(Math.abs((luminances[row * 9 + 8] ?? 0) - 29), what).toBeLessThan(6);
        }
      }
    });

    test('what is no picture, or a broken one, is refused by name with its reason', async () => {
      for (const { name: what, file, code } of subject.refused) {
        const error = await decode({ file, name: what }).then(
          () => 'decoded',
          (failure: AppError) => failure,
        );
        expect(error, what).toMatchObject({ code });
        expect((error as AppError).message).toContain(what);
      }
      expect((await decode({ file: subject.scenes[0]?.file as Blob })).width).toBe(120);
    });

    test('an abort is heard', async () => {
      const abort = new AbortController();
      const file = subject.scenes[0]?.file as Blob;
      const request = { file, name: 'x', input: INPUT };
      const work = subject.decoder.decode(request, { signal: abort.signal });
      abort.abort();
      await expect(work).rejects.toMatchObject({ code: 'abort/by-user' });
      expect((await decode({ file })).width).toBe(120);
    });
  });
}
