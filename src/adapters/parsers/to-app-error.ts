import { AppError, isAbort } from '#shared/errors.ts';

/** pdf.js names its errors; their classes differ between the page and the worker. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (isAbort(error)) return new AppError('abort/by-user', 'Stopped reading the document.', { cause: error });
  const name = error instanceof Error ? error.name : '';
  const message = error instanceof Error ? error.message : String(error);
  if (name === 'PasswordException')
    return new AppError(
      'input/password-protected',
      'This PDF is locked with a password. Open it where you know the password, save or print it as a PDF without one, and add that.',
      { cause: error },
    );
  if (name === 'InvalidPDFException' || name === 'FormatError' || name === 'MissingPDFException')
    return new AppError(
      'input/invalid',
      'This PDF is damaged and cannot be read. Get a fresh copy where it came from, then add that.',
      { details: { reason: message }, cause: error },
    );
  if (error instanceof RangeError)
    return new AppError(
      'input/too-large',
      'This PDF is too large for the memory of this page. Split it and add the parts.',
      {
        cause: error,
      },
    );
  return new AppError('input/invalid', `This PDF cannot be read: ${message}`, { cause: error });
}
