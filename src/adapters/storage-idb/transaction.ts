import type { IDBPTransaction, StoreNames } from 'idb';
import type { BenchtopSchema } from './schema.ts';
import { toStorageError, withQuotaDetails } from './to-app-error.ts';

type Transaction<Stores extends StoreNames<BenchtopSchema>[]> = IDBPTransaction<
  BenchtopSchema,
  Stores,
  'readwrite'
>;

/**
 * One transaction: what throws inside takes everything back. `body` awaits requests of `tx` and nothing else.
 * A full disk shows as an AbortError at the requests; the transaction's own error names the cause, so that one is thrown.
 */
export async function inTransaction<Stores extends StoreNames<BenchtopSchema>[], T>(
  tx: Transaction<Stores>,
  body: (tx: Transaction<Stores>) => Promise<T>,
): Promise<T> {
  tx.done.catch(() => {}); // thrown below
  let result: T;
  try {
    result = await body(tx);
  } catch (error) {
    try {
      tx.abort();
    } catch {
      // the failed request has aborted it already
    }
    throw causeOf(error, await tx.done.catch((reason: unknown) => reason));
  }
  await tx.done;
  return result;
}

function causeOf(error: unknown, reason: unknown): unknown {
  const isAborted = error instanceof DOMException && error.name === 'AbortError';
  return isAborted && reason instanceof Error ? reason : error;
}

/** Runs a storage operation; whatever it throws leaves as an AppError. */
export async function guarded<T>(operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    throw await withQuotaDetails(toStorageError(error));
  }
}
