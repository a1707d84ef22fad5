import type { EmbeddingAdapter } from '#core/ports/embedding-adapter.ts';
import type { ModelSpec } from '#core/ports/model.ts';
import type { EmbedderInfo, Embeddings, TextEmbedder } from '#core/ports/text-embedder.ts';
import type { Tokenizer } from '#core/ports/tokenizer.ts';
import type { CallOptions } from '#shared/call.ts';
import { AppError } from '#shared/errors.ts';
import { waitUnlessAborted } from '#shared/turns.ts';
import { checkVectors } from './check-vectors.ts';
import { type DenseFloor, measureFloor } from './floor.ts';
import { type SentenceScale, scaleOf, scaleProbes } from './sentence-scale.ts';

export interface EmbeddingRoomPorts {
  readonly embedder: TextEmbedder;
  loadTokenizer(model: ModelSpec): Promise<Tokenizer>;
  /** Where an embedding model runs on this machine. */
  placement(): Promise<{ readonly device: 'gpu' | 'cpu'; readonly threads: number }>;
  /** The adapter that is registered for a space, by the fingerprint of its embedder; asked at each load. */
  adapterOf?(spaceId: string): Promise<EmbeddingAdapter | undefined>;
}

export interface EmbeddingRoom {
  load(model: ModelSpec, options?: CallOptions): Promise<EmbedderInfo>;
  tokenizer(model: ModelSpec): Promise<Tokenizer>;
  /** Below this a passage does not count as found. Measured once a model. */
  floor(model: ModelSpec, options?: CallOptions): Promise<DenseFloor>;
  scale(model: ModelSpec, options?: CallOptions): Promise<SentenceScale>;
  embed(
    model: ModelSpec,
    kind: 'query' | 'passage',
    texts: readonly string[],
    options?: CallOptions,
  ): Promise<Embeddings>;
  /** The embedder's worker has ended: what was loaded is gone, the next call loads it again. */
  forgetLoaded(): void;
}

/** Embedding models that are loaded once and whenever they were lost. */
export function createEmbeddingRoom(ports: EmbeddingRoomPorts): EmbeddingRoom {
  const { embedder } = ports;
  const loaded = new Map<string, Promise<EmbedderInfo>>();
  const tokenizers = new Map<string, Promise<Tokenizer>>();
  const floors = new Map<string, Promise<DenseFloor>>();
  const scales = new Map<string, Promise<SentenceScale>>();

  const adapters = new Map<string, EmbeddingAdapter>();
  const spaceIds = new Map<string, string>();

  /** What is loaded, as its adapter makes it. Figures that were measured in another space are measured again. */
  async function adapted(info: EmbedderInfo): Promise<EmbedderInfo> {
    const { modelId, dimension, fingerprint } = info;
    const adapter = await ports.adapterOf?.(fingerprint);
    if (adapter && adapter.inputDimension !== dimension)
      throw new AppError(
        'input/invalid',
        `The adapter was made for vectors of ${adapter.inputDimension} numbers, and this embedding model gives ${dimension}. Make the adapter anew for this model.`,
      );
    const spaceId = adapter ? `${fingerprint}+${adapter.fingerprint}` : fingerprint;
    if (spaceIds.has(modelId) && spaceIds.get(modelId) !== spaceId) {
      floors.delete(modelId);
      scales.delete(modelId);
    }
    spaceIds.set(modelId, spaceId);
    if (adapter) adapters.set(modelId, adapter);
    else adapters.delete(modelId);
    return adapter ? { ...info, dimension: adapter.outputDimension, fingerprint: spaceId } : info;
  }

  /** Keeps what was made; what failed is tried again by the next caller. */
  function once<T>(kept: Map<string, Promise<T>>, id: string, make: () => Promise<T>): Promise<T> {
    const known = kept.get(id);
    if (known) return known;
    const made = make();
    kept.set(id, made);
    made.catch(() => {
      if (kept.get(id) === made) kept.delete(id);
    });
    return made;
  }

  function load(model: ModelSpec, { signal, onProgress }: CallOptions = {}): Promise<EmbedderInfo> {
    // Shared by all callers, so no one caller's abort ends it: that one only stops waiting.
    const loading = once(loaded, model.id, async () =>
      adapted(await embedder.load({ model, ...(await ports.placement()) }, onProgress ? { onProgress } : {})),
    );
    return waitUnlessAborted(loading, signal);
  }

  const isLost = (error: unknown): boolean =>
    error instanceof AppError && (error.code === 'worker/crashed' || error.code === 'model/not-found');

  async function embed(
    model: ModelSpec,
    kind: 'query' | 'passage',
    texts: readonly string[],
    options: CallOptions = {},
  ): Promise<Embeddings> {
    const attempt = async (): Promise<Embeddings> => {
      await load(model, options.signal ? { signal: options.signal } : {});
      const plain = await embedder.embed({ modelId: model.id, texts, kind }, options);
      const vectors = checkVectors(plain, texts.length);
      const adapter = adapters.get(model.id);
      return adapter ? checkVectors(await adapter.apply(vectors, options), texts.length) : vectors;
    };
    try {
      return await attempt();
    } catch (error) {
      if (!isLost(error) || options.signal?.aborted) throw error;
      loaded.delete(model.id);
      return attempt();
    }
  }

  return {
    load,
    embed,
    tokenizer: (model) => once(tokenizers, model.id, () => ports.loadTokenizer(model)),
    floor: (model, { signal } = {}) =>
      waitUnlessAborted(
        once(floors, model.id, () => {
          const measured: Pick<TextEmbedder, 'embed'> = {
            embed: ({ kind, texts }) => embed(model, kind, texts),
          };
          return measureFloor({ ...embedder, ...measured }, model.id);
        }),
        signal,
      ),
    scale: (model, { signal } = {}) =>
      waitUnlessAborted(
        once(scales, model.id, async () => scaleOf(await embed(model, 'passage', scaleProbes()))),
        signal,
      ),
    forgetLoaded: () => loaded.clear(),
  };
}
