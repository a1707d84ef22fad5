import type { ChatEngine, GenerateEvent, LoadedModel, LoadRequest } from '#core/ports/chat-engine.ts';
import type { ModelSpec } from '#core/ports/model.ts';
import type { CallOptions, Progress } from '#shared/call.ts';
import { toWire } from '#shared/errors.ts';
import { createTurns } from '#shared/turns.ts';
import { isLoss } from './engine-loss.ts';
import type { EngineNews } from './engine-news.ts';
import { cancelled, orAborted } from './or-aborted.ts';

interface Held {
  readonly model: ModelSpec;
  readonly loaded: LoadedModel;
}

interface WantedLoad {
  readonly input: LoadRequest;
  readonly abort: AbortController;
  readonly onProgress: CallOptions['onProgress'];
}

interface RunningAnswer {
  readonly abort: AbortController;
  readonly ended: Promise<void>;
}

function isSameLoad(a: LoadRequest, b: LoadRequest): boolean {
  return a.model.id === b.model.id && a.contextTokens === b.contextTokens && a.device === b.device;
}

function isServedBy({ model, loaded }: Held, wanted: LoadRequest): boolean {
  if (model.id !== wanted.model.id || loaded.contextTokens !== wanted.contextTokens) return false;
  return loaded.runsOn === 'remote' || (loaded.runsOn === 'webgpu') === (wanted.device === 'gpu');
}

function bothSignals(a: AbortSignal, b: AbortSignal | undefined): AbortSignal {
  return b ? AbortSignal.any([a, b]) : a;
}

/**
 * One engine for several callers who know nothing of each other. Answers take turns (a server elsewhere takes all at
 * once); another model stops them, with words; of several loads the latest wins. What the engine holds is told to `tell`.
 */
export function shareEngine(local: ChatEngine, tell: (news: EngineNews) => void): ChatEngine {
  const takeTurn = createTurns();
  const answers = new Set<RunningAnswer>();
  const wanted = new Set<WantedLoad>();
  let held: Held | undefined;
  /** Settles when every load and unload that was asked for so far is over. */
  let queue: Promise<unknown> = Promise.resolve();

  function tellHeld(): void {
    tell(held ? { status: 'ready', ...held } : { status: 'none' });
  }

  function noteLoss(error: unknown): void {
    if (!isLoss(error) || held === undefined) return;
    const { model } = held;
    held = undefined;
    tell({ status: 'lost', model, error: toWire(error) });
  }

  async function stopAnswers(why: string): Promise<void> {
    const running = [...answers];
    for (const { abort } of running) abort.abort(cancelled(why));
    await Promise.all(running.map(({ ended }) => ended));
  }

  function cancelLoads(why: string, isKept: (load: WantedLoad) => boolean = () => false): void {
    for (const load of wanted) if (!isKept(load)) load.abort.abort(cancelled(why));
  }

  function enqueue<T>(work: () => Promise<T>): Promise<T> {
    const done = queue.then(work);
    queue = done.catch(() => undefined);
    return done;
  }

  async function loadNow(input: LoadRequest, signal: AbortSignal): Promise<LoadedModel> {
    if (signal.aborted) throw cancelled();
    if (held && isServedBy(held, input)) return held.loaded;
    const { model } = input;
    tell({ status: 'loading', model });
    try {
      await stopAnswers(`Stopped: ${model.label} is being loaded instead.`);
      held = undefined;
      const onProgress = (progress: Progress): void => {
        if (signal.aborted) return;
        tell({ status: 'loading', model, progress });
        for (const load of wanted) if (isSameLoad(load.input, input)) load.onProgress?.(progress);
      };
      held = { model, loaded: await local.load(input, { signal, onProgress }) };
      return held.loaded;
    } finally {
      tellHeld();
    }
  }

  async function load(input: LoadRequest, { signal, onProgress }: CallOptions = {}): Promise<LoadedModel> {
    cancelLoads(`${input.model.label} was chosen meanwhile.`, (other) => isSameLoad(other.input, input));
    const mine: WantedLoad = { input, abort: new AbortController(), onProgress };
    wanted.add(mine);
    try {
      const done = enqueue(() => loadNow(input, bothSignals(mine.abort.signal, signal)));
      return await orAborted(done, mine.abort.signal);
    } finally {
      wanted.delete(mine);
    }
  }

  async function unload(input: { readonly modelId: string }, options?: CallOptions): Promise<void> {
    cancelLoads('The model was unloaded.', ({ input: { model } }) => model.id !== input.modelId);
    await enqueue(async () => {
      const isHeld = held?.model.id === input.modelId;
      if (isHeld) await stopAnswers('Stopped: the model was unloaded.');
      await local.unload(input, options);
      if (!isHeld) return;
      held = undefined;
      tellHeld();
    });
  }

  /** A server elsewhere answers many at once; what runs on this device answers one. */
  async function turnFor(signal: AbortSignal): Promise<() => void> {
    return held?.loaded.runsOn === 'remote' ? () => undefined : takeTurn(signal);
  }

  async function* generate(
    input: Parameters<ChatEngine['generate']>[0],
    options: CallOptions = {},
  ): AsyncGenerator<GenerateEvent> {
    const abort = new AbortController();
    let markEnded = (): void => undefined;
    const answer: RunningAnswer = { abort, ended: new Promise((resolve) => (markEnded = resolve)) };
    const signal = bothSignals(abort.signal, options.signal);
    answers.add(answer);
    let endTurn = (): void => undefined;
    try {
      endTurn = await turnFor(signal);
      yield* local.generate(input, { ...options, signal });
    } catch (error) {
      noteLoss(error);
      throw abort.signal.aborted ? abort.signal.reason : error;
    } finally {
      endTurn();
      answers.delete(answer);
      markEnded();
    }
  }

  return {
    load,
    unload,
    generate,
    async countTokens(input, options) {
      try {
        return await local.countTokens(input, options);
      } catch (error) {
        noteLoss(error);
        throw error;
      }
    },
  };
}
