import type { ImagePart, ThreadRecord } from '#core/ports/chat-records.ts';
import type { ChatState } from './chat-state.ts';

/** Whether the model that would answer sees pictures; 'unknown' while none is there. */
export type Sight = 'sees' | 'blind' | 'unknown';

export function sightOf({ engine }: Pick<ChatState, 'engine'>): Sight {
  if (engine.status === 'ready') return engine.loaded.seesImages ? 'sees' : 'blind';
  if (engine.status === 'loading') return engine.model.seesImages ? 'sees' : 'unknown';
  return 'unknown';
}

/** A thread whose draft no longer has these pictures. */
export function withoutPictures(
  { draftImages = [], ...thread }: ThreadRecord,
  gone: readonly Pick<ImagePart, 'sha256'>[],
): ThreadRecord {
  const left = draftImages.filter(({ sha256 }) => !gone.some((image) => image.sha256 === sha256));
  return left.length > 0 ? { ...thread, draftImages: left } : thread;
}

/** Of what is dropped on a chat, pictures are asked about and the rest goes into the library. A HEIC photo has no type. */
export const isPictureFile = ({ type, name }: Pick<File, 'type' | 'name'>): boolean =>
  type.startsWith('image/') || (type === '' && /\.(?:heic|heif|avif)$/i.test(name));
