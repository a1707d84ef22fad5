import { requireSight } from '#core/models/index.ts';
import type { ChatEngine, GenerateEvent, GenerateRequest, LoadRequest } from '#core/ports/chat-engine.ts';
import { AppError } from '#shared/errors.ts';
import { createTurns, waitUnlessAborted } from '#shared/turns.ts';
import { type Completion, checkRequest, complete, ignoredSettings } from './complete.ts';
import { type OpenModel, openModel } from './open-model.ts';
import { tokenizePrompt } from './prompt-tokens.ts';
import type { OpenFile } from './stored-files.ts';
import { garbageError, generateError } from './to-app-error.ts';

export interface WebllmEngineDeps {
  /** A file of a stored model, backed by disk. */
  readonly openFile: OpenFile;
}

/**
 * Its two vision models (Phi-3.5-vision) answer text here: the prompt goes to the library as tokens, so that a beginning is
 * reused, and a picture has no tokens to hand over.
 */
const SEES_IMAGES = false;

type Resident = OpenModel & {
  /** Set when the GPU was lost: the model has to be loaded again. */
  failure?: AppError;
  isReuseWarned?: boolean;
};

/**
 * MLC models through WebLLM, on WebGPU. One model and one call at a time; further calls wait in line. Runs in our own
 * worker and replaces that thread's Cache API while it loads.
 */
export function createWebllmEngine({ openFile }: WebllmEngineDeps): ChatEngine {
  const takeTurn = createTurns();
  let current: Resident | undefined;

  async function close(): Promise<void> {
    const open = current;
    current = undefined;
    await open?.close();
  }

  function require(modelId: string): Resident {
    if (current?.loaded.modelId !== modelId)
      throw new AppError('model/not-found', `The model ${modelId} is not loaded. Load it first.`);
    if (current.failure !== undefined) throw current.failure;
    return current;
  }

  function adopt(open: OpenModel): Resident {
    const resident: Resident = open;
    current = resident;
    open.device.lost.catch((failure: AppError) => {
      resident.failure ??= failure;
    });
    return resident;
  }

  return {
    async load(request, options = {}) {
      const { signal } = options;
      const endTurn = await takeTurn(signal);
      if (current !== undefined && current.failure === undefined && isSame(current.request, request)) {
        endTurn();
        return current.loaded;
      }
      const opening = close().then(() => openModel(request, openFile, options));
      // After an abort the turn ends only when the GPU's memory is free again.
      const settled = opening.then(
        async (open) => {
          if (signal?.aborted) await open.close();
          else adopt(open);
        },
        () => {},
      );
      void settled.then(endTurn, endTurn);
      const open = await waitUnlessAborted(opening, signal);
      await settled;
      return open.loaded;
    },

    async *generate(request, { signal } = {}) {
      const calledAt = performance.now();
      const endTurn = await takeTurn(signal);
      let open: Resident;
      try {
        open = require(request.modelId);
        requireSight(request.messages, SEES_IMAGES, open.request.model.label);
        checkRequest(request);
      } catch (error) {
        endTurn();
        throw error;
      }
      // The turn ends when the GPU is free again, which after an abort may be a token later than the caller's error.
      yield* answer(open, request, calledAt, signal, endTurn);
    },

    async countTokens({ modelId, messages }, { signal } = {}) {
      const endTurn = await takeTurn(signal);
      try {
        const open = require(modelId);
        requireSight(messages, SEES_IMAGES, open.request.model.label);
        const { perMessage } = tokenizePrompt(open.pipeline, messages, false);
        return { perMessage, total: perMessage.reduce((sum, tokens) => sum + tokens, 0), isExact: true };
      } finally {
        endTurn();
      }
    },

    async unload({ modelId }, { signal } = {}) {
      const endTurn = await takeTurn(signal);
      try {
        if (current?.loaded.modelId === modelId) await close();
      } finally {
        endTurn();
      }
    },
  };
}

function isSame(a: LoadRequest, b: LoadRequest): boolean {
  return a.model.id === b.model.id && a.contextTokens === b.contextTokens && a.device === b.device;
}

async function* answer(
  open: Resident,
  request: GenerateRequest,
  calledAt: number,
  signal: AbortSignal | undefined,
  endTurn: () => void,
): AsyncGenerator<GenerateEvent, void, void> {
  const { device } = open;
  const { label } = open.request.model;
  const stop = new AbortController();
  const onAbort = (): void => stop.abort();
  let steps: AsyncGenerator<Completion, void, void> | undefined;
  try {
    signal?.addEventListener('abort', onAbort, { once: true });
    yield* warnings(open, request);
    steps = complete(open, request, stop.signal);
    let firstTokenAt: number | undefined;
    while (true) {
      const next = steps.next();
      next.catch(() => {}); // after an abort nobody waits for it
      const step = await waitUnlessAborted(Promise.race([device.lost, next]), signal);
      const gpuError = device.error();
      if (gpuError !== undefined) throw garbageError(label, gpuError);
      if (step.done === true) throw new Error('The answer ended without its figures');
      firstTokenAt ??= performance.now();
      if (step.value.type === 'text') {
        if (step.value.text !== '') yield { type: 'text-delta', text: step.value.text };
        continue;
      }
      const usage = { ...step.value.usage, ttftMs: firstTokenAt - calledAt };
      yield { type: 'finish', reason: step.value.reason, usage };
      return;
    }
  } catch (error) {
    const failure = generateError(error, label);
    if (failure.code === 'worker/crashed' || failure.code === 'model/load-failed') open.failure ??= failure;
    throw failure;
  } finally {
    signal?.removeEventListener('abort', onAbort);
    stop.abort();
    void Promise.race([drain(steps), device.lost]).then(endTurn, endTurn);
  }
}

function* warnings(open: Resident, { sampling }: GenerateRequest): Generator<GenerateEvent, void, void> {
  if (open.reuseDiffers && !open.isReuseWarned) {
    open.isReuseWarned = true;
    const message =
      'On this graphics processor a reused beginning and a whole prompt give different answers: every question is computed whole, which takes longer.';
    yield { type: 'warning', code: 'kv-reuse-differs', message };
  }
  const ignored = ignoredSettings(sampling);
  if (ignored !== undefined) yield { type: 'warning', code: 'sampling-ignored', message: ignored };
}

async function drain(steps: AsyncGenerator<Completion, void, void> | undefined): Promise<void> {
  await steps?.return().catch(() => {});
}
