import type { PromptMessage } from '#core/ports/chat-engine.ts';
import { AppError } from '#shared/errors.ts';

export const hasImages = (messages: readonly PromptMessage[]): boolean =>
  messages.some(({ images = [] }) => images.length > 0);

/** Refuses pictures before anything runs, where a model sees none. Errors: input/unsupported. */
export function requireSight(messages: readonly PromptMessage[], seesImages: boolean, label: string): void {
  if (seesImages || !hasImages(messages)) return;
  throw new AppError(
    'input/unsupported',
    `${label} sees no pictures. Load a model that does, or ask without the picture.`,
  );
}

/** A picture that nobody can decode. */
export function unreadablePicture(label: string, cause?: unknown): AppError {
  return new AppError(
    'input/invalid',
    `${label} could not read a picture: it is broken or of a kind that is not known. Take it out, or choose another one.`,
    cause === undefined ? {} : { cause },
  );
}
