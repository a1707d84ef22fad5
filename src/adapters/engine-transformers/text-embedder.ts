import type { Embeddings, EmbedRequest, TextEmbedder } from '#core/ports/text-embedder.ts';
import { throwIfAborted } from '#shared/breathe.ts';
import type { CallOptions } from '#shared/call.ts';
import { AppError } from '#shared/errors.ts';
import { breathe } from './breathe.ts';
import { createInferenceTurns } from './inference-turns.ts';
import { type OpenModel, type OpenModelDeps, openModel } from './open-model.ts';
import { type Batch, batchTokensFor, planBatches } from './plan-batches.ts';
import { poolRow } from './pool.ts';
import { inferenceError, isRuntimeFailure, loadError } from './to-app-error.ts';

export interface TransformersEmbedderDeps extends OpenModelDeps {
  /** An inference failed: nothing more can be computed in this thread. Every waiting call has its answer by then. */
  readonly onBroken?: (error: AppError) => void;
}

const PADDING_SHARE = 0.1;

/** BERT-like encoders in ONNX, in this very thread: use it in a worker. */
export function createTransformersEmbedder(deps: TransformersEmbedderDeps): TextEmbedder {
  const models = new Map<string, OpenModel>();
  const { inTurn, breakDown } = createInferenceTurns(deps.onBroken);

  async function runBatch(
    open: OpenModel,
    batch: Batch,
    rows: readonly (readonly number[])[],
    vectors: Float32Array,
  ): Promise<void> {
    const { dimension } = open.info;
    try {
      const states = await open.session.run(rows, batch.tokens);
      batch.indexes.forEach((index, row) => {
        const target = vectors.subarray(index * dimension, (index + 1) * dimension);
        if (!poolRow(states, row, rows[row]?.length ?? 0, open.pooling, target))
          throw new Error('The model gave no numbers');
      });
    } catch (error) {
      const failure = inferenceError(error, open.model.label);
      breakDown(failure);
      throw failure;
    }
  }

  async function embed(request: EmbedRequest, { signal, onProgress }: CallOptions): Promise<Embeddings> {
    const open = models.get(request.modelId);
    if (open === undefined)
      throw new AppError('model/not-found', 'This embedding model is not loaded. Load it first.', {
        details: { modelId: request.modelId },
      });
    const { dimension, maxInputTokens } = open.info;
    const count = request.texts.length;
    const prefix = open.model.prompt?.[request.kind] ?? '';
    const ids: (readonly number[])[] = [];
    for (const text of request.texts) {
      if (ids.length % 64 === 63) await breathe();
      throwIfAborted(signal);
      ids.push(open.tokenizer.encode(prefix + text, maxInputTokens));
    }
    const vectors = new Float32Array(count * dimension);
    const batches = planBatches(
      ids.map((row) => row.length),
      {
        batchTokens: batchTokensFor(open.info.dtype),
        paddingShare: PADDING_SHARE,
      },
    );
    let done = 0;
    const report = (): void =>
      onProgress?.({ phase: 'embed', done, total: count, unit: 'items', label: open.model.label });
    report();
    for (const batch of batches) {
      const rows = batch.indexes.map((index) => ids[index] ?? []);
      await inTurn(signal, () => runBatch(open, batch, rows, vectors));
      done += rows.length;
      report();
      await breathe();
    }
    throwIfAborted(signal);
    return { vectors, dimension, count };
  }

  return {
    async load(input, options = {}) {
      return inTurn(options.signal, async () => {
        const before = models.get(input.model.id);
        if (before?.input.device === input.device) return before.info;
        await before?.session.release();
        models.delete(input.model.id);
        try {
          const open = await openModel(input, deps, options);
          models.set(input.model.id, open);
          return open.info;
        } catch (error) {
          const failure = loadError(error, input.model.label);
          if (isRuntimeFailure(error)) breakDown(failure);
          throw failure;
        }
      });
    },
    async embed(request, options = {}) {
      try {
        return await embed(request, options);
      } catch (error) {
        throw inferenceError(error, request.modelId);
      }
    },
    async unload({ modelId }) {
      await inTurn(undefined, async () => {
        const open = models.get(modelId);
        models.delete(modelId);
        await open?.session.release();
      });
    },
  };
}
