import { Wllama } from '@wllama/wllama/esm/index.js';
import bundledWasmUrl from '@wllama/wllama/esm/wasm/wllama.wasm?url';
import { type GgufHeader, readGgufHeader } from '#core/models/index.ts';
import type { LoadedModel, LoadRequest } from '#core/ports/chat-engine.ts';
import type { CallOptions, Progress } from '#shared/call.ts';
import { AppError } from '#shared/errors.ts';
import { waitUnlessAborted } from '#shared/turns.ts';
import { createNativeLog, type NativeLog } from './native-log.ts';
import { headerError, loadError } from './to-app-error.ts';

/** One loaded model: llama.cpp in its own worker, and what it said. */
export interface OpenModel {
  readonly request: LoadRequest;
  readonly loaded: LoadedModel;
  readonly wllama: Wllama;
  readonly log: NativeLog;
  /** A special token's text; undefined if the file names none. */
  readonly endToken: string | undefined;
  /** Ends its worker; the memory goes back to the system. */
  close(): void;
}

export interface OpenModelDeps {
  readonly openFile: (modelId: string, path: string) => Promise<File>;
  /** Absolute or relative to the page; the one that comes with the package unless told. */
  readonly wasmUrl?: string;
}

/** Prompt tokens between two looks at the abort signal: on a CPU a batch of 64 is a second or two and loses no speed. */
const CPU_BATCH_TOKENS = 64;
const GPU_BATCH_TOKENS = 512;
const MOST_GPU_IMAGE_TOKENS = 1024;
const MOST_CPU_IMAGE_TOKENS = 256;
const WARNINGS_AND_ERRORS = 3;

/** Loads a GGUF model. Errors: capability/webgpu-missing and those of ChatEngine.load. */
export async function openModel(
  request: LoadRequest,
  { openFile, wasmUrl = bundledWasmUrl }: OpenModelDeps,
  { signal, onProgress }: CallOptions,
): Promise<OpenModel> {
  const startedAt = performance.now();
  const { model, device } = request;
  const gpuLabel = device === 'gpu' ? await requireGpu() : undefined;
  const paths = model.files.map((file) => file.path).filter((path) => /\.gguf$/i.test(path));
  if (paths.length === 0)
    throw new AppError('input/unsupported', `${model.label} has no GGUF file, which this engine needs.`);
  const files = await waitUnlessAborted(Promise.all(paths.map((path) => openFile(model.id, path))), signal);
  const headers = await waitUnlessAborted(
    Promise.all(files.map((file) => headerOf(file, model.label))),
    signal,
  );
  const header = headers.find(({ projector }) => projector === undefined);
  const projector = headers.find((one) => one.projector !== undefined)?.projector;
  if (header === undefined)
    throw new AppError(
      'input/unsupported',
      `${model.label} has only the part that sees (the mmproj), and no model to it. Import both files together.`,
    );
  const log = createNativeLog();
  const wllama = createWllama(wasmUrl, log);
  const contextTokens = Math.min(request.contextTokens, model.contextTokens);
  const watched = watchReading(files, model.label, signal, onProgress);
  try {
    await waitUnlessAborted(
      Promise.race([log.crash, load(wllama, watched, { ...request, contextTokens }, projector)]),
      signal,
    );
  } catch (error) {
    closeNow(wllama);
    throw loadError(error, { log: log.text(), modelLabel: model.label, contextTokens });
  }
  const threads = wllama.getNumThreads();
  return {
    request,
    wllama,
    log,
    endToken: header.endToken,
    close: () => closeNow(wllama),
    loaded: {
      modelId: model.id,
      contextTokens,
      runsOn: gpuLabel === undefined ? 'wasm' : 'webgpu',
      threads,
      placeLabel: gpuLabel ?? `WASM, ${threads} ${threads === 1 ? 'thread' : 'threads'}`,
      loadMs: performance.now() - startedAt,
      ...(wllama.supportInputModality('image') ? { seesImages: true } : {}),
    },
  };
}

function createWllama(wasmUrl: string, log: NativeLog): Wllama {
  const wllama = new Wllama({ default: new URL(wasmUrl, location.href).href }, { logger: log.logger });
  wllama.setCompat(null); // its default fetches a script from a CDN on browsers without JSPI: never
  return wllama;
}

async function load(
  wllama: Wllama,
  files: readonly File[],
  request: LoadRequest,
  projector: string | undefined,
): Promise<void> {
  const isGpu = request.device === 'gpu';
  const batchTokens = isGpu || readsPicturesWhole(projector) ? GPU_BATCH_TOKENS : CPU_BATCH_TOKENS;
  await wllama.loadModel([...files], {
    n_ctx: request.contextTokens,
    n_threads: request.threads,
    n_gpu_layers: isGpu ? 99_999 : 0,
    mmproj_offload: isGpu,
    ...mostImageTokens(projector, request),
    n_batch: batchTokens,
    n_ubatch: batchTokens,
    n_parallel: 1, // one sequence: the whole context belongs to the thread that is talked to
    ctx_shift: false, // never forgets the beginning in silence: the answer ends with 'length' instead
    reasoning_format: 'none', // raw text with its tags: core/chat splits it, the same way for every engine
    log_level: WARNINGS_AND_ERRORS,
  });
  // A load that llama.cpp turned down comes back as an empty model, not as an error.
  if (!(wllama.getLoadedContextInfo().n_vocab > 0)) throw new Error('llama.cpp did not accept the model');
}

/** Gemma looks at all parts of a picture at once: they have to be in one batch, or llama.cpp ends. */
const readsPicturesWhole = (projector: string | undefined): boolean => /^gemma/.test(projector ?? '');

/**
 * Qwen's models read a picture at its own size, SmolVLM's cut it into tiles: 1536 × 1536 pixels are 3,000 tokens for the
 * one, and 17 looks of 64 tokens for the other, each of which takes a processor several seconds. No more than a quarter
 * of the context either. Other kinds have one size, which they were trained with.
 */
function mostImageTokens(
  projector: string | undefined,
  { contextTokens, device }: LoadRequest,
): { readonly image_max_tokens?: number } {
  if (!/^(?:qwen|idefics3$)/.test(projector ?? '')) return {};
  const most = device === 'gpu' ? MOST_GPU_IMAGE_TOKENS : MOST_CPU_IMAGE_TOKENS;
  return { image_max_tokens: Math.min(most, Math.floor(contextTokens / 4)) };
}

async function headerOf(file: File, label: string): Promise<GgufHeader> {
  const read = (start: number, end: number): Promise<ArrayBuffer> => file.slice(start, end).arrayBuffer();
  try {
    return await readGgufHeader({ sizeBytes: file.size, read });
  } catch (error) {
    throw headerError(error, label);
  }
}

/** Counts what is read of the files, and stops the load by refusing to read on. */
function watchReading(
  files: readonly File[],
  label: string,
  signal: AbortSignal | undefined,
  onProgress: ((event: Progress) => void) | undefined,
): readonly File[] {
  const total = files.reduce((sum, file) => sum + file.size, 0);
  const reach = new Map<File, number>();
  let reported = 0;

  function note(file: File, upTo: number): void {
    signal?.throwIfAborted();
    reach.set(file, Math.max(reach.get(file) ?? 0, Math.min(upTo, file.size)));
    const done = [...reach.values()].reduce((sum, bytes) => sum + bytes, 0);
    if (done - reported < total / 200 && done < total) return;
    reported = done;
    onProgress?.({ phase: 'load', done, total, unit: 'bytes', label });
  }

  return files.map((file) => {
    const watched = new File([file], file.name);
    const slice = (start = 0, end = file.size, type?: string): Blob => {
      note(file, end);
      return file.slice(start, end, type);
    };
    const stream = (): ReadableStream<Uint8Array<ArrayBuffer>> => {
      let read = 0;
      return file.stream().pipeThrough(
        new TransformStream({
          transform(chunk, controller) {
            read += chunk.byteLength;
            note(file, read);
            controller.enqueue(chunk);
          },
        }),
      );
    };
    return Object.assign(watched, { slice, stream });
  });
}

/** A software adapter counts as none: llama.cpp on the CPU is faster. */
async function requireGpu(): Promise<string> {
  const adapter = await navigator.gpu?.requestAdapter({ powerPreference: 'high-performance' });
  const canSuspend = 'Suspending' in WebAssembly; // llama.cpp waits for the GPU through JSPI
  if (!adapter || adapter.info.isFallbackAdapter || !canSuspend)
    throw new AppError(
      'capability/webgpu-missing',
      adapter && !adapter.info.isFallbackAdapter
        ? 'This browser cannot run this engine on the GPU (no JSPI). Run the model on the CPU.'
        : 'This browser offers no graphics processor. Run the model on the CPU.',
    );
  const name = [adapter.info.vendor, adapter.info.architecture].filter((part) => part !== '').join(' ');
  return name === '' ? 'WebGPU' : `WebGPU, ${name}`;
}

function closeNow(wllama: Wllama): void {
  void wllama.exit().catch(() => {}); // only ends its worker
}
