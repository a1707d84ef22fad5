import { AppError, isAbort } from '#shared/errors.ts';

/** pdf.js names its errors instead of giving them classes that survive a worker. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const name = error instanceof Error ? error.name : '';
  const message = error instanceof Error ? error.message : String(error);
  if (isAbort(error) || name === 'RenderingCancelledException')
    return new AppError('abort/by-user', 'Stopped painting the page.', { cause: error });
  if (name === 'PasswordException')
    return new AppError('input/password-protected', 'This PDF is locked with a password.', { cause: error });
  return new AppError('input/invalid', `This page cannot be shown: ${message}`, { cause: error });
}
