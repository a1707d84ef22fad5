import type { ChatEngine } from '#core/ports/chat-engine.ts';
import type { EngineRoom, EngineState, ReadyEngine } from '#core/ports/engine-room.ts';
import type { ModelSpec } from '#core/ports/model.ts';
import type { SettingsRepository } from '#core/ports/repositories.ts';
import { AppError, fromWire, isAbort, toAppError } from '#shared/errors.ts';
import { isLoss } from './engine-loss.ts';
import type { EngineNews } from './engine-news.ts';
import { guardEngine } from './guarded-engine.ts';
import { type LoadWish, readLastUsed, saveLastUsed } from './last-used.ts';
import { loadStepwise, type StepwisePorts } from './load-stepwise.ts';
import { cancelled, orAborted } from './or-aborted.ts';
import type { FitOptions, FitPlan } from './plan-fit.ts';

export interface EngineRoomPorts {
  readonly engine: ChatEngine;
  /** A model by id: from the catalog, WebLLM's list, imports, servers. */
  readonly models: (id: string) => Promise<ModelSpec | undefined>;
  /** Complete and verified on this device. */
  readonly isStored: (id: string) => Promise<boolean>;
  readonly plan: (model: ModelSpec, options?: FitOptions) => Promise<FitPlan>;
  readonly settings: SettingsRepository;
  /** Asks the user. No answer is ever assumed; `signal` aborts when the question is moot. */
  readonly onStepDown: StepwisePorts['onStepDown'];
  /** Chat models that are stored, for the last step down. Without it no smaller model is proposed. */
  readonly storedModels?: () => Promise<readonly ModelSpec[]>;
}

/** The room of a tab whose engine other tabs use too. */
export interface SharedEngineRoom extends EngineRoom {
  /** Takes over what the shared engine was told to do elsewhere: a model that another tab loaded is ready here too. */
  adopt(news: EngineNews): void;
}

interface RunningLoad {
  readonly wish: LoadWish;
  readonly abort: AbortController;
  readonly done: Promise<ReadyEngine>;
  waiters: number;
}

type LoadOptions = NonNullable<Parameters<EngineRoom['load']>[1]>;

const isSameWish = (a: LoadWish, b: LoadWish): boolean =>
  a.modelId === b.modelId && a.contextTokens === b.contextTokens && a.device === b.device;

/** What is loaded is what is wished for: nothing to do, and no answer to stop. */
function isServedBy(state: EngineState, wish: LoadWish): state is EngineState & { readonly status: 'ready' } {
  if (state.status !== 'ready' || state.model.id !== wish.modelId) return false;
  if (wish.contextTokens !== undefined && wish.contextTokens !== state.loaded.contextTokens) return false;
  return wish.device === undefined || (wish.device === 'gpu') === (state.loaded.runsOn === 'webgpu');
}

async function findLoadable(ports: EngineRoomPorts, modelId: string): Promise<ModelSpec> {
  const model = await ports.models(modelId);
  if (!model) {
    throw new AppError(
      'model/not-found',
      `The model "${modelId}" is not known here. Choose another on the Models screen.`,
    );
  }
  if (model.task !== 'chat') throw new AppError('input/unsupported', `${model.label} is not a chat model.`);
  if (model.engine !== 'openai' && !(await ports.isStored(modelId))) {
    throw new AppError(
      'model/not-found',
      `${model.label} is not on this device. Download it on the Models screen first.`,
    );
  }
  return model;
}

/**
 * Which chat model is resident. Loads are serialised and the latest wins: an older one that still runs is cancelled with
 * abort/by-user. A switch stops the running answers first. A failed load asks before it tries anything smaller.
 */
export function createEngineRoom(ports: EngineRoomPorts): SharedEngineRoom {
  const listeners = new Set<() => void>();
  let state: EngineState = { status: 'none' };
  let current: RunningLoad | undefined;
  /** Settles when everything that was asked of the engine so far is over. */
  let queue: Promise<unknown> = Promise.resolve();
  let news: EngineNews | undefined;

  const guarded = guardEngine(ports.engine, (modelId, error) => {
    if (state.status === 'ready' && state.model.id === modelId)
      setState({ status: 'failed', model: state.model, error });
  });

  function setState(next: EngineState): void {
    state = next;
    for (const listener of [...listeners]) listener();
  }

  function subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  const stepwise: StepwisePorts = {
    engine: ports.engine,
    plan: (model) => ports.plan(model, { isStored: true }),
    storedModels: ports.storedModels ?? (async () => []),
    onStepDown: ports.onStepDown,
    onAttempt: ({ model }, progress) =>
      setState({ status: 'loading', model, ...(progress ? { progress } : {}) }),
    onFailed: ({ model }, error) => setState({ status: 'failed', model, error }),
  };

  async function loadNow(wish: LoadWish, signal: AbortSignal): Promise<ReadyEngine> {
    const model = await findLoadable(ports, wish.modelId);
    const { contextTokens, device, threads } = await ports.plan(model, { ...wish, isStored: true });
    if (signal.aborted) throw signal.reason;
    setState({ status: 'loading', model });
    await guarded.stopAnswers();
    const { attempt, loaded, stepsDown } = await loadStepwise(
      { model, contextTokens, device, threads },
      stepwise,
      signal,
    );
    // The engine finished although it was told to stop: nobody wants this model any more.
    if (signal.aborted) {
      await ports.engine.unload({ modelId: attempt.model.id });
      throw signal.reason;
    }
    const ready = { model: attempt.model, loaded };
    // What was stepped down to is remembered as it is, or the next start would fail and ask again.
    const asItRan = {
      modelId: attempt.model.id,
      contextTokens: attempt.contextTokens,
      device: attempt.device,
    };
    await saveLastUsed(ports.settings, stepsDown > 0 ? asItRan : wish);
    setState({ status: 'ready', ...ready });
    return ready;
  }

  async function run(wish: LoadWish, signal: AbortSignal): Promise<ReadyEngine> {
    try {
      if (signal.aborted) throw signal.reason;
      return await loadNow(wish, signal);
    } catch (error) {
      const failure = toAppError(signal.aborted ? signal.reason : error);
      if (state.status === 'loading') {
        setState(
          isAbort(failure) ? { status: 'none' } : { status: 'failed', model: state.model, error: failure },
        );
      }
      throw failure;
    }
  }

  /** Waits while something of this room's own is under way, then shows what came of it all. */
  function adopt(latest: EngineNews): void {
    news = latest;
    if (current === undefined) showNews();
  }

  function showNews(): void {
    if (news === undefined) return;
    if (news.status === 'lost') {
      setState({ status: 'failed', model: news.model, error: fromWire(news.error) });
      return;
    }
    // Why a load failed stays on the screen until something else is loaded.
    if (news.status !== 'none' || state.status !== 'failed') setState(news);
  }

  function begin(wish: LoadWish): RunningLoad {
    current?.abort.abort(cancelled('Another model was chosen meanwhile.'));
    const abort = new AbortController();
    const done = queue
      .then(() => run(wish, abort.signal))
      .finally(() => {
        if (current !== load) return;
        current = undefined;
        showNews();
      });
    const load: RunningLoad = { wish, abort, done, waiters: 0 };
    queue = done.catch(() => undefined);
    current = load;
    return load;
  }

  async function join(job: RunningLoad, { signal, onProgress }: LoadOptions): Promise<ReadyEngine> {
    job.waiters += 1;
    const stopProgress = subscribe(() => {
      if (state.status === 'loading' && state.progress) onProgress?.(state.progress);
    });
    try {
      return await orAborted(job.done, signal);
    } finally {
      stopProgress();
      job.waiters -= 1;
      if (job.waiters === 0 && current === job) job.abort.abort(cancelled());
    }
  }

  async function load(modelId: string, options: LoadOptions = {}): Promise<ReadyEngine> {
    const { signal, contextTokens, device } = options;
    if (signal?.aborted) throw cancelled();
    const wish: LoadWish = {
      modelId,
      ...(contextTokens === undefined ? {} : { contextTokens }),
      ...(device === undefined ? {} : { device }),
    };
    const running = current?.abort.signal.aborted ? undefined : current;
    if (running && isSameWish(running.wish, wish)) return join(running, options);
    if (!running && isServedBy(state, wish)) return { model: state.model, loaded: state.loaded };
    return join(begin(wish), options);
  }

  async function unload(): Promise<void> {
    current?.abort.abort(cancelled('The model was unloaded.'));
    const work = queue.then(async () => {
      await guarded.stopAnswers();
      // Still loading here means: another tab's load, which this tab shows and may end.
      if (state.status === 'ready' || state.status === 'loading')
        await ports.engine.unload({ modelId: state.model.id });
      setState({ status: 'none' });
    });
    queue = work.catch(() => undefined);
    await work;
  }

  async function lastUsed(): Promise<LoadWish | undefined> {
    const wish = await readLastUsed(ports.settings);
    const model = wish && (await ports.models(wish.modelId));
    if (!model) return undefined;
    return model.engine === 'openai' || (await ports.isStored(model.id)) ? wish : undefined;
  }

  /** Resolves at the next change to ready; rejects at the next to failed. */
  function nextOutcome(signal: AbortSignal | undefined): Promise<ReadyEngine> {
    let unsubscribe = (): void => undefined;
    const outcome = new Promise<ReadyEngine>((resolve, reject) => {
      const look = (): void => {
        if (state.status === 'ready') resolve({ model: state.model, loaded: state.loaded });
        if (state.status === 'failed') reject(state.error);
      };
      unsubscribe = subscribe(look);
      if (state.status === 'ready') look();
    });
    return orAborted(outcome, signal).finally(() => unsubscribe());
  }

  /** Resolves when another tab's load is over, however it ends. */
  function loadedElsewhere(signal: AbortSignal | undefined): Promise<void> {
    let unsubscribe = (): void => undefined;
    const over = new Promise<void>((resolve) => {
      unsubscribe = subscribe(() => state.status !== 'loading' && resolve());
    });
    return orAborted(over, signal).finally(() => unsubscribe());
  }

  async function whenReady(
    options: NonNullable<Parameters<EngineRoom['whenReady']>[0]> = {},
  ): Promise<ReadyEngine> {
    const { signal, modelId } = options;
    if (signal?.aborted) throw cancelled();
    if (modelId !== undefined) {
      const running = current?.abort.signal.aborted ? undefined : current;
      if (running?.wish.modelId === modelId) return join(running, options);
      return load(modelId, options);
    }
    try {
      if (current && !current.abort.signal.aborted) return await join(current, options);
      if (state.status === 'loading') await loadedElsewhere(signal);
      if (state.status === 'ready') return { model: state.model, loaded: state.loaded };
      if (state.status === 'failed' && !isLoss(state.error)) throw state.error;
      const wish = await lastUsed();
      if (wish) return await load(wish.modelId, { ...options, ...wish });
    } catch (error) {
      // The user chose another model, or cancelled this load: the question waits for what comes.
      if (!isAbort(error) || signal?.aborted) throw error;
    }
    return nextOutcome(signal);
  }

  return { engine: guarded.engine, state: () => state, subscribe, load, unload, whenReady, adopt };
}
