import { MLCEngine, prebuiltAppConfig } from '@mlc-ai/web-llm';
import * as v from 'valibot';
import { libraryFile } from '#core/models/index.ts';
import type { LoadedModel, LoadRequest } from '#core/ports/chat-engine.ts';
import type { ModelSpec } from '#core/ports/model.ts';
import type { CallOptions, Progress } from '#shared/call.ts';
import { AppError } from '#shared/errors.ts';
import { checkKernels, isGarbage } from './check-logits.ts';
import { type Gpu, requireGpu, type WatchedDevice, withWatchedDevice } from './gpu.ts';
import { type Pipeline, pipelineOf } from './library-internals.ts';
import { createPrefixCache, type PrefixCache } from './prefix-cache.ts';
import { type OpenFile, storedModelFiles, withStoredFiles } from './stored-files.ts';
import { garbageError, loadError } from './to-app-error.ts';

export interface OpenModel {
  readonly request: LoadRequest;
  readonly loaded: LoadedModel;
  readonly engine: MLCEngine;
  readonly pipeline: Pipeline;
  readonly cache: PrefixCache;
  readonly device: WatchedDevice;
  /** A reused beginning and a whole prompt disagreed: reuse is off. */
  readonly reuseDiffers: boolean;
  /** Gives the GPU's memory back. */
  close(): Promise<void>;
}

/** A software GPU computes some ten tokens a second: smaller steps let an abort through. */
const SOFTWARE_CHUNK_TOKENS = 32;
const CONFIG = 'mlc-chat-config.json';
const TENSORS = 'tensor-cache.json';
const COMPILING = /^Loading GPU shader modules/;

const tensorsSchema = v.object({
  records: v.pipe(v.array(v.object({ dataPath: v.string(), nbytes: v.number() })), v.minLength(1)),
});
const configSchema = v.object({
  tokenizer_files: v.array(v.string()),
  conv_template: v.object({}),
  sliding_window_size: v.optional(v.number()),
});

/** Loads an MLC model from the model store. Errors: those of ChatEngine.load. */
export async function openModel(
  request: LoadRequest,
  openFile: OpenFile,
  { signal, onProgress }: CallOptions,
): Promise<OpenModel> {
  const startedAt = performance.now();
  const { model } = request;
  if (request.device !== 'gpu')
    throw new AppError('input/unsupported', `${model.label} runs on the graphics processor only.`);
  const gpu = await requireGpu(model);
  const contextTokens = Math.min(request.contextTokens, model.contextTokens);
  const engine = new MLCEngine({
    appConfig: { model_list: [recordOf(model)], cacheBackend: 'cache' },
    logLevel: 'SILENT',
  });
  let device: WatchedDevice | undefined;
  const close = async (): Promise<void> => {
    device?.destroy(); // first: what still runs on it ends at once
    await engine.unload().catch(() => {}); // with its device gone, parts of it may be past taking apart
  };
  try {
    const files = await inspectFiles(model, openFile, signal);
    engine.setInitProgressCallback(({ progress, text }) => {
      if (COMPILING.test(text) && !signal?.aborted)
        onProgress?.({ phase: 'compile', done: progress, total: 1, unit: 'fraction', label: model.label });
    });
    const onRead = countWeights(files.weights, model.label, onProgress);
    const serving = {
      files: storedModelFiles(model.id),
      paths: files.all,
      open: (path: string) => openFile(model.id, path),
      onRead,
      signal,
    };
    await withStoredFiles(serving, () =>
      withWatchedDevice(
        (watched) => {
          device = watched;
        },
        () => engine.reload(model.id, files.isSliding ? undefined : windowOf(contextTokens)),
      ),
    );
    const pipeline = pipelineOf(engine, model.id);
    if (pipeline === undefined || device === undefined) throw new Error('The load ended without a model');
    signal?.throwIfAborted();
    const ready = await warmUp(pipeline, device, gpu, model, onProgress);
    signal?.throwIfAborted();
    const loaded: LoadedModel = {
      modelId: model.id,
      contextTokens,
      runsOn: 'webgpu',
      threads: 0,
      placeLabel: gpu.label,
      loadMs: performance.now() - startedAt,
    };
    return { request, loaded, engine, pipeline, device, close, ...ready };
  } catch (error) {
    const gpuError = device?.error();
    await close();
    throw loadError(error, { modelLabel: model.label, contextTokens, gpuError, isAborted: signal?.aborted });
  }
}

async function warmUp(
  pipeline: Pipeline,
  device: WatchedDevice,
  { isSoftware }: Gpu,
  { label }: ModelSpec,
  onProgress: CallOptions['onProgress'],
): Promise<{ readonly cache: PrefixCache; readonly reuseDiffers: boolean }> {
  if (isSoftware) pipeline.prefillChunkSize = Math.min(pipeline.prefillChunkSize, SOFTWARE_CHUNK_TOKENS);
  const cache = createPrefixCache(pipeline, (logits) => {
    if (isGarbage(logits)) throw garbageError(label);
  });
  onProgress?.({ phase: 'warmup', done: 0, total: 1, unit: 'fraction', label });
  const check = await Promise.race([device.lost, checkKernels(pipeline, cache)]);
  const gpuError = device.error();
  if (check.isGarbage || gpuError !== undefined) throw garbageError(label, gpuError);
  cache.setReuse(!check.reuseDiffers);
  onProgress?.({ phase: 'warmup', done: 1, total: 1, unit: 'fraction', label });
  return { cache, reuseDiffers: check.reuseDiffers };
}

/** What the package itself knows of this model (window sizes), under the address of the stored files. */
function recordOf(model: ModelSpec) {
  const known = prebuiltAppConfig.model_list.find(({ model_id }) => model_id === model.id);
  if (known?.model_manifest !== undefined)
    throw new AppError('input/unsupported', `${model.label} is of a kind that Benchtop cannot load yet.`);
  const library = libraryFile(model);
  if (library === undefined)
    throw new AppError(
      'input/unsupported',
      `${model.label} names no compiled library, which this engine needs.`,
    );
  const files = storedModelFiles(model.id);
  return {
    model: files.baseUrl,
    model_id: model.id,
    model_lib: files.url(library),
    ...(known?.overrides === undefined ? {} : { overrides: known.overrides }),
  };
}

const windowOf = (contextTokens: number) => ({ context_window_size: contextTokens, sliding_window_size: -1 });

interface ModelFiles {
  readonly all: readonly string[];
  readonly weights: ReadonlyMap<string, number>;
  /** The size of its cache comes from its window, not from the context. */
  readonly isSliding: boolean;
}

/** Every file is there, readable and of its size before the GPU is touched. */
async function inspectFiles(
  model: ModelSpec,
  openFile: OpenFile,
  signal: AbortSignal | undefined,
): Promise<ModelFiles> {
  const config = await readJson(model, CONFIG, configSchema, openFile);
  const { records } = await readJson(model, TENSORS, tensorsSchema, openFile);
  const weights = new Map(records.map(({ dataPath, nbytes }) => [dataPath, nbytes]));
  for (const [path, bytes] of weights) {
    signal?.throwIfAborted();
    const { size } = await openFile(model.id, path);
    if (size < bytes) throw damaged(model, path);
  }
  const library = libraryFile(model) ?? '';
  const magic = new Uint8Array(await (await openFile(model.id, library)).slice(0, 4).arrayBuffer());
  if (String.fromCharCode(...magic) !== '\0asm') throw damaged(model, library);
  const tokenizers = config.tokenizer_files.filter((path) => /^tokenizer\.(json|model)$/.test(path));
  const window = recordOf(model).overrides?.sliding_window_size ?? config.sliding_window_size ?? -1;
  return {
    all: [CONFIG, TENSORS, library, ...tokenizers, ...weights.keys()],
    weights,
    isSliding: window > 0,
  };
}

async function readJson<S extends v.GenericSchema>(
  model: ModelSpec,
  path: string,
  schema: S,
  openFile: OpenFile,
): Promise<v.InferOutput<S>> {
  const file = await openFile(model.id, path);
  try {
    return v.parse(schema, JSON.parse(await file.text()));
  } catch (error) {
    throw damaged(model, path, error);
  }
}

function damaged(model: ModelSpec, path: string, cause?: unknown): AppError {
  return new AppError(
    'model/integrity',
    `A file of ${model.label} is damaged or cut short (${path}). Delete the model and download it again.`,
    { cause, details: { path } },
  );
}

/** Bytes of weights as they are read for the GPU. */
function countWeights(
  weights: ModelFiles['weights'],
  label: string,
  onProgress: ((event: Progress) => void) | undefined,
): (path: string, bytes: number) => void {
  const total = [...weights.values()].reduce((sum, bytes) => sum + bytes, 0);
  let done = 0;
  onProgress?.({ phase: 'load', done, total, unit: 'bytes', label });
  return (path, bytes) => {
    if (!weights.has(path)) return;
    done = Math.min(done + bytes, total);
    onProgress?.({ phase: 'load', done, total, unit: 'bytes', label });
  };
}
