import { createStore } from 'zustand/vanilla';
import type { OpenMicrophone, OpenMicrophonePort } from '#core/ports/sound.ts';
import { HEARD, type Speech } from '#core/speech/index.ts';
import { AppError, isAbort, toAppError, toWire, type WireError } from '#shared/errors.ts';

export interface DictationDependencies {
  readonly speech: () => Promise<Speech>;
  readonly openMicrophone: OpenMicrophonePort;
}

export interface DictationState {
  /** no-model: none is on this device; opening: the browser asks the user. */
  readonly status: 'looking' | 'no-model' | 'opening' | 'listening' | 'writing' | 'failed';
  /** How loud it is, 0 to 1. */
  readonly level: number;
  readonly seconds: number;
  readonly modelLabel: string;
  /** That may be asked for; empty until the model is loaded. */
  readonly languages: readonly string[];
  readonly language: string;
  readonly error?: WireError;
}

export type Dictation = ReturnType<typeof createDictation>;

/** Whoever forgets the microphone does not fill the memory. */
const MAX_SECONDS = 300;
const LEVEL_MS = 50;

const INITIAL: DictationState = {
  status: 'looking',
  level: 0,
  seconds: 0,
  modelLabel: '',
  languages: [],
  language: HEARD,
};

/** What our own recorder wrote and the browser cannot read is a file without sound in it. */
function asNoSound(error: unknown): unknown {
  if (toAppError(error).code !== 'input/unsupported') return error;
  return new AppError('input/invalid', 'The microphone gave no sound. Check that it is on, and try again.', {
    cause: error,
  });
}

/** From the microphone to text; nothing is sent and nothing is kept. `onText` is called once. */
export function createDictation(deps: DictationDependencies, onText: (text: string) => void) {
  const store = createStore<DictationState>(() => INITIAL);
  const abort = new AbortController();
  let microphone: OpenMicrophone | undefined;
  let modelId = '';
  let timer: ReturnType<typeof setInterval> | undefined;

  const set = (change: Partial<DictationState>): void => {
    if (!abort.signal.aborted) store.setState(change);
  };

  function fail(error: unknown): void {
    clearInterval(timer);
    microphone?.cancel();
    microphone = undefined;
    if (!isAbort(error)) set({ status: 'failed', error: toWire(toAppError(error)) });
  }

  /** While the user speaks already: the model is needed at the end only. */
  async function loadModel(speech: Speech): Promise<void> {
    const { languages } = await speech.load(modelId, { signal: abort.signal });
    set({ languages });
  }

  async function listen(): Promise<void> {
    const { error: _, ...rest } = store.getState();
    store.setState({ ...rest, status: 'opening', seconds: 0, level: 0 }, true);
    const opened = await deps.openMicrophone();
    if (abort.signal.aborted) return opened.cancel();
    microphone = opened;
    const startedAt = performance.now();
    set({ status: 'listening' });
    timer = setInterval(() => {
      const seconds = (performance.now() - startedAt) / 1000;
      set({ level: opened.level(), seconds });
      if (seconds >= MAX_SECONDS) void stop();
    }, LEVEL_MS);
  }

  /** Closes the microphone and writes down what was said. */
  async function stop(): Promise<void> {
    const open = microphone;
    if (open === undefined) return;
    microphone = undefined;
    clearInterval(timer);
    set({ status: 'writing', level: 0 });
    try {
      const speech = await deps.speech();
      const sound = await open.stop();
      const { language } = store.getState();
      const { segments } = await speech.hear(
        { sound, modelId, ...(language === HEARD ? {} : { language }) },
        { signal: abort.signal },
      );
      const text = segments.map((segment) => segment.text.trim()).join(' ');
      if (text === '')
        throw new AppError(
          'input/invalid',
          'No word was heard. Speak nearer to the microphone, and try again.',
        );
      if (!abort.signal.aborted) onText(text);
    } catch (error) {
      fail(asNoSound(error));
    }
  }

  return {
    store,
    stop,
    setLanguage: (language: string): void => set({ language }),

    /** Looks for a model, asks for the microphone, and listens. Also begins again after a failure. */
    async start(): Promise<void> {
      try {
        const speech = await deps.speech();
        const [model] = await speech.models();
        if (model === undefined) return set({ status: 'no-model' });
        modelId = model.id;
        set({ modelLabel: model.label });
        await listen();
        await loadModel(speech);
      } catch (error) {
        fail(error);
      }
    },

    /** Closes the microphone; what was said is forgotten. */
    dispose(): void {
      abort.abort();
      clearInterval(timer);
      microphone?.cancel();
      microphone = undefined;
    },
  };
}
