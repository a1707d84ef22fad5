import { captionPace } from '#core/images/index.ts';
import { type ImageRecord, isFilm } from '#core/ports/image-records.ts';
import type { ModelSpec } from '#core/ports/model.ts';
import type { ImageCaptionInput } from '#core/ports/pictures.ts';
import { toAppError, toWire } from '#shared/errors.ts';
import type { ImagesDependencies, ImagesState, ImagesStore } from '../images-state.ts';
import { baseName } from '../picture-names.ts';

/** What describing will take, as far as that is known. */
export interface DescriptionPlan {
  /** On this device, the loaded one first; none: then one has to come first. */
  readonly models: readonly ModelSpec[];
  /** How long a picture took on this device lately; undefined before the first. */
  readonly msPerPicture: number | undefined;
}

const isUndescribed = (image: ImageRecord): boolean =>
  image.status === 'ready' && image.generatedCaption === undefined && !isFilm(image);

/** Pictures that no model has described yet, and no job is about to. */
export function undescribedIds({ images, jobs }: Pick<ImagesState, 'images' | 'jobs'>): readonly string[] {
  const active = jobs.filter(({ kind, state }) => kind === 'image-captions' && state !== 'failed');
  const busy = new Set(active.flatMap(({ input }) => (input as Partial<ImageCaptionInput>).imageIds ?? []));
  return images.flatMap((image) => (isUndescribed(image) && !busy.has(image.id) ? [image.id] : []));
}

/** Descriptions by a chat model that sees; they are kept apart from what the user says. */
export function createDescriptions(deps: ImagesDependencies, store: ImagesStore) {
  const { repositories, jobs, notify } = deps;
  const { images, settings } = repositories;

  async function change(id: string, to: (image: ImageRecord) => ImageRecord): Promise<void> {
    try {
      await images.commit({ updates: [{ id, change: to }] });
    } catch (error) {
      notify(`This was not stored: ${toAppError(error).message}`);
    }
  }

  return {
    async plan(): Promise<DescriptionPlan> {
      const [models, msPerPicture] = await Promise.all([
        deps.sightedModels?.() ?? [],
        captionPace.read(settings),
      ]);
      return { models, msPerPicture };
    },
    openModels: (): void => deps.openModels?.(),

    /** The user agreed. */
    async start(ids: readonly string[], modelId: string): Promise<void> {
      try {
        const open = new Set(undescribedIds(store.getState()));
        const imageIds = ids.filter((id) => open.has(id));
        if (imageIds.length === 0) return;
        const only = imageIds.length === 1 ? await images.get(imageIds[0] ?? '') : undefined;
        const what = only ? baseName(only.name) : `${imageIds.length} pictures`;
        const input: ImageCaptionInput = { imageIds, modelId };
        await jobs.start('image-captions', `Describing ${what}`, input);
      } catch (error) {
        store.setState({ addError: toWire(toAppError(error)) });
      }
    },

    /** The user's wording of it; still no caption of the user's own. Nothing is left of it without a word. */
    edit: (id: string, words: string): Promise<void> =>
      change(id, ({ generatedCaption, ...image }) => {
        const text = words.replace(/\s+/g, ' ').trim();
        if (generatedCaption === undefined || text === '') return image;
        return { ...image, generatedCaption: { ...generatedCaption, text, isEdited: true } };
      }),
    remove: (id: string): Promise<void> => change(id, ({ generatedCaption: _, ...image }) => image),
  };
}
