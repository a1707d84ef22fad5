import type { PromptImage } from '#core/ports/chat-engine.ts';
import type { ImagePart, MessageRecord } from '#core/ports/chat-records.ts';
import type { ReadyEngine } from '#core/ports/engine-room.ts';
import type { ThreadRepository } from '#core/ports/repositories.ts';
import { AppError } from '#shared/errors.ts';
import { imagesOf } from './parts.ts';

/** A picture as an engine is given it; undefined: it is left out. */
export type PromptImageOf = (image: ImagePart) => PromptImage | undefined;

export interface PathImages {
  readonly imageOf: PromptImageOf;
  /** What of these messages is left out, in words; undefined: nothing. */
  readonly leftOutOf: (messages: readonly MessageRecord[]) => string | undefined;
}

const named = (images: readonly ImagePart[]): string =>
  images.length === 1 ? 'A picture' : `${images.length} pictures`;
const were = (images: readonly ImagePart[]): string => (images.length === 1 ? 'was' : 'were');

/**
 * The pictures of a path from storage, for a model that sees; none for one that does not. Only handles are read: their bytes
 * stay where they are until the engine wants them.
 */
export async function readImages(
  path: readonly MessageRecord[],
  { model, loaded }: ReadyEngine,
  attachment: ThreadRepository['attachment'],
): Promise<PathImages> {
  const sees = loaded.seesImages === true;
  const images = path.flatMap(imagesOf);
  const blobs = new Map<string, Blob>();
  if (sees)
    for (const { sha256 } of images) {
      const blob = blobs.get(sha256) ?? (await attachment(sha256));
      if (blob) blobs.set(sha256, blob);
    }
  return {
    imageOf({ sha256, mediaType, width, height }) {
      const blob = blobs.get(sha256);
      return blob && { blob, mediaType, width, height };
    },
    leftOutOf(messages) {
      const left = messages.flatMap(imagesOf).filter(({ sha256 }) => !blobs.has(sha256));
      if (left.length === 0) return undefined;
      const what = `${named(left)} of an earlier question ${were(left)} left out`;
      return sees
        ? `${what}: the bytes are no longer stored.`
        : `${what}: ${model.label} does not see pictures.`;
    },
  };
}

/**
 * What stands in the way of asking a question with its pictures. Errors: input/unsupported (the model sees none),
 * storage/corrupt (bytes are missing).
 */
export function requireImages(
  question: MessageRecord,
  imageOf: PromptImageOf,
  { model, loaded }: ReadyEngine,
): void {
  const lost = imagesOf(question).find((image) => imageOf(image) === undefined);
  if (lost === undefined) return;
  if (!loaded.seesImages)
    throw new AppError(
      'input/unsupported',
      `${model.label} does not see pictures. Load a model that does and ask again: the question and its pictures are kept.`,
    );
  throw new AppError(
    'storage/corrupt',
    `The bytes of the picture “${lost.name}” are no longer stored. Edit the question, or attach the picture again.`,
  );
}
