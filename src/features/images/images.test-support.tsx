import { createTransformersImageEmbedder } from '#adapters/engine-transformers/index.ts';
import { createAnimationReader, createFrameReader } from '#adapters/frame-reader-webcodecs/index.ts';
import { sha256Of } from '#adapters/hash-stream/index.ts';
import { createExactIndex } from '#adapters/index-scan/index.ts';
import { createBm25Index } from '#adapters/lexical-bm25/index.ts';
import { createTesseractRecognizer } from '#adapters/ocr-tesseract/index.ts';
import { createOcrParsers } from '#adapters/parsers/index.ts';
import { asPlainPicture, createPictureDecoder } from '#adapters/picture-decoder/index.ts';
import { openRepositories } from '#adapters/storage-idb/index.ts';
import { createPageSvgRasterizer } from '#adapters/svg-rasterizer-page/index.ts';
import { createWebLocks } from '#adapters/web-locks/index.ts';
import { trainContract } from '#contracts/train.ts';
import { createPictures, type ReadPictureText } from '#core/images/index.ts';
import { createJobRunner } from '#core/jobs/index.ts';
import { parseCatalog } from '#core/models/index.ts';
import type { PictureTeacher } from '#core/ports/picture-teacher.ts';
import type { Pictures } from '#core/ports/pictures.ts';
import { createWorkerHandle } from '#rpc/worker-handle.ts';
import { until } from '#shared/until.test-support.ts';
import { mountScreen } from '#ui/mount.test-support.tsx';
import { toast } from '#ui/toast.tsx';
import catalog from '../../../models/catalog.json' with { type: 'json' };
import { createImagesController, type ImagesController, ImagesScreen } from './index.ts';

const model = parseCatalog(catalog).find(({ id }) => id === 'emoji-clip');

async function fetchFile(modelId: string, path: string): Promise<File> {
  const response = await fetch(`/models/${modelId}/${path}`);
  if (!response.ok) throw new Error(`The test pack is missing: ${response.url} answered ${response.status}`);
  return new File([await response.blob()], path);
}

// One for all tests: it is the same model, and loading it takes longest.
const embedder = createTransformersImageEmbedder({ openFile: fetchFile, hashOf: async () => undefined });

// In its worker, as in the product; it starts when a lesson does.
const train = createWorkerHandle<PictureTeacher>({
  name: 'train',
  contract: trainContract,
  spawn: () =>
    new Worker(new URL('../../../workers/train/train.worker.ts', import.meta.url), { type: 'module' }),
});
const recognizer = createTesseractRecognizer();

/** As the images worker reads. */
const readText: ReadPictureText = async ({ file, name, language }, options) => {
  const picture = await asPlainPicture({ file, name }, createPageSvgRasterizer(), options);
  const parser = createOcrParsers({ recognizer, language }).find(({ id }) => id.startsWith('picture-'));
  if (parser === undefined) throw new Error('No parser of pictures');
  const { text, pages } = await parser.parse(new File([picture], name, { type: picture.type }), options);
  const confidence = pages[0]?.confidence;
  return { text: text.trim(), ...(confidence === undefined ? {} : { confidence }) };
};

/** Pictures over a real database of its own, real jobs, the real decoder and the real small model; all on the page. */
export async function makeImages() {
  const name = `images-test-${crypto.randomUUID()}`;
  const repositories = await openRepositories({ name });
  const locks = createWebLocks(name);
  const jobs = createJobRunner({ repository: repositories.jobs, changes: repositories.changes, locks });
  const real = createPictures({
    repositories,
    decoder: createPictureDecoder({ rasterizer: createPageSvgRasterizer() }),
    films: createFrameReader(),
    animations: createAnimationReader(),
    embedder,
    placement: async () => ({ device: 'cpu', threads: 1 }),
    createVectorIndex: async (dimension) => createExactIndex(dimension),
    createLexicalIndex: createBm25Index,
    readText,
    locks,
    sha256: sha256Of,
    now: Date.now,
  });
  const searched: (string | undefined)[] = [];
  const pictures: Pictures = {
    ...real,
    search: (input, options) => {
      searched.push(input.words);
      return real.search(input, options);
    },
  };
  jobs.register(
    'image-ingest',
    async ({ id }, options) => void (await pictures.ingest({ jobId: id }, options)),
  );
  jobs.register(
    'image-text',
    async ({ id }, options) => void (await pictures.readTexts({ jobId: id }, options)),
  );
  const notes: string[] = [];
  let undo: (() => void) | undefined;
  const controller = createImagesController({
    repositories,
    pictures,
    teacher: train.client,
    jobs,
    embedder: async () => model,
    fetchModel: async () => {},
    recognition: async () => ({
      engineBytes: 2_946_872,
      languages: [{ id: 'eng', label: 'English', sizeBytes: 2_952_873 }],
      keepOffline: async () => {},
    }),
    notify: (message, action) => {
      notes.push(message);
      undo = action?.onSelect;
      toast({ message, ...(action ? { action } : {}) });
    },
  });
  return {
    repositories,
    controller,
    jobs,
    notes,
    /** The words of each search that was really made. */
    searched,
    undo: () => undo?.(),
    state: () => controller.store.getState(),
    /** The names of what is found, best first. */
    async find(words: string): Promise<readonly string[]> {
      await controller.setWords(words);
      const { images, search } = controller.store.getState();
      const names = new Map(images.map((image) => [image.id, image.name]));
      return search.response?.hits.map(({ imageId }) => names.get(imageId) ?? imageId) ?? [];
    },
    async ready(count: number): Promise<void> {
      await until(
        () =>
          controller.store.getState().images.filter(({ status }) => status === 'ready').length === count &&
          controller.store.getState().jobs.length === 0,
      );
    },
    dispose: async () => {
      controller.dispose();
      await until(() => jobs.jobs().every(({ state }) => state !== 'running' && state !== 'queued'));
      jobs.dispose();
      repositories.close();
      indexedDB.deleteDatabase(name);
    },
  };
}

export type TestImages = Awaited<ReturnType<typeof makeImages>>;

/** Puts the screen into the page; returns what takes it away. */
export const showImages = (controller: ImagesController): (() => void) =>
  mountScreen(<ImagesScreen controller={controller} />).hide;
