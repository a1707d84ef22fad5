/** Every failure a user can meet has one of these codes. `area/reason`, never a free string. */
export const ERROR_CODES = [
  'abort/by-user',
  'capability/webgpu-missing',
  'capability/storage-denied',
  'capability/unsupported-browser',
  'model/not-found',
  'model/integrity',
  'model/out-of-memory',
  'model/device-lost',
  'model/context-exceeded',
  'model/load-failed',
  'network/offline',
  'network/blocked',
  'network/failed',
  'storage/quota-exceeded',
  'storage/version-blocked',
  'storage/corrupt',
  'input/invalid',
  'input/unsupported',
  'input/too-large',
  'input/password-protected',
  'tool/denied',
  'tool/failed',
  'mcp/unreachable',
  'job/interrupted',
  'worker/crashed',
  'worker/protocol',
  'internal/unexpected',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/** The structured-clone form of an AppError: what crosses a worker or iframe boundary, and what a failed row stores. */
export interface WireError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly details?: Readonly<Record<string, unknown>>;
  readonly stack?: string;
  readonly cause?: WireError;
}

interface AppErrorOptions {
  readonly details?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/** The one error class. `message` says what happened and what to do, in words for the user. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.details = options.details ?? {};
  }
}

/** True for our own abort and for the platform's. An abort is not a failure: nobody shows it as one. */
export function isAbort(error: unknown): boolean {
  return (
    (error instanceof AppError && error.code === 'abort/by-user') ||
    (error instanceof DOMException && error.name === 'AbortError')
  );
}

/** Anything thrown becomes an AppError; adapters map library errors before this catch-all sees them. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (isAbort(error)) return new AppError('abort/by-user', 'Cancelled', { cause: error });
  const message = error instanceof Error ? error.message : String(error);
  return new AppError('internal/unexpected', message, { cause: error });
}

/** The structured-clone form of anything thrown. */
export function toWire(error: unknown): WireError {
  const e = toAppError(error);
  const cause =
    e.cause instanceof AppError || e.cause === undefined
      ? e.cause
      : new AppError('internal/unexpected', String(e.cause));
  return {
    code: e.code,
    message: e.message,
    details: e.details,
    ...(e.stack === undefined ? {} : { stack: e.stack }),
    ...(cause === undefined ? {} : { cause: toWire(cause) }),
  };
}

/** The inverse of `toWire`. */
export function fromWire(wire: WireError): AppError {
  const e = new AppError(wire.code, wire.message, {
    ...(wire.details === undefined ? {} : { details: wire.details }),
    ...(wire.cause === undefined ? {} : { cause: fromWire(wire.cause) }),
  });
  if (wire.stack !== undefined) e.stack = `${wire.stack}\n    -- across worker boundary --`;
  return e;
}
