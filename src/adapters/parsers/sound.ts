import type { DocumentParser } from '#core/ports/document-parser.ts';
import { AppError } from '#shared/errors.ts';
import { MAX_SOUND_BYTES } from './limits.ts';

const startsWith = (head: Uint8Array, bytes: readonly number[], at = 0): boolean =>
  bytes.every((byte, i) => head[at + i] === byte);
const letters = (word: string): number[] => [...word].map((letter) => letter.charCodeAt(0));

/** Ogg, MP4 and Matroska carry films as well: there the name or the type has to say that it is sound. */
const SOUND_NAME = /\.(?:m4a|m4b|ogg|oga|opus|weba|mp3)$/i;

function isSound(name: string, mediaType: string, head: Uint8Array): boolean {
  const saysSound = SOUND_NAME.test(name) || mediaType.startsWith('audio/');
  if (startsWith(head, letters('RIFF'))) return startsWith(head, letters('WAVE'), 8);
  if (startsWith(head, letters('fLaC')) || startsWith(head, letters('ID3'))) return true;
  if (startsWith(head, letters('ftypM4A'), 4)) return true;
  const isContainer =
    startsWith(head, letters('OggS')) ||
    startsWith(head, letters('ftyp'), 4) ||
    startsWith(head, [0x1a, 0x45, 0xdf, 0xa3]);
  // A frame of MPEG audio begins with eleven ones; so may other bytes.
  const isFrame = head[0] === 0xff && ((head[1] ?? 0) & 0xe0) === 0xe0;
  return saysSound && (isContainer || isFrame);
}

/** Recordings: taken in as they are. Their text is what a speech recognizer writes down, where the user asks for that. */
export function createSoundParser(): DocumentParser {
  return {
    id: 'sound',
    version: 1,
    maxBytes: MAX_SOUND_BYTES,
    isRecording: true,
    accepts: ({ name, mediaType, head }) => isSound(name, mediaType, head),
    async parse() {
      throw new AppError(
        'input/invalid',
        'This is a recording: it has no text yet. What is said in it can be written down on this device.',
        { details: { canTranscribe: true } },
      );
    },
  };
}
