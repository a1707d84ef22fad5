import type { ModelSpec } from '#core/ports/model.ts';
import type { EmbedderInfo } from '#core/ports/text-embedder.ts';
import type { CallOptions } from '#shared/call.ts';
import { AppError } from '#shared/errors.ts';
import { fingerprintOf, sha256Of } from './fingerprint.ts';
import { type IdTokenizer, openIdTokenizer } from './id-tokenizer.ts';
import { poolRow } from './pool.ts';
import {
  configureRuntime,
  createSession,
  hasRealGpu,
  type ModelSession,
  type SessionFiles,
} from './runtime.ts';

export interface OpenModelDeps {
  /** Complete, verified files; nothing else is read, and nothing is fetched or kept. */
  readonly openFile: (modelId: string, path: string) => Promise<File>;
  /** SHA-256 that was computed when the file was stored; asked only for a file without a pinned one. */
  readonly hashOf?: (modelId: string, path: string) => Promise<string | undefined>;
}

export interface LoadInput {
  readonly model: ModelSpec;
  readonly device: 'gpu' | 'cpu';
  readonly threads: number;
}

export interface OpenModel {
  readonly input: LoadInput;
  readonly model: ModelSpec;
  readonly info: EmbedderInfo;
  readonly tokenizer: IdTokenizer;
  readonly session: ModelSession;
  readonly pooling: 'mean' | 'cls';
}

/** The GPU must agree with the CPU this well on the probes, or it is not used. */
const LEAST_AGREEMENT = 0.995;
const PROBES = [
  'The relief valve opens at nine bar and closes again at eight.',
  'Seit 1897 fährt die Straßenbahn über die Brücke. 42 % der Fahrgäste steigen am Markt aus.',
  'cats',
];

/** Loads a model and proves on a probe that it gives vectors of the promised size. */
export async function openModel(
  input: LoadInput,
  deps: OpenModelDeps,
  { signal, onProgress }: CallOptions,
): Promise<OpenModel> {
  const { model } = input;
  const total = 3;
  const step = (done: number): void => {
    signal?.throwIfAborted();
    onProgress?.({ phase: 'load', done, total, unit: 'items', label: model.label });
  };
  step(0);
  const open = (path: string): Promise<File> => deps.openFile(model.id, path);
  const tokenizer = await openIdTokenizer(await open('tokenizer.json'), await open('tokenizer_config.json'));
  const modelPath = model.files.find(({ path }) => path.endsWith('.onnx'))?.path;
  if (modelPath === undefined)
    throw new AppError('input/unsupported', `${model.label} has no ONNX file, which this engine needs.`);
  const bytes = await readBytes(await open(modelPath));
  const externalPaths = model.files
    .map(({ path }) => path)
    .filter((path) => /\.onnx_data(_\d+)?$/.test(path));
  const external = await Promise.all(
    externalPaths.map(async (path) => ({
      path: path.split('/').at(-1) ?? path,
      data: await readBytes(await open(path)),
    })),
  );
  step(1);
  const pooling = model.pooling ?? 'mean';
  const maxInputTokens = Math.min(model.maxInputTokens ?? model.contextTokens, model.contextTokens);
  const probes = PROBES.map((text) => tokenizer.encode(text, maxInputTokens));
  const chosen = await chooseSession(
    { model: bytes, external, padId: tokenizer.padId },
    probes,
    pooling,
    input,
  );
  step(2);
  const dimension = chosen.vectors[0]?.length ?? 0;
  if (model.dimension !== undefined && model.dimension !== dimension) {
    await chosen.session.release();
    throw new AppError(
      'model/integrity',
      `${model.label} gives vectors of ${dimension} numbers, not of ${model.dimension}. Delete it and download it again.`,
    );
  }
  const hash = async (path: string, content: () => Promise<Uint8Array>): Promise<string> =>
    model.files.find((file) => file.path === path)?.sha256 ??
    (await deps.hashOf?.(model.id, path)) ??
    sha256Of(await content());
  const fingerprint = await fingerprintOf({
    files: [
      await hash(modelPath, async () => bytes),
      await hash('tokenizer.json', async () => readBytes(await open('tokenizer.json'))),
      ...(await Promise.all(external.map(({ data }, i) => hash(externalPaths[i] ?? '', async () => data)))),
    ],
    pooling,
    prompt: model.prompt ?? { query: '', passage: '' },
    dtype: model.quantization,
    maxInputTokens,
  });
  step(3);
  return {
    input,
    model,
    tokenizer,
    session: chosen.session,
    pooling,
    info: {
      modelId: model.id,
      dimension,
      maxInputTokens,
      runsOn: chosen.runsOn,
      dtype: model.quantization,
      fingerprint,
    },
  };
}

interface ChosenSession {
  readonly session: ModelSession;
  readonly runsOn: 'webgpu' | 'wasm';
  readonly vectors: readonly Float32Array[];
}

/** The GPU, where it is asked for, real, agrees with the CPU and is faster; else the CPU. What it is stands in the info. */
async function chooseSession(
  files: SessionFiles,
  probes: readonly (readonly number[])[],
  pooling: 'mean' | 'cls',
  { device, threads }: LoadInput,
): Promise<ChosenSession> {
  const wantsGpu = device === 'gpu' && (await hasRealGpu());
  const build = configureRuntime(wantsGpu ? 'gpu' : 'cpu', threads);
  const cpu = await createSession(files, 'wasm');
  const onCpu = await probe(cpu, probes, pooling);
  if (onCpu === undefined) throw new Error('The model gives no vectors: invalid model');
  if (!wantsGpu || build === 'cpu') return { session: cpu, runsOn: 'wasm', vectors: onCpu.vectors };
  const gpu = await createSession(files, 'webgpu').catch(() => undefined); // an operator that this GPU lacks
  const onGpu = gpu && (await probe(gpu, probes, pooling).catch(() => undefined));
  const agrees = onGpu?.vectors.every((vector, i) => dot(vector, onCpu.vectors[i]) >= LEAST_AGREEMENT);
  if (gpu !== undefined && onGpu !== undefined && agrees && onGpu.durationMs < onCpu.durationMs) {
    await cpu.release();
    return { session: gpu, runsOn: 'webgpu', vectors: onGpu.vectors };
  }
  return { session: cpu, runsOn: 'wasm', vectors: onCpu.vectors }; // releasing the GPU's could take the device along
}

async function probe(
  session: ModelSession,
  probes: readonly (readonly number[])[],
  pooling: 'mean' | 'cls',
): Promise<{ readonly vectors: readonly Float32Array[]; readonly durationMs: number } | undefined> {
  const tokens = Math.max(...probes.map((ids) => ids.length));
  await session.run(probes, tokens); // compiles
  const startedAt = performance.now();
  const states = await session.run(probes, tokens);
  const durationMs = performance.now() - startedAt;
  const vectors = probes.map(() => new Float32Array(states.dimension));
  const isSound = vectors.every((vector, row) =>
    poolRow(states, row, probes[row]?.length ?? 0, pooling, vector),
  );
  return isSound ? { vectors, durationMs } : undefined;
}

function dot(a: Float32Array, b: Float32Array | undefined): number {
  return a.reduce((sum, value, i) => sum + value * (b?.[i] ?? 0), 0);
}

async function readBytes(file: Blob): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await file.arrayBuffer());
}
