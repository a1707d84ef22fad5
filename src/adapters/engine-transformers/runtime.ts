import gpuGlueUrl from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs?url';
import gpuWasmUrl from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url';
import glueUrl from 'onnxruntime-web/ort-wasm-simd-threaded.mjs?url';
import wasmUrl from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';
import { env, InferenceSession, Tensor } from 'onnxruntime-web/webgpu';
import type { HiddenStates } from './pool.ts';

/**
 * The sessions are run here and not by the library's models: those chain all inferences of a thread, so that one that
 * rejects makes every later one reject, and they always load the build for GPUs, twice the size and slower on a CPU.
 */
export interface ModelSession {
  /** One batch of token ids, padded here. */
  run(rows: readonly (readonly number[])[], tokens: number): Promise<HiddenStates>;
  release(): Promise<void>;
}

export interface SessionFiles {
  readonly model: Uint8Array;
  readonly external: readonly { readonly path: string; readonly data: Uint8Array }[];
  readonly padId: number;
}

let configured: 'cpu' | 'gpu' | undefined;

/**
 * Chooses the build of the runtime and its threads. Only the first call in a thread has an effect: the runtime is
 * started once. Returns which build it is.
 */
export function configureRuntime(build: 'cpu' | 'gpu', threads: number): 'cpu' | 'gpu' {
  if (configured !== undefined) return configured;
  const absolute = (url: string): string => new URL(url, location.href).href;
  env.wasm.wasmPaths =
    build === 'gpu'
      ? { wasm: absolute(gpuWasmUrl), mjs: absolute(gpuGlueUrl) }
      : { wasm: absolute(wasmUrl), mjs: absolute(glueUrl) };
  env.wasm.numThreads = globalThis.crossOriginIsolated ? Math.max(1, threads) : 1;
  env.wasm.proxy = false;
  env.logLevel = 'error';
  configured = build;
  return build;
}

/** As many as the runtime was started with. */
export function runtimeThreads(): number {
  return env.wasm.numThreads ?? 1;
}

/** A real graphics processor: a software adapter is slower than WASM. */
export async function hasRealGpu(): Promise<boolean> {
  const adapter = await navigator.gpu?.requestAdapter({ powerPreference: 'high-performance' });
  return adapter !== null && adapter !== undefined && !adapter.info.isFallbackAdapter;
}

/** The bare session, for models whose outputs are not states of tokens. */
export function openInference(
  files: Pick<SessionFiles, 'model' | 'external'>,
  runsOn: 'webgpu' | 'wasm',
  options: Pick<InferenceSession.SessionOptions, 'preferredOutputLocation'> = {},
): Promise<InferenceSession> {
  return InferenceSession.create(files.model, {
    executionProviders: [runsOn],
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
    ...options,
    ...(files.external.length > 0 ? { externalData: [...files.external] } : {}),
  });
}

export async function createSession(files: SessionFiles, runsOn: 'webgpu' | 'wasm'): Promise<ModelSession> {
  const session = await openInference(files, runsOn);
  return {
    run: (rows, tokens) => runSession(session, files.padId, rows, tokens),
    release: () => session.release(),
  };
}

async function runSession(
  session: InferenceSession,
  padId: number,
  rows: readonly (readonly number[])[],
  tokens: number,
): Promise<HiddenStates> {
  const size = rows.length * tokens;
  const ids = new BigInt64Array(size).fill(BigInt(padId));
  const mask = new BigInt64Array(size);
  rows.forEach((row, r) => {
    row.forEach((id, t) => {
      ids[r * tokens + t] = BigInt(id);
      mask[r * tokens + t] = 1n;
    });
  });
  const shape = [rows.length, tokens];
  const feeds: Record<string, Tensor> = {};
  for (const name of session.inputNames)
    feeds[name] = new Tensor(
      'int64',
      name === 'input_ids' ? ids : name === 'attention_mask' ? mask : new BigInt64Array(size),
      shape,
    );
  const outputs = await session.run(feeds);
  const output = outputs.last_hidden_state ?? outputs[session.outputNames[0] ?? ''];
  const dimension = output?.dims[2];
  if (output === undefined || output.type !== 'float32' || dimension === undefined)
    throw new Error('The model gives no states of tokens');
  const data = (await output.getData()) as Float32Array;
  return { data, tokens, dimension };
}
