import type { ChatEngine, GenerateEvent } from '#core/ports/chat-engine.ts';
import { AppError, toAppError } from '#shared/errors.ts';
import { isLoss } from './engine-loss.ts';

export interface GuardedEngine {
  readonly engine: ChatEngine;
  /** Stops every running answer and waits until it let go of the engine. */
  stopAnswers(): Promise<void>;
}

interface RunningAnswer {
  readonly abort: AbortController;
  readonly ended: Promise<void>;
}

/**
 * The engine as the page uses it: answers that run can be stopped all together (a switch does it), and a failure that
 * means that the model is gone is told to `onLost`.
 */
export function guardEngine(
  engine: ChatEngine,
  onLost: (modelId: string, error: AppError) => void,
): GuardedEngine {
  const running = new Set<RunningAnswer>();

  function noteLoss(modelId: string, error: unknown): AppError {
    const failure = toAppError(error);
    if (isLoss(failure)) onLost(modelId, failure);
    return failure;
  }

  const guarded: ChatEngine = {
    load: (input, options) => engine.load(input, options),
    unload: (input, options) => engine.unload(input, options),
    async countTokens(input, options) {
      try {
        return await engine.countTokens(input, options);
      } catch (error) {
        throw noteLoss(input.modelId, error);
      }
    },
    async *generate(input, options = {}): AsyncGenerator<GenerateEvent> {
      const abort = new AbortController();
      let markEnded = (): void => undefined;
      const answer: RunningAnswer = { abort, ended: new Promise((resolve) => (markEnded = resolve)) };
      const signal = options.signal ? AbortSignal.any([options.signal, abort.signal]) : abort.signal;
      running.add(answer);
      try {
        yield* engine.generate(input, { ...options, signal });
      } catch (error) {
        throw abort.signal.aborted ? abort.signal.reason : noteLoss(input.modelId, error);
      } finally {
        running.delete(answer);
        markEnded();
      }
    },
  };

  return {
    engine: guarded,
    async stopAnswers() {
      const answers = [...running];
      for (const { abort } of answers)
        abort.abort(new AppError('abort/by-user', 'Stopped: the model was changed.'));
      await Promise.all(answers.map(({ ended }) => ended));
    },
  };
}
