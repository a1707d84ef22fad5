import type { Attachment, ImagePart, MessageRecord, ThreadRecord } from '#core/ports/chat-records.ts';
import { AppError } from '#shared/errors.ts';
import { imagesOf } from './parts.ts';
import { sizeIn } from './picture-size.ts';

/** Under their hashes, the pictures of a thread as data URLs. */
export type AttachedFiles = Readonly<Record<string, string>>;

const PIECE = 32_768;

function base64Of(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += PIECE)
    text += String.fromCharCode(...bytes.subarray(at, at + PIECE));
  return btoa(text);
}

/** Every picture that a thread or its messages refer to, each once; once more where its type is stated otherwise. */
export function picturesOf(
  thread: Pick<ThreadRecord, 'draftImages'>,
  messages: readonly Pick<MessageRecord, 'parts'>[],
): readonly ImagePart[] {
  const all = [...messages.flatMap(imagesOf), ...(thread.draftImages ?? [])];
  return [...new Map(all.map((image) => [`${image.mediaType} ${image.sha256}`, image])).values()];
}

/** Messages as a file can hold them: a picture whose bytes are lost is named, for `importThread` refuses half of one. */
export function withoutLost(
  messages: readonly MessageRecord[],
  attachments: readonly Attachment[],
): readonly MessageRecord[] {
  const here = new Set(attachments.map(({ sha256 }) => sha256));
  return messages.map((message) => ({
    ...message,
    parts: message.parts.map((part) =>
      part.type === 'image' && !here.has(part.sha256)
        ? { type: 'notice', text: `The picture “${part.name}” was no longer there when this was exported.` }
        : part,
    ),
  }));
}

export async function toAttachedFiles(attachments: readonly Attachment[]): Promise<AttachedFiles> {
  const files: Record<string, string> = {};
  for (const { sha256, blob } of attachments)
    files[sha256] = `data:${blob.type};base64,${base64Of(new Uint8Array(await blob.arrayBuffer()))}`;
  return files;
}

const FIRST_BYTES: Readonly<Record<ImagePart['mediaType'], readonly number[]>> = {
  'image/jpeg': [0xff, 0xd8, 0xff],
  'image/png': [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
};

const refused = (name: string, what: string): AppError =>
  new AppError(
    'input/invalid',
    `The picture “${name}” in this file ${what}. The file was changed or cut off: export the chat again.`,
  );

/** SHA-256 as lower-case hex. */
async function hashOf(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

async function readOne(files: AttachedFiles, picture: ImagePart): Promise<Attachment> {
  const { sha256, mediaType, name } = picture;
  const url = Object.hasOwn(files, sha256) ? files[sha256] : undefined;
  if (url === undefined) throw refused(name, 'is missing');
  const head = `data:${mediaType};base64,`;
  if (!url.startsWith(head)) throw refused(name, `is no ${mediaType}`);
  let text: string;
  try {
    text = atob(url.slice(head.length));
  } catch (error) {
    throw new AppError('input/invalid', refused(name, 'cannot be read').message, { cause: error });
  }
  const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
  if (!FIRST_BYTES[mediaType].every((byte, i) => bytes[i] === byte))
    throw refused(name, `is no ${mediaType}`);
  // A small file may unfold to a gigabyte of pixels.
  const size = sizeIn(bytes, mediaType);
  if (size?.width !== picture.width || size.height !== picture.height)
    throw refused(name, 'has another size than the file says');
  if ((await hashOf(bytes)) !== sha256) throw refused(name, 'is not the one that was exported');
  return { sha256, blob: new Blob([bytes], { type: mediaType }) };
}

/** The bytes of all pictures. Throws input/invalid for one that is missing, of another type, or of other bytes. */
export async function fromAttachedFiles(
  files: AttachedFiles,
  pictures: readonly ImagePart[],
): Promise<readonly Attachment[]> {
  const read: Attachment[] = [];
  for (const picture of pictures) read.push(await readOne(files, picture));
  return read;
}
