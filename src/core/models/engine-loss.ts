import { AppError } from '#shared/errors.ts';

/** A model that ran and was lost, with its worker, its tab or its GPU: asking for it again is no fallback. */
export function isLoss(error: unknown): error is AppError {
  return error instanceof AppError && (error.code === 'model/device-lost' || error.code === 'worker/crashed');
}
