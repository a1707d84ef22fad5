import { type InferenceSession, Tensor } from 'onnxruntime-web/webgpu';
import type { Reranker, RerankerInfo, RerankRequest } from '#core/ports/reranker.ts';
import { throwIfAborted } from '#shared/breathe.ts';
import type { CallOptions } from '#shared/call.ts';
import { AppError } from '#shared/errors.ts';
import { breathe } from './breathe.ts';
import { type IdTokenizer, openIdTokenizer, type TokenPair } from './id-tokenizer.ts';
import { createInferenceTurns } from './inference-turns.ts';
import type { LoadInput, OpenModelDeps } from './open-model.ts';
import { batchTokensFor, planBatches } from './plan-batches.ts';
import { configureRuntime, hasRealGpu, openInference } from './runtime.ts';
import { inferenceError, isRuntimeFailure, loadError } from './to-app-error.ts';

interface OpenReranker {
  readonly info: RerankerInfo;
  readonly label: string;
  readonly tokenizer: IdTokenizer;
  readonly session: InferenceSession;
}

export interface TransformersRerankerDeps extends Pick<OpenModelDeps, 'openFile'> {
  /** An inference failed: nothing more can be computed in this thread. */
  readonly onBroken?: (error: AppError) => void;
}

const PADDING_SHARE = 0.2;
const PROBE = {
  query: 'At which pressure does the valve open?',
  passage: 'The relief valve opens at nine bar.',
};

async function openReranker(
  { model, device, threads }: LoadInput,
  deps: TransformersRerankerDeps,
): Promise<OpenReranker> {
  const open = (path: string): Promise<File> => deps.openFile(model.id, path);
  const modelPath = model.files.find(({ path }) => path.endsWith('.onnx'))?.path;
  if (modelPath === undefined)
    throw new AppError('input/unsupported', `${model.label} has no ONNX file, which this engine needs.`);
  const tokenizer = await openIdTokenizer(await open('tokenizer.json'), await open('tokenizer_config.json'));
  const bytes = new Uint8Array(await (await open(modelPath)).arrayBuffer());
  const wantsGpu = device === 'gpu' && (await hasRealGpu());
  const runsOn = wantsGpu && configureRuntime('gpu', threads) === 'gpu' ? 'webgpu' : 'wasm';
  configureRuntime('cpu', threads);
  const session = await openInference({ model: bytes, external: [] }, runsOn);
  const maxInputTokens = Math.min(model.maxInputTokens ?? model.contextTokens, model.contextTokens);
  const pair = tokenizer.encodePair(PROBE.query, PROBE.passage, maxInputTokens);
  const [probe] = await score(session, tokenizer.padId, [pair]);
  if (probe === undefined || !Number.isFinite(probe)) {
    await session.release();
    throw new AppError('model/integrity', `${model.label} gives no scores. Delete it and download it again.`);
  }
  const info = { modelId: model.id, maxInputTokens, runsOn, dtype: model.quantization } as const;
  return { info, label: model.label, tokenizer, session };
}

/** One padded batch through the model; the logistic function of its one output. */
async function score(
  session: InferenceSession,
  padId: number,
  pairs: readonly TokenPair[],
): Promise<Float32Array> {
  const tokens = Math.max(...pairs.map(({ ids }) => ids.length));
  const shape = [pairs.length, tokens];
  const filled = (value: (pair: TokenPair, at: number) => number, rest: number): Tensor => {
    const data = new BigInt64Array(pairs.length * tokens).fill(BigInt(rest));
    for (const [row, pair] of pairs.entries())
      for (let at = 0; at < pair.ids.length; at += 1) data[row * tokens + at] = BigInt(value(pair, at));
    return new Tensor('int64', data, shape);
  };
  const feeds: Record<string, Tensor> = {};
  for (const name of session.inputNames)
    feeds[name] =
      name === 'input_ids'
        ? filled(({ ids }, at) => ids[at] ?? padId, padId)
        : name === 'attention_mask'
          ? filled(() => 1, 0)
          : filled(({ types }, at) => types[at] ?? 0, 0);
  const outputs = await session.run(feeds);
  const output = outputs.logits ?? outputs[session.outputNames[0] ?? ''];
  const labels = output?.dims[1];
  if (output === undefined || output.type !== 'float32' || labels !== 1)
    throw new AppError('input/unsupported', 'This model does not give one score for a query and a passage.');
  const logits = (await output.getData()) as Float32Array;
  return logits.map((logit) => 1 / (1 + Math.exp(-logit)));
}

/** BERT-like cross-encoders in ONNX, in this very thread: use it in a worker. */
export function createTransformersReranker(deps: TransformersRerankerDeps): Reranker {
  const models = new Map<string, OpenReranker>();
  const { inTurn, breakDown } = createInferenceTurns(deps.onBroken);

  async function rerank(request: RerankRequest, { signal, onProgress }: CallOptions): Promise<Float32Array> {
    const open = models.get(request.modelId);
    if (open === undefined)
      throw new AppError('model/not-found', 'This reranker is not loaded. Load it first.', {
        details: { modelId: request.modelId },
      });
    const { info, tokenizer, session, label } = open;
    const pairs = request.passages.map((passage) =>
      tokenizer.encodePair(request.query, passage, info.maxInputTokens),
    );
    const scores = new Float32Array(pairs.length);
    const batches = planBatches(
      pairs.map(({ ids }) => ids.length),
      { batchTokens: batchTokensFor(info.dtype), paddingShare: PADDING_SHARE },
    );
    let done = 0;
    for (const { indexes } of batches) {
      await inTurn(signal, async () => {
        try {
          const batch = await score(
            session,
            tokenizer.padId,
            indexes.map((i) => pairs[i] ?? { ids: [], types: [] }),
          );
          if (!batch.every(Number.isFinite)) throw new Error('The model gave no numbers');
          for (const [row, index] of indexes.entries()) scores[index] = batch[row] ?? 0;
        } catch (error) {
          const failure = inferenceError(error, label);
          breakDown(failure);
          throw failure;
        }
      });
      done += indexes.length;
      onProgress?.({ phase: 'process', done, total: pairs.length, unit: 'items', label });
      await breathe();
    }
    throwIfAborted(signal);
    return scores;
  }

  return {
    load: (input, options = {}) =>
      inTurn(options.signal, async () => {
        const before = models.get(input.model.id);
        if (before !== undefined) return before.info;
        try {
          const open = await openReranker(input, deps);
          models.set(input.model.id, open);
          return open.info;
        } catch (error) {
          const failure = loadError(error, input.model.label);
          if (isRuntimeFailure(error)) breakDown(failure);
          throw failure;
        }
      }),
    async rerank(request, options = {}) {
      return rerank(request, options);
    },
    unload: ({ modelId }) =>
      inTurn(undefined, async () => {
        const open = models.get(modelId);
        models.delete(modelId);
        await open?.session.release();
      }),
  };
}
