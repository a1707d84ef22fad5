import { throwIfAborted } from '#shared/breathe.ts';
import { AppError } from '#shared/errors.ts';
import { createTurns } from '#shared/turns.ts';

/**
 * The runtime does one thing at a time; a batch is a turn, so that a query need not wait for a whole ingest. After an
 * inference that failed nothing more can be computed in this thread: `onBroken` is told when every waiting call has its
 * answer.
 */
export function createInferenceTurns(onBroken: ((error: AppError) => void) | undefined) {
  const takeTurn = createTurns();
  let broken: AppError | undefined;

  /** For what is done in several steps. The returned function ends the turn. */
  async function startTurn(signal: AbortSignal | undefined): Promise<() => void> {
    const endTurn = await takeTurn(signal);
    try {
      if (broken !== undefined) throw broken;
      throwIfAborted(signal);
      return endTurn;
    } catch (error) {
      endTurn();
      throw error;
    }
  }

  return {
    startTurn,
    async inTurn<T>(signal: AbortSignal | undefined, body: () => Promise<T>): Promise<T> {
      const endTurn = await startTurn(signal);
      try {
        return await body();
      } finally {
        endTurn();
      }
    },
    breakDown(error: AppError): void {
      broken ??= new AppError(
        'worker/crashed',
        'The engine for models of this kind stopped and starts again. Try again.',
        {
          cause: error,
        },
      );
      setTimeout(() => onBroken?.(error)); // after the answers
    },
  };
}
