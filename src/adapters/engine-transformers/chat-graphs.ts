import { type InferenceSession, Tensor } from 'onnxruntime-web/webgpu';
import type { ModelSpec } from '#core/ports/model.ts';
import { AppError } from '#shared/errors.ts';
import { readGraph } from './graph-files.ts';
import { fromHalf, toHalf } from './half.ts';
import { cacheInputs, createKvCache, type KvCache, presentName } from './kv-cache.ts';
import { openInference } from './runtime.ts';

/** One row of numbers a token. */
export interface Rows {
  readonly data: Float32Array;
  readonly width: number;
}

/**
 * The graphs of a chat model in the layout that the library's classes share: a decoder on token ids, or a decoder on embeddings
 * with one graph for those of tokens and one for those of pictures. Run here and not by the library's models (runtime.ts says
 * why).
 */
export interface ChatGraphs {
  readonly cache: KvCache;
  readonly seesImages: boolean;
  /** Reads tokens behind those in the cache; the logits after the last of them. `rows` are their embeddings, where it sees. */
  decode(ids: readonly number[], rows: Rows | undefined): Promise<Float32Array>;
  /** Embeddings of tokens; undefined where the decoder does that itself. */
  embed(ids: readonly number[]): Promise<Rows> | undefined;
  /** Features of one picture, or of one of its pieces. */
  see(inputs: Readonly<Record<string, Tensor>>): Promise<Rows>;
  release(): Promise<void>;
}

export interface GraphRequest {
  readonly model: ModelSpec;
  readonly modelType: string;
  readonly runsOn: 'webgpu' | 'wasm';
  readonly open: (path: string) => Promise<Blob>;
}

/** Its positions begin at one. */
const COUNTS_FROM_ONE = new Set(['paligemma', 'gemma3', 'gemma3_text']);
const DECODER_INPUTS =
  /^(?:input_ids|inputs_embeds|attention_mask|position_ids|num_logits_to_keep|use_cache_branch)$/;

/** Errors: input/unsupported (other graphs), and whatever the runtime says of a damaged one. */
export async function openChatGraphs({ model, modelType, runsOn, open }: GraphRequest): Promise<ChatGraphs> {
  const paths = graphPaths(model);
  const opened: InferenceSession[] = [];
  let remembered: KvCache | undefined;
  const release = async (): Promise<void> => {
    await remembered?.keep(0); // on a GPU it is memory that nobody else gives back
    for (const session of opened) await session.release();
  };
  const session = async (path: string, isDecoder = false): Promise<InferenceSession> => {
    const files = await readGraph(model, path, open);
    const made = await openInference(files, runsOn, isDecoder && runsOn === 'webgpu' ? KEPT_ON_GPU : {});
    opened.push(made);
    return made;
  };
  try {
    const vision = paths.vision === undefined ? undefined : await session(paths.vision);
    const words = paths.words === undefined ? undefined : await session(paths.words);
    const decoder = await session(paths.decoder, true);
    requireKnownInputs(decoder, model.label);
    const cache = createKvCache(decoder);
    remembered = cache;
    const firstPosition = COUNTS_FROM_ONE.has(modelType) ? 1 : 0;
    return {
      cache,
      seesImages: vision !== undefined,
      embed: (ids) => words && rowsOf(words, { input_ids: idsTensor(ids) }),
      see(inputs) {
        if (vision === undefined) throw new Error('This model has no graph for pictures');
        return rowsOf(vision, inputs);
      },
      async decode(ids, rows) {
        const outputs = await decoder.run(decoderFeeds(decoder, cache, { ids, rows, firstPosition }));
        cache.take(outputs, ids.length);
        return lastRow(outputs.logits);
      },
      release,
    };
  } catch (error) {
    await release();
    throw error;
  }
}

/** What a decoder gives is mostly its cache, which goes back in with the next token. */
const KEPT_ON_GPU = { preferredOutputLocation: 'gpu-buffer' } as const;

function graphPaths(model: ModelSpec) {
  const find = (name: string): string | undefined =>
    model.files.find(({ path }) => new RegExp(`(?:^|/)${name}(?:_[a-z0-9]+)?\\.onnx$`).test(path))?.path;
  const words = find('embed_tokens');
  const decoder = find('decoder_model_merged') ?? find('model');
  const vision = find('vision_encoder');
  if (decoder === undefined || (vision !== undefined && words === undefined))
    throw new AppError(
      'input/unsupported',
      `${model.label} is not a chat model that this engine reads: it needs a decoder, and for pictures a vision encoder and embeddings.`,
    );
  return { words, decoder, vision };
}

function requireKnownInputs(decoder: InferenceSession, label: string): void {
  const caches = new Set(cacheInputs(decoder).map(({ name }) => name));
  const others = decoder.inputNames.filter((name) => !caches.has(name) && !DECODER_INPUTS.test(name));
  const missing = [...caches].filter((name) => !decoder.outputNames.includes(presentName(name)));
  const positions = decoder.inputMetadata.find(({ name }) => name === 'position_ids');
  const isFlat = positions === undefined || (positions.isTensor && positions.shape.length === 2);
  const strange = [...others, ...missing, ...(isFlat ? [] : ['position_ids'])][0];
  if (caches.size === 0 || strange !== undefined)
    throw new AppError(
      'input/unsupported',
      `${label} wants to be run in a way that this engine does not know${strange === undefined ? '' : ` (${strange})`}.`,
    );
}

function decoderFeeds(
  decoder: InferenceSession,
  cache: KvCache,
  step: { readonly ids: readonly number[]; readonly rows: Rows | undefined; readonly firstPosition: number },
): Record<string, Tensor> {
  const count = step.ids.length;
  const feeds: Record<string, Tensor> = { ...cache.feeds() };
  for (const [at, name] of decoder.inputNames.entries()) {
    const input = decoder.inputMetadata[at];
    if (name === 'input_ids') feeds[name] = idsTensor(step.ids);
    else if (name === 'inputs_embeds' && step.rows)
      feeds[name] = floatTensor(step.rows.data, [1, count, step.rows.width], input);
    else if (name === 'attention_mask')
      feeds[name] = new Tensor('int64', new BigInt64Array(cache.length + count).fill(1n), [
        1,
        cache.length + count,
      ]);
    else if (name === 'position_ids') {
      const first = cache.length + step.firstPosition;
      feeds[name] = idsTensor(step.ids.map((_, i) => first + i));
    } else if (name === 'num_logits_to_keep') feeds[name] = new Tensor('int64', BigInt64Array.of(1n), []);
    else if (name === 'use_cache_branch') feeds[name] = new Tensor('bool', [cache.length > 0], [1]);
  }
  return feeds;
}

function idsTensor(ids: readonly number[]): Tensor {
  return new Tensor('int64', BigInt64Array.from(ids, BigInt), [1, ids.length]);
}

function floatTensor(
  data: Float32Array,
  dims: readonly number[],
  input: InferenceSession.ValueMetadata | undefined,
): Tensor {
  return input?.isTensor && input.type === 'float16'
    ? new Tensor('float16', Uint16Array.from(data, toHalf), dims)
    : new Tensor('float32', data, dims);
}

async function floatsOf(tensor: Tensor | undefined): Promise<Float32Array> {
  if (tensor?.type === 'float32') return (await tensor.getData(true)) as Float32Array;
  if (tensor?.type !== 'float16') throw new Error('The model gives no numbers: invalid model');
  const { buffer, byteOffset, length } = (await tensor.getData(true)) as Uint16Array;
  return Float32Array.from(new Uint16Array(buffer, byteOffset, length), fromHalf);
}

/** The one output of a graph, as rows; of its inputs those that it knows. */
async function rowsOf(session: InferenceSession, inputs: Readonly<Record<string, Tensor>>): Promise<Rows> {
  const feeds: Record<string, Tensor> = {};
  for (const [at, name] of session.inputNames.entries()) {
    const input = inputs[name];
    if (input === undefined)
      throw new AppError('input/unsupported', `This model asks for “${name}”, which is not known here.`);
    feeds[name] =
      input.type === 'float32'
        ? floatTensor(input.data as Float32Array, input.dims, session.inputMetadata[at])
        : input;
  }
  const outputs = await session.run(feeds);
  const output = outputs[session.outputNames[0] ?? ''];
  const width = output?.dims.at(-1);
  if (width === undefined) throw new Error('The model gives no features: invalid model');
  return { data: await floatsOf(output), width };
}

async function lastRow(logits: Tensor | undefined): Promise<Float32Array> {
  const width = logits?.dims[2];
  if (width === undefined) throw new Error('The model gives no words: invalid model');
  const data = await floatsOf(logits);
  return data.slice(data.length - width);
}
