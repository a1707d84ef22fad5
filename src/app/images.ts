import { navigate } from 'wouter/use-browser-location';
import { createCaptionPictures } from '#core/images/index.ts';
import type { JobRunner } from '#core/jobs/index.ts';
import type { EngineRoom } from '#core/ports/engine-room.ts';
import type { JobRecord } from '#core/ports/job-records.ts';
import type { EngineName, ModelSpec } from '#core/ports/model.ts';
import type { ImageIngestInput } from '#core/ports/pictures.ts';
import type { PromptPictures } from '#core/ports/prompt-pictures.ts';
import type { Repositories } from '#core/ports/repositories.ts';
import type { RecognitionOffer } from '#core/ports/text-recognizer.ts';
import { createImagesController, type ImagesController } from '#features/images/index.ts';
import type { createModelShelf } from '#features/models/index.ts';
import type { CallOptions } from '#shared/call.ts';
import { createImagesWorker } from './images-worker.ts';
import { notify } from './notify.ts';
import { SIGHTED_MODELS_PATH } from './paths.ts';
import { persistStorage } from './storage.ts';
import { createTrainWorker } from './train-worker.ts';
import type { Workers } from './workers.ts';

export interface ImageParts {
  readonly repositories: Repositories;
  readonly workers: Pick<Workers, 'modelStore'>;
  readonly jobs: JobRunner;
  readonly shelf: ReturnType<typeof createModelShelf>;
  readonly engineRoom: EngineRoom;
  readonly recognition: () => Promise<RecognitionOffer>;
  /** Puts an engine's own files where the page finds them without a network. */
  readonly keepOffline: (engine: EngineName) => Promise<void>;
}

export interface Images {
  readonly controller: ImagesController;
  /** Makes a picture one that a chat model can be given. */
  readonly prepare: PromptPictures['prepare'];
  /** Runs a job of the kinds 'image-ingest', 'image-captions' and 'image-text'. */
  readonly run: (job: JobRecord, options: CallOptions) => Promise<void>;
}

/** Made when pictures are first wanted, kept while the tab lives. */
const made = new WeakMap<ImageParts, Images>();

function make(parts: ImageParts): Images {
  const { repositories, workers, jobs, shelf, engineRoom, keepOffline, recognition } = parts;
  const pictures = createImagesWorker();
  /** The model that comes with the product is small and on this page's own server: it is fetched without a question. */
  async function fetchModel(model: ModelSpec, options: CallOptions): Promise<void> {
    const { stored } = shelf.store.getState();
    if (stored.some(({ modelId, isComplete }) => isComplete && modelId === model.id)) return;
    await workers.modelStore.download({ model }, options);
    await keepOffline(model.engine);
    await shelf.changed();
  }
  const writeCaptions = createCaptionPictures({
    repositories,
    now: Date.now,
    engine: engineRoom.engine,
    ready: (modelId, options) => engineRoom.whenReady({ ...options, modelId }),
    prepare: pictures.prepare,
  });
  async function sightedModels(): Promise<readonly ModelSpec[]> {
    const state = engineRoom.state();
    const loadedId = state.status === 'ready' ? state.model.id : undefined;
    const here = (await shelf.storedChatModels()).filter(({ seesImages }) => seesImages);
    return here.toSorted((a, b) => Number(b.id === loadedId) - Number(a.id === loadedId));
  }
  return {
    prepare: pictures.prepare,
    controller: createImagesController({
      repositories,
      pictures,
      teacher: createTrainWorker(),
      jobs,
      embedder: async () => {
        await shelf.ready;
        return shelf.imageEmbedder();
      },
      fetchModel,
      recognition,
      sightedModels,
      openModels: () => navigate(SIGHTED_MODELS_PATH),
      notify,
      persistStorage,
    }),
    async run({ id, kind, input }, options) {
      if (kind === 'image-captions') return void (await writeCaptions({ jobId: id }, options));
      if (kind === 'image-text') return void (await pictures.readTexts({ jobId: id }, options));
      await shelf.ready;
      await fetchModel((input as ImageIngestInput).embedder, options);
      await pictures.ingest({ jobId: id }, options);
    },
  };
}

export function imagesOf(parts: ImageParts): Images {
  const images = made.get(parts) ?? make(parts);
  made.set(parts, images);
  return images;
}
