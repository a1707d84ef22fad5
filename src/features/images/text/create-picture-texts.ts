import { readTextPace } from '#core/images/index.ts';
import { type ImageRecord, isFilm } from '#core/ports/image-records.ts';
import type { ImageTextInput } from '#core/ports/pictures.ts';
import type { RecognitionOffer } from '#core/ports/text-recognizer.ts';
import { AppError, toAppError, toWire } from '#shared/errors.ts';
import type { ImagesDependencies, ImagesState, ImagesStore } from '../images-state.ts';
import { baseName } from '../picture-names.ts';

/** What reading will take, as far as that is known. */
export interface PictureTextPlan extends Pick<RecognitionOffer, 'engineBytes' | 'languages'> {
  /** How long a picture took on this device lately; undefined before the first. */
  readonly msPerPicture: number | undefined;
}

const isUnread = (image: ImageRecord): boolean =>
  image.status === 'ready' && image.text === undefined && !isFilm(image);

/** Pictures in which nobody has looked for text yet, and no job is about to. */
export function unreadIds({ images, jobs }: Pick<ImagesState, 'images' | 'jobs'>): readonly string[] {
  const active = jobs.filter(({ kind, state }) => kind === 'image-text' && state !== 'failed');
  const busy = new Set(active.flatMap(({ input }) => (input as Partial<ImageTextInput>).imageIds ?? []));
  return images.flatMap((image) => (isUnread(image) && !busy.has(image.id) ? [image.id] : []));
}

/** Text in pictures is read only after the user has seen what that takes, and said yes. */
export function createPictureTexts(deps: ImagesDependencies, store: ImagesStore) {
  const { repositories, jobs, notify } = deps;

  async function offer(): Promise<RecognitionOffer> {
    if (deps.recognition) return deps.recognition();
    throw new AppError('capability/unsupported-browser', 'Text in pictures cannot be read here.');
  }

  return {
    async textPlan(): Promise<PictureTextPlan> {
      const { engineBytes, languages } = await offer();
      return { engineBytes, languages, msPerPicture: await readTextPace(repositories.settings) };
    },

    /** The user agreed. */
    async readTexts(ids: readonly string[], language: string): Promise<void> {
      try {
        const unread = new Set(unreadIds(store.getState()));
        const imageIds = ids.filter((id) => unread.has(id));
        if (imageIds.length === 0) return;
        const { keepOffline } = await offer();
        keepOffline().catch((error: unknown) => notify(toAppError(error).message));
        const only = imageIds.length === 1 ? await repositories.images.get(imageIds[0] ?? '') : undefined;
        const what = only ? baseName(only.name) : `${imageIds.length} pictures`;
        const input: ImageTextInput = { imageIds, language };
        await jobs.start('image-text', `Reading text in ${what}`, input);
      } catch (error) {
        store.setState({ addError: toWire(toAppError(error)) });
      }
    },
  };
}
