import type { ImageEmbedderInfo } from '#core/ports/image-embedder.ts';
import type { ModelSpec } from '#core/ports/model.ts';
import type { CallOptions } from '#shared/call.ts';
import { AppError } from '#shared/errors.ts';
import { imageFingerprintOf, sha256Of } from './fingerprint.ts';
import { readGraph } from './graph-files.ts';
import { type IdTokenizer, openIdTokenizer } from './id-tokenizer.ts';
import type { LoadInput, OpenModelDeps } from './open-model.ts';
import { openPictureProcessor, type PictureProcessor, toPixelValues } from './picture-processor.ts';
import { openTower, type Tower, type TowerBatch } from './tower.ts';

export interface TextSide {
  readonly tower: Tower;
  readonly tokenizer: IdTokenizer;
}

export interface OpenImageModel {
  readonly input: LoadInput;
  readonly model: ModelSpec;
  readonly info: ImageEmbedderInfo;
  readonly processor: PictureProcessor;
  readonly maxInputTokens: number;
  readonly vision: Tower;
  /** Loaded when the first text comes: an ingest does without it. */
  text?: TextSide;
}

const PROBE_TEXTS = ['a photo of a dog on a beach', 'red'];

/** Loads the tower for pictures and proves on a probe that it gives vectors of the promised size. */
export async function openImageModel(
  input: LoadInput,
  deps: OpenModelDeps,
  { signal, onProgress }: CallOptions,
): Promise<OpenImageModel> {
  const { model } = input;
  const { logits } = model;
  const total = 3;
  const step = (done: number): void => {
    signal?.throwIfAborted();
    onProgress?.({ phase: 'load', done, total, unit: 'items', label: model.label });
  };
  step(0);
  if (logits === undefined)
    throw new AppError('input/unsupported', `${model.label} is no model for pictures and texts.`);
  const visionPath = towerPath(model, 'vision');
  towerPath(model, 'text');
  const open = (path: string): Promise<File> => deps.openFile(model.id, path);
  const processor = await openPictureProcessor(await open('preprocessor_config.json'), model.label);
  const files = await readGraph(model, visionPath, open);
  step(1);
  const vision = await openTower({ ...input, files, label: model.label, probe: pictureProbe(processor) });
  step(2);
  try {
    requireDimension(model, vision.dimension);
    const maxInputTokens = Math.min(model.maxInputTokens ?? model.contextTokens, model.contextTokens);
    const fingerprint = await imageFingerprintOf({
      files: await Promise.all(
        [...model.files]
          .filter(({ path }) => /\.onnx(_data(_\d+)?)?$|^tokenizer\.json$/.test(path))
          .toSorted((a, b) => (a.path < b.path ? -1 : 1))
          .map(({ path }) => hashOf(model, path, deps)),
      ),
      processor,
      dtype: model.quantization,
      maxInputTokens,
    });
    step(3);
    return {
      input,
      model,
      processor,
      maxInputTokens,
      vision,
      info: {
        modelId: model.id,
        dimension: vision.dimension,
        input: processor.input,
        logits,
        runsOn: vision.runsOn,
        dtype: model.quantization,
        fingerprint,
      },
    };
  } catch (error) {
    await vision.release();
    throw error;
  }
}

/** The tower for texts, whose vectors must have the size of the pictures'. */
export async function openTextSide(
  { input, model, maxInputTokens, info }: OpenImageModel,
  deps: OpenModelDeps,
): Promise<TextSide> {
  const open = (path: string): Promise<File> => deps.openFile(model.id, path);
  const tokenizer = await openIdTokenizer(await open('tokenizer.json'), await open('tokenizer_config.json'));
  const files = await readGraph(model, towerPath(model, 'text'), open);
  const ids = PROBE_TEXTS.map((text) => encodeText(model, tokenizer, text, maxInputTokens));
  const probe = textBatch(
    ids,
    ids.map((_, row) => row),
    tokenizer.padId,
  );
  const tower = await openTower({ ...input, files, label: model.label, probe });
  try {
    requireDimension(model, tower.dimension, info.dimension);
  } catch (error) {
    await tower.release();
    throw error;
  }
  return { tower, tokenizer };
}

/** As the model saw texts in training: lower case and filled up where that is said of it. */
export function encodeText(
  { textInput }: ModelSpec,
  tokenizer: IdTokenizer,
  text: string,
  maxTokens: number,
): readonly number[] {
  const ids = tokenizer.encode(textInput?.isLowerCase ? text.toLowerCase() : text, maxTokens);
  if (!textInput?.isPadded) return ids;
  return [...ids, ...Array<number>(maxTokens - ids.length).fill(tokenizer.padId)];
}

/** Rows of ids, padded to the longest. */
export function textBatch(
  ids: readonly (readonly number[])[],
  rows: readonly number[],
  padId: number,
): TowerBatch {
  const tokens = Math.max(1, ...ids.map((row) => row.length));
  const data = new BigInt64Array(ids.length * tokens).fill(BigInt(padId));
  const mask = new BigInt64Array(ids.length * tokens);
  for (const [r, row] of ids.entries())
    for (const [t, id] of row.entries()) {
      data[r * tokens + t] = BigInt(id);
      mask[r * tokens + t] = 1n;
    }
  const shape = [tokens];
  return { rows, inputs: { input_ids: { data, shape }, attention_mask: { data: mask, shape } } };
}

export function pictureBatch(
  processor: PictureProcessor,
  pixels: Uint8Array,
  rows: readonly number[],
): TowerBatch {
  const { width, height } = processor.input;
  const data = toPixelValues(processor, pixels, rows.length);
  return { rows, inputs: { pixel_values: { data, shape: [3, height, width] } } };
}

/** Two pictures that are unlike: a colour ramp, and stripes. */
function pictureProbe(processor: PictureProcessor): TowerBatch {
  const { width, height } = processor.input;
  const area = width * height;
  const pixels = new Uint8Array(area * 6);
  for (let i = 0; i < area; i++) {
    const [x, y] = [(i % width) / width, Math.floor(i / width) / height];
    pixels.set([x * 255, y * 255, 128], i * 3);
    pixels.fill(Math.floor((x + y) * 8) % 2 === 0 ? 230 : 20, (area + i) * 3, (area + i) * 3 + 3);
  }
  return pictureBatch(processor, pixels, [0, 1]);
}

function requireDimension(model: ModelSpec, dimension: number, expected = model.dimension): void {
  if (expected !== undefined && expected !== dimension)
    throw new AppError(
      'model/integrity',
      `${model.label} gives vectors of ${dimension} numbers, not of ${expected}. Delete it and download it again.`,
    );
}

function towerPath(model: ModelSpec, side: 'vision' | 'text'): string {
  const path = model.files.find((file) => new RegExp(`(^|/)${side}_model\\w*\\.onnx$`).test(file.path))?.path;
  if (path === undefined)
    throw new AppError('input/unsupported', `${model.label} has no ONNX file for ${SIDES[side]}.`);
  return path;
}

const SIDES = { vision: 'pictures', text: 'texts' } as const;

async function hashOf(model: ModelSpec, path: string, deps: OpenModelDeps): Promise<string> {
  return (
    model.files.find((file) => file.path === path)?.sha256 ??
    (await deps.hashOf?.(model.id, path)) ??
    sha256Of(new Uint8Array(await (await deps.openFile(model.id, path)).arrayBuffer()))
  );
}
