import * as v from 'valibot';
import type { ImageEmbedder, ImageEmbedderInfo } from '#core/ports/image-embedder.ts';
import type { ModelSpec } from '#core/ports/model.ts';
import type { SettingsRepository } from '#core/ports/repositories.ts';
import type { Embeddings } from '#core/ports/text-embedder.ts';
import { checkVectors } from '#core/rag/index.ts';
import type { CallOptions } from '#shared/call.ts';
import { AppError } from '#shared/errors.ts';
import { waitUnlessAborted } from '#shared/turns.ts';

export interface ImageRoomPorts {
  readonly embedder: ImageEmbedder;
  /** Where the model runs on this machine. */
  placement(): Promise<{ readonly device: 'gpu' | 'cpu'; readonly threads: number }>;
  readonly settings: SettingsRepository;
}

export interface ImageRoom {
  load(model: ModelSpec, options?: CallOptions): Promise<ImageEmbedderInfo>;
  embedImages(
    model: ModelSpec,
    input: { readonly pixels: Uint8Array; readonly count: number },
    options?: CallOptions,
  ): Promise<Embeddings>;
  embedTexts(model: ModelSpec, texts: readonly string[], options?: CallOptions): Promise<Embeddings>;
  /** What the vectors of each space were made with, as far as an ingest has made them here. */
  models(): Promise<Readonly<Record<string, ModelSpec>>>;
  /** To be called before the first vector of a space is stored. */
  rememberModel(spaceId: string, model: ModelSpec): Promise<void>;
  /** The space of a model that is loaded now. */
  loadedSpace(modelId: string): Promise<string | undefined>;
  /** The embedder's worker has ended: what was loaded is gone, the next call loads it again. */
  forgetLoaded(): void;
}

/** Under this key stands which model made each space, so that it can be asked after another was chosen. */
const SPACES_KEY = 'picture-spaces';
const spacesSchema = v.fallback(v.record(v.string(), v.looseObject({ id: v.string() })), {});

/** Models of pictures and texts that are loaded once, and again whenever they were lost. */
export function createImageRoom({ embedder, placement, settings }: ImageRoomPorts): ImageRoom {
  const loaded = new Map<string, Promise<ImageEmbedderInfo>>();

  function load(model: ModelSpec, { signal, onProgress }: CallOptions = {}): Promise<ImageEmbedderInfo> {
    let loading = loaded.get(model.id);
    if (loading === undefined) {
      // Shared by all callers, so no one caller's abort ends it: that one only stops waiting.
      const started = (async () =>
        embedder.load({ model, ...(await placement()) }, onProgress ? { onProgress } : {}))();
      started.catch(() => {
        if (loaded.get(model.id) === started) loaded.delete(model.id);
      });
      loaded.set(model.id, started);
      loading = started;
    }
    return waitUnlessAborted(loading, signal);
  }

  const isLost = (error: unknown): boolean =>
    error instanceof AppError && /^(?:worker\/crashed|model\/(?:not-found|device-lost))$/.test(error.code);

  /** Once more with the model loaded anew, where it was lost meanwhile. The caller's stop is heard at once. */
  async function withModel<T>(
    model: ModelSpec,
    options: CallOptions,
    call: (options: CallOptions) => Promise<T>,
  ): Promise<T> {
    const attempt = async (): Promise<T> => {
      await load(model, options.signal ? { signal: options.signal } : {});
      return waitUnlessAborted(call(options), options.signal);
    };
    try {
      return await attempt();
    } catch (error) {
      if (!isLost(error) || options.signal?.aborted) throw error;
      loaded.delete(model.id);
      return attempt();
    }
  }

  const readSpaces = async () =>
    v.parse(spacesSchema, (await settings.get(SPACES_KEY)) ?? {}) as unknown as Record<string, ModelSpec>;

  return {
    load,
    embedImages: (model, input, options = {}) =>
      withModel(model, options, async (call) =>
        checkVectors(
          await embedder.embedImages({ modelId: model.id, ...input }, call),
          input.count,
          'picture',
        ),
      ),
    embedTexts: (model, texts, options = {}) =>
      withModel(model, options, async (call) =>
        checkVectors(await embedder.embedTexts({ modelId: model.id, texts }, call), texts.length),
      ),
    models: readSpaces,
    async rememberModel(spaceId, model) {
      await settings.set(SPACES_KEY, { ...(await readSpaces()), [spaceId]: model });
    },
    async loadedSpace(modelId) {
      return (await loaded.get(modelId)?.catch(() => undefined))?.fingerprint;
    },
    forgetLoaded: () => loaded.clear(),
  };
}
