import type { ChatEngine, LoadedModel } from '#core/ports/chat-engine.ts';
import type { ModelSpec } from '#core/ports/model.ts';
import type { Progress } from '#shared/call.ts';
import { type AppError, isAbort, toAppError } from '#shared/errors.ts';
import { orAborted } from './or-aborted.ts';
import type { FitPlan } from './plan-fit.ts';
import type { LoadAttempt, StepDownProposal } from './step-down.ts';

export interface StepwisePorts {
  readonly engine: ChatEngine;
  readonly plan: (model: ModelSpec) => Promise<FitPlan>;
  readonly storedModels: () => Promise<readonly ModelSpec[]>;
  readonly onStepDown: (
    proposal: StepDownProposal,
    options: { readonly signal: AbortSignal },
  ) => Promise<boolean>;
  readonly onAttempt: (attempt: LoadAttempt, progress?: Progress) => void;
  /** The last attempt failed, and nothing smaller is wanted. */
  readonly onFailed: (attempt: LoadAttempt, error: AppError) => void;
}

export interface StepwiseResult {
  readonly attempt: LoadAttempt;
  readonly loaded: LoadedModel;
  /** How often something smaller was taken, each time with the user's yes. */
  readonly stepsDown: number;
}

/** Tries to load, and after each failure asks before it tries the next smaller thing. Rejects with the last failure. */
export async function loadStepwise(
  first: LoadAttempt,
  ports: StepwisePorts,
  signal: AbortSignal,
): Promise<StepwiseResult> {
  let attempt = first;
  for (let stepsDown = 0; ; stepsDown++) {
    const current = attempt;
    ports.onAttempt(current);
    try {
      const onProgress = (progress: Progress): void => {
        if (!signal.aborted) ports.onAttempt(current, progress);
      };
      const loaded = await ports.engine.load(current, { signal, onProgress });
      return { attempt: current, loaded, stepsDown };
    } catch (error) {
      if (signal.aborted || isAbort(error)) throw error;
      const failure = toAppError(error);
      // Fetched with the first failure: most pages never have one.
      const { proposeStepDown } = await import('./step-down.ts');
      const proposal = await proposeStepDown(current, failure, await ports.storedModels(), ports.plan);
      const isWanted =
        proposal !== undefined && (await orAborted(ports.onStepDown(proposal, { signal }), signal));
      if (!isWanted) {
        ports.onFailed(current, failure);
        throw failure;
      }
      attempt = proposal.next;
    }
  }
}
