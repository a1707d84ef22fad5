import type { ImageRecord } from '#core/ports/image-records.ts';
import type { DecodedPicture } from '#core/ports/picture-decoder.ts';
import { AppError } from '#shared/errors.ts';
import type { PictureRun } from './ingest-run.ts';

export type Item = { readonly record: ImageRecord } & (
  | { readonly decoded: DecodedPicture }
  | { readonly failure: AppError }
);

/** What a file that is no longer as it was when it was opened throws. */
export function namedError(error: unknown, name: string): unknown {
  if (!(error instanceof DOMException) || !/^Not(?:Readable|Found)Error$/.test(error.name)) return error;
  return new AppError(
    'input/invalid',
    `“${name}” was changed or moved while it was read. Add the file again.`,
    { cause: error },
  );
}

export const decodedOf = (batch: readonly Item[]) =>
  batch.flatMap((item) => ('decoded' in item ? [item] : []));

/** Names the picture that the embedder made no vector of. */
function named(batch: readonly Item[], error: unknown): unknown {
  if (!(error instanceof AppError) || typeof error.details.row !== 'number') return error;
  const record = decodedOf(batch)[error.details.row]?.record;
  if (record === undefined) return error;
  return new AppError(
    error.code,
    `The model gave ${error.details.what} for “${record.name}”; nothing of its batch was stored. Try again; if it happens again, choose another model.`,
    { details: { ...error.details, imageId: record.id }, cause: error },
  );
}

/** The vectors of those of a batch that could be decoded, in order. */
export async function embed(run: PictureRun, batch: readonly Item[]): Promise<Float32Array> {
  const items = decodedOf(batch);
  if (items.length === 0) return new Float32Array(0);
  const size = run.info.input.width * run.info.input.height * 3;
  const pixels = new Uint8Array(items.length * size);
  for (const [i, { decoded }] of items.entries()) pixels.set(decoded.pixels, i * size);
  const model = run.input.embedder;
  try {
    const { vectors } = await run.busy.during(() =>
      run.room.embedImages(model, { pixels, count: items.length }, run.signal ? { signal: run.signal } : {}),
    );
    // It may have been lost and loaded again meanwhile, with other files than before.
    if ((await run.room.load(model)).fingerprint !== run.info.fingerprint)
      throw new AppError(
        'job/interrupted',
        'The model was changed while it was at work. Start the job again.',
      );
    return vectors;
  } catch (error) {
    throw named(batch, error);
  }
}
