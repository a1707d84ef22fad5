import type { AudioSample } from 'mediabunny';
import type { OpenRecording } from '#core/ports/sound.ts';

/** Less than this between two samples is rounding, more is a pause in the file. */
const PAUSE_SECONDS = 0.02;
/** Silence is handed out in parts, too. */
const SILENCE_SECONDS = 1;

/** The mean of all channels. */
function mixed(sample: AudioSample): Float32Array {
  const { numberOfFrames, numberOfChannels } = sample;
  const mono = new Float32Array(numberOfFrames);
  const channel = new Float32Array(numberOfFrames);
  for (let planeIndex = 0; planeIndex < numberOfChannels; planeIndex++) {
    sample.copyTo(channel, { planeIndex, format: 'f32-planar' });
    for (let i = 0; i < numberOfFrames; i++)
      mono[i] = (mono[i] as number) + (channel[i] as number) / numberOfChannels;
  }
  return mono;
}

/** At the second that the file says: pauses are filled with silence, what lies before its start is left out. */
async function* samplesOf(samples: AsyncIterable<AudioSample>, sampleRate: number) {
  let at = 0;
  for await (const sample of samples) {
    let mono: Float32Array;
    const from = Math.round(sample.timestamp * sampleRate);
    try {
      mono = mixed(sample);
    } finally {
      sample.close();
    }
    if (at === 0 && from < 0) mono = mono.subarray(Math.min(mono.length, -from));
    for (let pause = from - at; pause > PAUSE_SECONDS * sampleRate; pause = from - at) {
      const silence = new Float32Array(Math.min(pause, SILENCE_SECONDS * sampleRate));
      at += silence.length;
      yield silence;
    }
    at += mono.length;
    if (mono.length > 0) yield mono;
  }
}

/** By WebCodecs, where the browser has them and the codec; a file is read as far as it is needed. */
export const openRecording: OpenRecording = async (file) => {
  const library = await import('./sounds-library.ts');
  const { ADTS, AudioSampleSink, BlobSource, FLAC, Input, MATROSKA, MP3, MP4, OGG, QTFF, WAVE, WEBM } =
    library;
  library.Logging.level = library.LogLevel.Silent; // what it has to say comes as an error
  const formats = [WAVE, MP3, OGG, FLAC, ADTS, MP4, QTFF, WEBM, MATROSKA];
  const input = new Input({ source: new BlobSource(file), formats });
  try {
    const track = await input.getPrimaryAudioTrack();
    if (track === null || !(await track.canDecode())) throw new Error('No codec for it');
    const sampleRate = await track.getSampleRate();
    return {
      sampleRate,
      pieces: () => samplesOf(new AudioSampleSink(track).samples(), sampleRate),
      close: () => input.dispose(),
    };
  } catch {
    input.dispose();
    return undefined; // whoever asked has another way, and says why that one fails
  }
};
