import type { InferenceSession, Tensor } from 'onnxruntime-web/webgpu';
import { SPEECH_SAMPLE_RATE } from '#core/ports/speech-recognizer.ts';
import { isGpuBetter, type Measured } from './gpu-choice.ts';
import { openInference } from './runtime.ts';
import type { WhisperConfig } from './whisper-config.ts';
import { openWindow } from './whisper-decoder.ts';
import { largestAt } from './whisper-rules.ts';

/** Tokens that the decoder is compared over: the first fills its caches, the others read them. */
const PROBE_STEPS = 6;

export interface ChosenSession {
  readonly session: InferenceSession;
  readonly runsOn: 'webgpu' | 'wasm';
}

/** What a probe gives; the rows need not have a length of one yet. */
type Probe = (session: InferenceSession) => Promise<Omit<Measured, 'durationMs'>>;

async function measured(session: InferenceSession, probe: Probe, clock: () => number): Promise<Measured> {
  await probe(session); // compiles
  const startedAt = clock();
  const { vectors, dimension } = await probe(session);
  const durationMs = clock() - startedAt;
  return { vectors: rowsOfLengthOne(vectors, dimension), dimension, durationMs };
}

function rowsOfLengthOne(vectors: Float32Array, dimension: number): Float32Array {
  const rows = vectors.slice();
  for (let from = 0; from < rows.length; from += dimension) {
    let sum = 0;
    for (let d = from; d < from + dimension; d++) sum += (rows[d] ?? 0) ** 2;
    const length = Math.sqrt(sum) || 1;
    for (let d = from; d < from + dimension; d++) rows[d] = (rows[d] ?? 0) / length;
  }
  return rows;
}

/** As with the towers of a picture model (`tower.ts`): a GPU can be wrong without an error. */
export async function chooseSession(
  model: Uint8Array,
  wantsGpu: boolean,
  probe: Probe,
  clock: () => number = () => performance.now(),
): Promise<ChosenSession> {
  const files = { model, external: [] };
  const cpu = await openInference(files, 'wasm');
  if (!wantsGpu) return { session: cpu, runsOn: 'wasm' };
  const onCpu = await measured(cpu, probe, clock).catch(async (error: unknown) => {
    await cpu.release();
    throw error;
  });
  const gpu = await openInference(files, 'webgpu').catch(() => undefined); // an operator that this GPU lacks
  const onGpu = gpu && (await measured(gpu, probe, clock).catch(() => undefined));
  if (gpu === undefined || onGpu === undefined || !isGpuBetter(onGpu, onCpu))
    return { session: cpu, runsOn: 'wasm' }; // releasing the GPU's could take the device along
  await cpu.release();
  return { session: gpu, runsOn: 'webgpu' };
}

/** A tone that rises and falls: something is heard at every moment of the window. */
export function probeSound(samples: number): Float32Array {
  let phase = 0;
  return Float32Array.from({ length: samples }, (_, i) => {
    const seconds = i / SPEECH_SAMPLE_RATE;
    phase += (2 * Math.PI * (900 + 700 * Math.sin(seconds))) / SPEECH_SAMPLE_RATE;
    return 0.4 * Math.sin(phase);
  });
}

async function statesOf(encoder: InferenceSession, features: Tensor): Promise<Tensor> {
  const { last_hidden_state: states } = await encoder.run({ input_features: features });
  if (states === undefined) throw new Error('The encoder gives no states');
  return states;
}

/** The states of a window, a row a step of it. */
export async function encoderProbe(session: InferenceSession, features: Tensor) {
  const states = await statesOf(session, features);
  return { vectors: (await states.getData()) as Float32Array, dimension: states.dims[2] ?? 0 };
}

/** The logits of some words in turn, each after the likeliest one before. */
export async function decoderProbe(
  session: InferenceSession,
  encoder: InferenceSession,
  features: Tensor,
  config: WhisperConfig,
) {
  const decoder = openWindow(session, await statesOf(encoder, features), config);
  const language = [...config.languages.values()][0];
  const prompt = [config.start, language, config.transcribe].filter((token) => token !== undefined);
  const rows: Float32Array[] = [];
  for (let ids: readonly number[] = prompt; rows.length < PROBE_STEPS; ) {
    const { last } = await decoder.step(ids);
    rows.push(last);
    ids = [largestAt(last)];
  }
  const dimension = rows[0]?.length ?? 0;
  const vectors = new Float32Array(rows.length * dimension);
  for (const [i, row] of rows.entries()) vectors.set(row, i * dimension);
  return { vectors, dimension };
}
