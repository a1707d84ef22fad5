import { AppError, toAppError } from '#shared/errors.ts';

/** What jax-js throws, in our codes. */
export function trainerError(error: unknown): AppError {
  const known = toAppError(error);
  if (known.code !== 'internal/unexpected') return known;
  if (/memory|allocation|out of bounds/i.test(known.message))
    return new AppError(
      'model/out-of-memory',
      'There was not enough memory to learn from this many captions. Close other tabs, or caption fewer pictures.',
      { cause: error },
    );
  return known;
}
