import { MAX_SOUND_SECONDS, type OpenRecording, type SoundDecoder } from '#core/ports/sound.ts';
import { SPEECH_SAMPLE_RATE } from '#core/ports/speech-recognizer.ts';
import { throwIfAborted } from '#shared/breathe.ts';
import { AppError, isAbort } from '#shared/errors.ts';
import { decodePieces } from './decode-pieces.ts';

/** From here on memory counts for more than speed: five minutes are a hundred megabytes at once. */
const LONG_SECONDS = 300;
/** Of a file that does not say how long it is: speech in Opus. */
const LEAST_BYTES_A_SECOND = 3000;

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

function refuseTooLong(seconds: number): void {
  if (seconds > MAX_SOUND_SECONDS) throw tooLong(seconds);
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

/** All of it at once: at the rate and with the channels that it has, more than a gigabyte for an hour. */
async function decodeWhole(file: Blob, signal: AbortSignal | undefined): Promise<Float32Array> {
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
  refuseTooLong(sound.duration);
  return mixed(sound);
}

/** Undefined: another way has to be tried. */
async function decodeInPieces(
  file: Blob,
  open: OpenRecording,
  seconds: number,
  signal: AbortSignal | undefined,
): Promise<Float32Array | undefined> {
  const recording = await open(file).catch(() => undefined);
  if (recording === undefined) return undefined;
  try {
    return await decodePieces(recording, { seconds, check: refuseTooLong, signal });
  } catch (error) {
    if (isAbort(error) || (error instanceof AppError && error.code === 'input/too-large')) throw error;
    return undefined; // damaged: the browser may make more of it
  } finally {
    recording.close();
  }
}

export interface SoundDecoderOptions {
  /** Long recordings are read through this, where it can; without it all of any is decoded at once. */
  readonly openRecording?: OpenRecording;
  /** Shorter ones are decoded at once: that is quicker. */
  readonly longSeconds?: number;
}

/** By the browser's own codecs, which exist on the page only (not in workers), off its main thread. */
export function createSoundDecoder(options: SoundDecoderOptions = {}): SoundDecoder {
  const { openRecording, longSeconds = LONG_SECONDS } = options;
  return {
    lengthOf,
    async decode(file, { signal } = {}) {
      const seconds = await lengthOf(file);
      refuseTooLong(seconds ?? 0);
      throwIfAborted(signal);
      const guess = seconds ?? file.size / LEAST_BYTES_A_SECOND;
      if (openRecording && guess > longSeconds) {
        const audio = await decodeInPieces(file, openRecording, seconds ?? 0, signal);
        if (audio) return audio;
      }
      throwIfAborted(signal);
      return decodeWhole(file, signal);
    },
  };
}
