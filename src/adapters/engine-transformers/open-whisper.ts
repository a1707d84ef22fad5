import { PreTrainedTokenizer, WhisperFeatureExtractor } from '@huggingface/transformers';
import { type InferenceSession, Tensor } from 'onnxruntime-web/webgpu';
import type { SpeechRecognizer, SpeechRecognizerInfo } from '#core/ports/speech-recognizer.ts';
import { throwIfAborted } from '#shared/breathe.ts';
import type { CallOptions } from '#shared/call.ts';
import { AppError } from '#shared/errors.ts';
import { chooseSession, decoderProbe, encoderProbe, probeSound } from './choose-whisper.ts';
import type { OpenModelDeps } from './open-model.ts';
import { configureRuntime, hasRealGpu } from './runtime.ts';
import { readWhisperConfig, type WhisperConfig } from './whisper-config.ts';

export interface OpenWhisper {
  readonly info: SpeechRecognizerInfo;
  readonly label: string;
  readonly config: WhisperConfig;
  readonly encoder: InferenceSession;
  readonly decoder: InferenceSession;
  /** [1, bands, frames] of one window; what is shorter is filled up with silence. */
  features(audio: Float32Array): Promise<Tensor>;
  textOf(tokens: readonly number[]): string;
}

type LoadInput = Parameters<SpeechRecognizer['load']>[0];

const readJson = async (file: Blob): Promise<unknown> => JSON.parse(await file.text());

/** What the extractor of the library takes; its types leave it open. */
type ExtractorConfig = ConstructorParameters<typeof WhisperFeatureExtractor>[0];

function checkedConfig(label: string, ...files: Parameters<typeof readWhisperConfig>): WhisperConfig {
  try {
    return readWhisperConfig(...files);
  } catch (error) {
    throw new AppError('input/unsupported', `${label} is not a Whisper that this engine reads.`, {
      cause: error,
    });
  }
}

/**
 * Loads a Whisper in the layout of the hub: an encoder and a merged decoder. Each runs on the GPU where that is wanted, real,
 * gives the CPU's numbers and is faster (`choose-whisper.ts`).
 */
export async function openWhisper(
  { model, device, threads }: LoadInput,
  { openFile }: Pick<OpenModelDeps, 'openFile'>,
  { signal, onProgress }: CallOptions,
): Promise<OpenWhisper> {
  const step = (done: number): void => {
    throwIfAborted(signal);
    onProgress?.({ phase: 'load', done, total: 3, unit: 'items', label: model.label });
  };
  step(0);
  const open = (path: string): Promise<File> => openFile(model.id, path);
  const pathOf = (pattern: RegExp): string => {
    const path = model.files.find((file) => pattern.test(file.path))?.path;
    if (path !== undefined) return path;
    throw new AppError(
      'input/unsupported',
      `${model.label} is not a speech model that this engine reads: it needs an encoder and a merged decoder.`,
    );
  };
  const [encoderPath, decoderPath] = [
    pathOf(/encoder_model\w*\.onnx$/),
    pathOf(/decoder_model_merged\w*\.onnx$/),
  ];
  const preprocessor = await readJson(await open('preprocessor_config.json'));
  const config = checkedConfig(
    model.label,
    await readJson(await open('config.json')),
    await readJson(await open('generation_config.json')),
    preprocessor,
  );
  const tokenizer = new PreTrainedTokenizer(
    (await readJson(await open('tokenizer.json'))) as object,
    (await readJson(await open('tokenizer_config.json'))) as object,
  );
  const extractor = new WhisperFeatureExtractor(preprocessor as ExtractorConfig);
  const wantsGpu = device === 'gpu' && (await hasRealGpu());
  const tryGpu = configureRuntime(wantsGpu ? 'gpu' : 'cpu', threads) === 'gpu' && wantsGpu;
  step(1);
  const bytesOf = async (path: string): Promise<Uint8Array> =>
    new Uint8Array(await (await open(path)).arrayBuffer());
  const features = async (audio: Float32Array): Promise<Tensor> => {
    const { input_features } = await extractor._call(audio);
    return new Tensor('float32', input_features.data as Float32Array, [...input_features.dims]);
  };
  const encoder = await chooseSession(await bytesOf(encoderPath), tryGpu, async (session) =>
    encoderProbe(session, await features(probeSound(config.windowSamples))),
  );
  step(2);
  const decoder = await chooseSession(await bytesOf(decoderPath), tryGpu, async (session) =>
    decoderProbe(session, encoder.session, await features(probeSound(config.windowSamples)), config),
  ).catch(async (error: unknown) => {
    await encoder.session.release();
    throw error;
  });
  step(3);
  const languages = [...config.languages.keys()];
  return {
    info: {
      modelId: model.id,
      languages: languages.length > 0 ? languages : ['en'],
      runsOn: encoder.runsOn,
      decoderRunsOn: decoder.runsOn,
      dtype: model.quantization,
    },
    label: model.label,
    config,
    encoder: encoder.session,
    decoder: decoder.session,
    features,
    textOf: (tokens) => tokenizer.decode([...tokens], { skip_special_tokens: true }).trim(),
  };
}
