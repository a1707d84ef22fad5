import { toAppError } from '#shared/errors.ts';
import { notify } from './notify.ts';
import type { Services } from './services.ts';

/** A new chat with these pictures in its composer; undefined when none could be had: then that was said. */
export async function askAboutPictures(
  { chat, repositories }: Pick<Services, 'chat' | 'repositories'>,
  imageIds: readonly string[],
): Promise<string | undefined> {
  try {
    const read = await Promise.all(
      imageIds.map(async (imageId) => {
        const [record, file] = await Promise.all([
          repositories.images.get(imageId),
          repositories.images.blob(`picture:${imageId}`),
        ]);
        const name = record?.name.split('/').at(-1) ?? '';
        return record && file ? [{ file, name, imageId }] : [];
      }),
    );
    const found = read.flat();
    const lost = imageIds.length - found.length;
    if (lost > 0 && found.length > 0)
      notify(`${lost} of these ${imageIds.length} pictures ${lost === 1 ? 'is' : 'are'} no longer here.`);
    return await chat.pictures.open(found);
  } catch (error) {
    notify(toAppError(error).message);
    return undefined;
  }
}

/** Opens a picture for the Pictures screen; false when it cannot be: then that was said. */
export async function showInPictures(
  { images }: Pick<Services, 'images'>,
  imageId: string,
): Promise<boolean> {
  try {
    (await images()).controller.preview(imageId);
    return true;
  } catch {
    notify('Pictures could not be fetched. Reload the page and try again.');
    return false;
  }
}
