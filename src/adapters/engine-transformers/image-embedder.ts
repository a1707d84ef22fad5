import type { ImageEmbedder } from '#core/ports/image-embedder.ts';
import type { Embeddings } from '#core/ports/text-embedder.ts';
import { throwIfAborted } from '#shared/breathe.ts';
import type { CallOptions } from '#shared/call.ts';
import { AppError } from '#shared/errors.ts';
import { breathe } from './breathe.ts';
import { createInferenceTurns } from './inference-turns.ts';
import {
  encodeText,
  type OpenImageModel,
  openImageModel,
  openTextSide,
  pictureBatch,
  type TextSide,
  textBatch,
} from './open-image-model.ts';
import type { OpenModelDeps } from './open-model.ts';
import { planBatches } from './plan-batches.ts';
import { inferenceError, isRuntimeFailure, loadError } from './to-app-error.ts';
import type { Tower, TowerBatch } from './tower.ts';

export interface TransformersImageEmbedderDeps extends OpenModelDeps {
  /** An inference failed: nothing more can be computed in this thread. Every waiting call has its answer by then. */
  readonly onBroken?: (error: AppError) => void;
}

/**
 * A batch is what a query waits for at most, and what an abort waits for. On a CPU company gains small pictures little
 * (docs/decisions/2026-11-26-pictures.md), large ones nothing.
 */
const CPU_BATCH_PIXELS = 16 * 64 * 64;
const GPU_BATCH = 8;
const BATCH_TOKENS = 1024;
const PADDING_SHARE = 0.1;

/** CLIP-like pairs of encoders in ONNX, in this very thread: use it in a worker. */
export function createTransformersImageEmbedder(deps: TransformersImageEmbedderDeps): ImageEmbedder {
  const models = new Map<string, OpenImageModel>();
  const { inTurn, breakDown } = createInferenceTurns(deps.onBroken);

  function opened(modelId: string): OpenImageModel {
    const open = models.get(modelId);
    if (open === undefined) throw notLoaded(modelId);
    return open;
  }

  /** Between two turns a model may go. */
  function requireOpen(open: OpenImageModel): void {
    if (models.get(open.model.id) !== open) throw notLoaded(open.model.id);
  }

  async function loading<T>(label: string, body: () => Promise<T>): Promise<T> {
    try {
      return await body();
    } catch (error) {
      const failure = loadError(error, label);
      if (isRuntimeFailure(error)) breakDown(failure);
      throw failure;
    }
  }

  /** An answer that is no vector is the model's fault and ends nothing; whatever else fails has broken the runtime. */
  async function runBatch(
    tower: Tower,
    batch: TowerBatch,
    vectors: Float32Array,
    label: string,
  ): Promise<void> {
    try {
      await tower.run(batch, vectors);
    } catch (error) {
      const failure = inferenceError(error, label);
      if (!(error instanceof AppError)) breakDown(failure);
      throw failure;
    }
  }

  /** Batch after batch, each in a turn of its own. */
  async function runAll(
    open: OpenImageModel,
    tower: Tower,
    batches: readonly (readonly number[])[],
    toBatch: (rows: readonly number[]) => TowerBatch,
    { signal, onProgress }: CallOptions,
  ): Promise<Embeddings> {
    const { dimension } = open.info;
    const { label } = open.model;
    const count = batches.reduce((sum, rows) => sum + rows.length, 0);
    const vectors = new Float32Array(count * dimension);
    let done = 0;
    const report = (): void => onProgress?.({ phase: 'embed', done, total: count, unit: 'items', label });
    report();
    for (const rows of batches) {
      await inTurn(signal, async () => {
        requireOpen(open);
        await runBatch(tower, toBatch(rows), vectors, label);
      });
      done += rows.length;
      report();
      await breathe();
    }
    throwIfAborted(signal);
    return { vectors, dimension, count };
  }

  async function textSide(open: OpenImageModel, signal: AbortSignal | undefined): Promise<TextSide> {
    return inTurn(signal, async () => {
      requireOpen(open);
      open.text ??= await loading(open.model.label, () => openTextSide(open, deps));
      return open.text;
    });
  }

  return {
    load: (input, options = {}) =>
      inTurn(options.signal, async () => {
        const before = models.get(input.model.id);
        if (before?.input.device === input.device) return before.info;
        models.delete(input.model.id);
        await release(before);
        return loading(input.model.label, async () => {
          const open = await openImageModel(input, deps, options);
          models.set(input.model.id, open);
          return open.info;
        });
      }),

    async embedImages({ modelId, pixels, count }, options = {}) {
      const open = opened(modelId);
      const { width, height } = open.info.input;
      const size = width * height * 3;
      if (!Number.isInteger(count) || count < 0 || pixels.length !== count * size)
        throw new AppError(
          'input/invalid',
          `${open.model.label} takes pictures of ${width} × ${height} pixels; these bytes are not ${count} of them.`,
        );
      const batchSize = open.vision.dependsOnBatch
        ? 1
        : open.vision.runsOn === 'webgpu'
          ? GPU_BATCH
          : Math.max(1, Math.floor(CPU_BATCH_PIXELS / (width * height)));
      const batches: number[][] = [];
      for (let row = 0; row < count; row += batchSize)
        batches.push(Array.from({ length: Math.min(batchSize, count - row) }, (_, i) => row + i));
      const toBatch = (rows: readonly number[]): TowerBatch => {
        const from = (rows[0] ?? 0) * size;
        return pictureBatch(open.processor, pixels.subarray(from, from + rows.length * size), rows);
      };
      return runAll(open, open.vision, batches, toBatch, options);
    },

    async embedTexts({ modelId, texts }, options = {}) {
      const open = opened(modelId);
      const { tower, tokenizer } = await textSide(open, options.signal);
      const ids: (readonly number[])[] = [];
      for (const text of texts) {
        if (ids.length % 64 === 63) await breathe();
        throwIfAborted(options.signal);
        ids.push(encodeText(open.model, tokenizer, text, open.maxInputTokens));
      }
      const batches = planBatches(
        ids.map((row) => row.length),
        { batchTokens: tower.dependsOnBatch ? 0 : BATCH_TOKENS, paddingShare: PADDING_SHARE },
      );
      const toBatch = (rows: readonly number[]): TowerBatch =>
        textBatch(
          rows.map((row) => ids[row] ?? []),
          rows,
          tokenizer.padId,
        );
      return runAll(
        open,
        tower,
        batches.map(({ indexes }) => indexes),
        toBatch,
        options,
      );
    },

    unload: ({ modelId }) =>
      inTurn(undefined, async () => {
        const open = models.get(modelId);
        models.delete(modelId);
        await release(open);
      }),
  };
}

function notLoaded(modelId: string): AppError {
  return new AppError('model/not-found', 'This model for pictures is not loaded. Load it first.', {
    details: { modelId },
  });
}

async function release(open: OpenImageModel | undefined): Promise<void> {
  await open?.text?.tower.release();
  await open?.vision.release();
}
