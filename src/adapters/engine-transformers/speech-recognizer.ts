import type { Tensor } from 'onnxruntime-web/webgpu';
import {
  SPEECH_SAMPLE_RATE,
  type SpeechRecognizer,
  type SpeechSegment,
  type TranscribeRequest,
  type Transcript,
} from '#core/ports/speech-recognizer.ts';
import { throwIfAborted } from '#shared/breathe.ts';
import type { CallOptions } from '#shared/call.ts';
import { AppError } from '#shared/errors.ts';
import { breathe } from './breathe.ts';
import { createInferenceTurns } from './inference-turns.ts';
import type { OpenModelDeps } from './open-model.ts';
import { type OpenWhisper, openWhisper } from './open-whisper.ts';
import { inferenceError, isRuntimeFailure, loadError } from './to-app-error.ts';
import { openWindow, type WhisperDecoder } from './whisper-decoder.ts';
import { applyRules, largestAt, logShares } from './whisper-rules.ts';
import { readWindow } from './whisper-segments.ts';

export interface TransformersSpeechDeps extends Pick<OpenModelDeps, 'openFile'> {
  /** An inference failed: nothing more can be computed in this thread. */
  readonly onBroken?: (error: AppError) => void;
}

/** Both must hold where nobody speaks; the figures of the paper's code. */
const NO_SPEECH_SHARE = 0.6;
const LEAST_MEAN_LOG_SHARE = -1;
/** What is left behind the last window that was read whole, and too short for a word. */
const LEAST_SAMPLES = SPEECH_SAMPLE_RATE / 10;

interface WindowTokens {
  readonly tokens: readonly number[];
  readonly language: string;
}

/** The likeliest language after the first token, which the decoder then still has to see. */
async function hearLanguage(model: OpenWhisper, decoder: WhisperDecoder): Promise<string> {
  const { config } = model;
  const { last } = await decoder.step([config.start]);
  const known = [...config.languages];
  const share = ([, token]: readonly [string, number]): number => last[token] ?? Number.NEGATIVE_INFINITY;
  return known.reduce((best, next) => (share(next) > share(best) ? next : best))[0];
}

/** Word by word, the likeliest each; no tokens where nobody speaks. */
async function readTokens(
  model: OpenWhisper,
  states: Tensor,
  wanted: string | undefined,
  signal: AbortSignal | undefined,
): Promise<WindowTokens> {
  const { config, decoder: session, info } = model;
  const isEnglishOnly = config.languages.size === 0;
  const language =
    wanted ??
    (isEnglishOnly
      ? (info.languages[0] ?? '')
      : await hearLanguage(model, openWindow(session, states, config)));
  const decoder = openWindow(session, states, config);
  const prompt = [config.start, config.languages.get(language), config.transcribe];
  const tokens: number[] = [];
  let { first, last } = await decoder.step(prompt.filter((token) => token !== undefined));
  const noSpeech = Math.exp(logShares(first)[config.noSpeech] ?? Number.NEGATIVE_INFINITY);
  let sum = 0;
  while (tokens.length < config.maxTokens) {
    const shares = logShares(last);
    applyRules(last, tokens, config);
    const next = largestAt(last);
    sum += shares[next] ?? 0;
    if (next === config.end) break;
    tokens.push(next);
    await breathe();
    throwIfAborted(signal);
    ({ last } = await decoder.step([next]));
  }
  const isSilent = noSpeech > NO_SPEECH_SHARE && sum / (tokens.length + 1) < LEAST_MEAN_LOG_SHARE;
  return { tokens: isSilent ? [] : tokens, language };
}

function checkRequest(model: OpenWhisper, { audio, language }: TranscribeRequest): void {
  if (language !== undefined && !model.info.languages.includes(language))
    throw new AppError('input/invalid', `${model.label} does not know the language “${language}”.`);
  if (!audio.every(Number.isFinite))
    throw new AppError('input/invalid', 'The sound is damaged: it has samples that are no numbers.');
}

/** Whisper in ONNX, in this very thread: use it in a worker. */
export function createTransformersSpeechRecognizer(deps: TransformersSpeechDeps): SpeechRecognizer {
  const models = new Map<string, OpenWhisper>();
  const { inTurn, breakDown } = createInferenceTurns(deps.onBroken);

  /** One window is one turn. */
  function readNext(
    model: OpenWhisper,
    audio: Float32Array,
    language: string | undefined,
    signal: AbortSignal | undefined,
  ): Promise<WindowTokens> {
    return inTurn(signal, async () => {
      try {
        const { last_hidden_state: states } = await model.encoder.run({
          input_features: await model.features(audio),
        });
        if (states === undefined) throw new Error('The encoder gives no states');
        return await readTokens(model, states, language, signal);
      } catch (error) {
        const failure = inferenceError(error, model.label);
        if (failure.code !== 'abort/by-user') breakDown(failure);
        throw failure;
      }
    });
  }

  async function transcribe(
    request: TranscribeRequest,
    { signal, onProgress }: CallOptions,
  ): Promise<Transcript> {
    const model = models.get(request.modelId);
    if (model === undefined)
      throw new AppError('model/not-found', 'This speech model is not loaded. Load it first.', {
        details: { modelId: request.modelId },
      });
    checkRequest(model, request);
    const { audio } = request;
    const { secondsPerStep, windowSamples } = model.config;
    const total = audio.length / SPEECH_SAMPLE_RATE;
    const segments: SpeechSegment[] = [];
    let { language } = request;
    let at = 0;
    const tell = (): void =>
      onProgress?.({
        phase: 'process',
        done: Math.min(total, at / SPEECH_SAMPLE_RATE),
        total,
        unit: 'seconds',
        label: model.label,
      });
    tell();
    while (audio.length - at >= (request.continues ? windowSamples : LEAST_SAMPLES)) {
      const window = audio.subarray(at, at + windowSamples);
      const heard = await readNext(model, window, language, signal);
      const { segments: found, advance } = readWindow(heard.tokens, model.config);
      const secondsAt = (step: number): number =>
        Math.min(total, at / SPEECH_SAMPLE_RATE + step * secondsPerStep);
      for (const { start, end, tokens } of found) {
        const text = model.textOf(tokens);
        if (text !== '') segments.push({ start: secondsAt(start), end: secondsAt(end), text });
      }
      // Silence before the first words tells nothing about their language.
      if (heard.tokens.length > 0) language ??= heard.language;
      at += Math.round(advance * secondsPerStep * SPEECH_SAMPLE_RATE);
      tell();
      await breathe();
      throwIfAborted(signal);
    }
    const untilSeconds = at / SPEECH_SAMPLE_RATE;
    at = audio.length;
    if (!request.continues) tell();
    return {
      language: language ?? model.info.languages[0] ?? 'en',
      segments,
      ...(request.continues ? { untilSeconds } : {}),
    };
  }

  return {
    load: (input, options = {}) =>
      inTurn(options.signal, async () => {
        const before = models.get(input.model.id);
        if (before !== undefined) return before.info;
        try {
          const model = await openWhisper(input, deps, options);
          models.set(input.model.id, model);
          return model.info;
        } catch (error) {
          const failure = loadError(error, input.model.label);
          if (isRuntimeFailure(error)) breakDown(failure);
          throw failure;
        }
      }),
    async transcribe(request, options = {}) {
      return transcribe(request, options);
    },
    unload: ({ modelId }) =>
      inTurn(undefined, async () => {
        const model = models.get(modelId);
        models.delete(modelId);
        await model?.encoder.release();
        await model?.decoder.release();
      }),
  };
}
