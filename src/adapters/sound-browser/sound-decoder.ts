import { MAX_SOUND_SECONDS, type SoundDecoder } from '#core/ports/sound.ts';
import { SPEECH_SAMPLE_RATE } from '#core/ports/speech-recognizer.ts';
import { throwIfAborted } from '#shared/breathe.ts';
import { AppError } from '#shared/errors.ts';

/** Reads the head only. Some files say that they are endless, or nothing at all. */
async function lengthOf(file: Blob): Promise<number | undefined> {
  const url = URL.createObjectURL(file);
  const player = new Audio();
  try {
    const seconds = await new Promise<number>((resolve) => {
      player.preload = 'metadata';
      player.onloadedmetadata = () => resolve(player.duration);
      player.onerror = () => resolve(Number.NaN);
      player.src = url;
    });
    return Number.isFinite(seconds) ? seconds : undefined;
  } finally {
    player.removeAttribute('src');
    URL.revokeObjectURL(url);
  }
}

function tooLong(seconds: number): AppError {
  return new AppError(
    'input/too-large',
    `This recording lasts ${Math.ceil(seconds / 60)} minutes; up to ${MAX_SOUND_SECONDS / 60} can be written down. Cut it and add the parts.`,
    { details: { seconds, limitSeconds: MAX_SOUND_SECONDS } },
  );
}

/** The mean of all channels. */
function mixed(sound: AudioBuffer): Float32Array {
  const first = sound.getChannelData(0);
  if (sound.numberOfChannels === 1) return first;
  const mono = new Float32Array(sound.length);
  for (let channel = 0; channel < sound.numberOfChannels; channel++) {
    const data = sound.getChannelData(channel);
    for (let i = 0; i < mono.length; i++) mono[i] = (mono[i] ?? 0) + (data[i] ?? 0) / sound.numberOfChannels;
  }
  return mono;
}

/** By the browser's own codecs, which exist on the page only (not in workers), off its main thread. */
export function createSoundDecoder(): SoundDecoder {
  return {
    lengthOf,
    async decode(file, { signal } = {}) {
      const seconds = await lengthOf(file);
      if (seconds !== undefined && seconds > MAX_SOUND_SECONDS) throw tooLong(seconds);
      throwIfAborted(signal);
      const context = new OfflineAudioContext(1, 1, SPEECH_SAMPLE_RATE);
      let sound: AudioBuffer;
      try {
        sound = await context.decodeAudioData(await file.arrayBuffer());
      } catch (cause) {
        throw new AppError(
          'input/unsupported',
          'This recording cannot be decoded: it is damaged, or its codec is not in this browser. Save it as WAV, MP3 or FLAC, then add it.',
          { cause },
        );
      }
      throwIfAborted(signal);
      if (sound.duration > MAX_SOUND_SECONDS) throw tooLong(sound.duration);
      return mixed(sound);
    },
  };
}
