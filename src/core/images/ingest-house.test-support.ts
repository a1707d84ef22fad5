import type { ImageEmbedder } from '#core/ports/image-embedder.ts';
import type { ModelSpec } from '#core/ports/model.ts';
import type { Pictures } from '#core/ports/pictures.ts';
import type { ImageRepository, Repositories } from '#core/ports/repositories.ts';
import { createId } from '#shared/ids.ts';
import { COLOUR_MODEL, createColourEmbedder } from './colour-embedder.test-support.ts';
import { createPictures, type PicturesPorts } from './index.ts';
import { manyFiles } from './pictures.test-support.ts';
import { createPpmDecoder } from './ppm-decoder.test-support.ts';

export const OLD: ModelSpec = { ...COLOUR_MODEL, id: 'old-model' };
export const NEW: ModelSpec = { ...COLOUR_MODEL, id: 'new-model' };
const SPACES = ['space-old', 'space-new', 'space-colours'];

/** Two models in one worker, each with a space of its own. */
export function createTwoEmbedders(): ImageEmbedder {
  const [old, fresh] = [createColourEmbedder('space-old'), createColourEmbedder('space-new')];
  const of = (id: string) => (id === OLD.id ? old : fresh);
  return {
    load: (input, options) => of(input.model.id).load(input, options),
    unload: (input, options) => of(input.modelId).unload(input, options),
    embedImages: (input, options) => of(input.modelId).embedImages(input, options),
    embedTexts: (input, options) => of(input.modelId).embedTexts(input, options),
  };
}

/** A worker that dies at its nth write, before or after that is on the disk, and never writes again. */
export function dyingAt(repositories: Repositories, write: number, isWritten: boolean): Repositories {
  let left = write;
  let isDead = false;
  const mortal =
    <A extends unknown[]>(act: (...args: A) => Promise<void>) =>
    async (...args: A): Promise<void> => {
      if (isDead) throw new Error('The worker is dead.');
      isDead = left-- <= 0;
      if (!isDead || isWritten) await act(...args);
      if (isDead) throw new Error('The worker was killed.');
    };
  const images: ImageRepository = {
    ...repositories.images,
    commit: mortal(repositories.images.commit),
    dropOtherSpaces: mortal(repositories.images.dropOtherSpaces),
  };
  return { ...repositories, images };
}

/** Pictures over one storage, and what a test asks of it. */
export function createIngestHouse(
  repositories: Repositories,
  parts: Pick<PicturesPorts, 'createVectorIndex' | 'createLexicalIndex' | 'locks' | 'sha256'> &
    Partial<Pick<PicturesPorts, 'decoder' | 'films' | 'animations'>>,
) {
  const decoder = createPpmDecoder();
  const over = (of: Repositories = repositories, embedder: ImageEmbedder = createTwoEmbedders()): Pictures =>
    createPictures({
      decoder,
      ...parts,
      repositories: of,
      embedder,
      placement: async () => ({ device: 'cpu', threads: 1 }),
      now: Date.now,
    });
  return {
    decoder,
    over,
    async add(files: readonly File[] = manyFiles()): Promise<readonly string[]> {
      return (await over().add({ files })).imageIds;
    },
    async jobOver(imageIds: readonly string[], embedder: ModelSpec = NEW): Promise<string> {
      const id = createId();
      await repositories.jobs.save({
        id,
        kind: 'image-ingest',
        label: 'Indexing',
        state: 'running',
        createdAt: 1,
        updatedAt: 1,
        input: { imageIds, embedder },
      });
      return id;
    },
    /** The pictures that have a vector, by space, in order; each exactly as often as it has one. */
    async rows(): Promise<Record<string, readonly string[]>> {
      const found: Record<string, string[]> = {};
      for (const spaceId of SPACES)
        for await (const { imageIds } of repositories.images.segments(spaceId))
          found[spaceId] = [...(found[spaceId] ?? []), ...imageIds.filter((id) => id !== '')].sort();
      return found;
    },
  };
}

export const sorted = (ids: readonly string[]): readonly string[] => [...ids].sort();
