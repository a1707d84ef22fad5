import { describe, expect, test } from 'vitest';
import { userEvent } from 'vitest/browser';
import { openRecording } from '#adapters/frame-reader-webcodecs/index.ts';
import type { OpenRecording } from '#core/ports/sound.ts';
import { SPEECH_SAMPLE_RATE } from '#core/ports/speech-recognizer.ts';
import { createSoundDecoder } from './index.ts';
import { wavOf } from './wav.ts';

const decoder = createSoundDecoder();
const recordings = import.meta.glob<string>('../../../e2e/fixtures/recordings/tone.*', {
  query: '?url',
  import: 'default',
  eager: true,
});

function tone(hertz: number, seconds: number, sampleRate: number): Float32Array {
  return Float32Array.from(
    { length: Math.round(seconds * sampleRate) },
    (_, i) => 0.5 * Math.sin((2 * Math.PI * hertz * i) / sampleRate),
  );
}

/** Of a pure tone: how often it crosses zero upwards. */
function hertzOf(audio: Float32Array): number {
  let crossings = 0;
  for (let i = 1; i < audio.length; i++) if ((audio[i - 1] ?? 0) < 0 && (audio[i] ?? 0) >= 0) crossings++;
  return (crossings * SPEECH_SAMPLE_RATE) / audio.length;
}

test('any rate and any channels become one channel at the rate of speech, as loud and as high as before', async () => {
  for (const [sampleRate, channels] of [
    [16_000, 1],
    [44_100, 2],
    [8000, 1],
  ] as const) {
    const file = wavOf(tone(440, 2, sampleRate), sampleRate, channels);
    expect(await decoder.lengthOf(file)).toBeCloseTo(2, 2);
    const audio = await decoder.decode(file);
    expect(Math.abs(audio.length - 2 * SPEECH_SAMPLE_RATE)).toBeLessThan(100);
    expect(Math.abs(hertzOf(audio) - 440)).toBeLessThan(3);
    expect(Math.max(...audio.subarray(8000, 24_000))).toBeCloseTo(0.5, 1);
  }
});

test('every format that recordings come in is decoded, or refused where the browser lacks its codec', async () => {
  expect(Object.keys(recordings)).toHaveLength(6);
  const hasAac = new Audio().canPlayType('audio/mp4; codecs="mp4a.40.2"') !== '';
  for (const [path, url] of Object.entries(recordings)) {
    const file = await (await fetch(url)).blob();
    if (path.endsWith('.m4a') && !hasAac) {
      await expect(decoder.decode(file)).rejects.toMatchObject({ code: 'input/unsupported' });
      continue;
    }
    const audio = await decoder.decode(file);
    expect(Math.abs(audio.length / SPEECH_SAMPLE_RATE - 1), path).toBeLessThan(0.15);
    expect(Math.abs(hertzOf(audio.subarray(4000, 12_000)) - 440), path).toBeLessThan(5);
  }
});

test('what the browser’s own recorder writes (WebM with Opus) is decoded', async () => {
  await userEvent.click(document.body); // sound may begin after the user has pressed something
  const context = new AudioContext();
  const source = new OscillatorNode(context, { frequency: 660 });
  const target = context.createMediaStreamDestination();
  source.connect(target);
  const recorder = new MediaRecorder(target.stream);
  const parts: Blob[] = [];
  recorder.ondataavailable = ({ data }) => parts.push(data);
  const stopped = new Promise((resolve) => {
    recorder.onstop = resolve;
  });
  source.start();
  source.stop(context.currentTime + 1.5);
  const ended = new Promise((resolve) => {
    source.onended = resolve;
  });
  recorder.start();
  await context.resume();
  await ended;
  recorder.stop();
  await stopped;
  await context.close();
  const audio = await decoder.decode(new Blob(parts, { type: recorder.mimeType }));
  const loud = audio.findIndex((value) => Math.abs(value) > 0.2);
  expect(loud).toBeGreaterThanOrEqual(0);
  expect(Math.abs(hertzOf(audio.subarray(loud + 1600, loud + 9600)) - 660)).toBeLessThan(10);
});

test('what is no sound, or a broken one, is refused with its reason', async () => {
  for (const file of [
    new Blob(['no sound at all']),
    new Blob([]),
    wavOf(tone(440, 1, 8000), 8000).slice(0, 20),
  ])
    await expect(decoder.decode(file)).rejects.toMatchObject({ code: 'input/unsupported' });
  expect(await decoder.lengthOf(new Blob(['no sound at all']))).toBeUndefined();
});

test('a recording of more than an hour is refused before it is decoded', async () => {
  // 3000 samples a second is the least that browsers play.
  const file = wavOf(new Float32Array(3700 * 3000), 3000);
  await expect(decoder.decode(file)).rejects.toMatchObject({
    code: 'input/too-large',
    message: expect.stringContaining('62 minutes'),
  });
});

describe('piece by piece', () => {
  /** How often it was asked, and how often it could. */
  const counts = { asked: 0, opened: 0 };
  const counting: OpenRecording = async (file) => {
    counts.asked += 1;
    const recording = await openRecording(file);
    if (recording) counts.opened += 1;
    return recording;
  };
  const inPieces = createSoundDecoder({ openRecording: counting, longSeconds: 0.5 });

  /** The largest difference of any two samples. */
  const difference = (one: Float32Array, other: Float32Array): number =>
    one.reduce((most, value, i) => Math.max(most, Math.abs(value - (other[i] ?? 0))), 0);

  test('of any length and rate it is what all at once gives: no edge is heard', async () => {
    // A tone that rises, so that a block in the wrong place differs.
    const sweep = (seconds: number, rate: number): Float32Array =>
      Float32Array.from({ length: Math.round(seconds * rate) }, (_, i) => {
        const t = i / rate;
        return 0.5 * Math.sin(2 * Math.PI * (200 * t + 10 * t * t));
      });
    for (const [seconds, rate, channels] of [
      [0.8, 44_100, 2],
      [20, 8000, 1],
      [11, 16_000, 1],
      [25.3, 44_100, 2],
    ] as const) {
      const file = wavOf(sweep(seconds, rate), rate, channels);
      counts.opened = 0;
      const [whole, pieces] = [await decoder.decode(file), await inPieces.decode(file)];
      expect(counts.opened).toBe(1);
      expect(Math.abs(pieces.length - whole.length), `${seconds} s at ${rate}`).toBeLessThanOrEqual(2);
      const inner = Math.min(pieces.length, whole.length) - 100; // at the very end the whole has nothing to look at
      expect(difference(pieces.subarray(0, inner), whole), `${seconds} s at ${rate}`).toBeLessThan(0.002);
    }
  });

  test('every format is read, or decoded at once where it cannot be', async () => {
    for (const [path, url] of Object.entries(recordings)) {
      const file = await (await fetch(url)).blob();
      counts.asked = 0;
      const result = await inPieces.decode(file).catch((error: unknown) => error);
      if (!(result instanceof Float32Array)) {
        expect(path).toContain('.m4a');
        expect(result).toMatchObject({ code: 'input/unsupported' });
        continue;
      }
      expect(counts.asked).toBe(1);
      const whole = await decoder.decode(file);
      expect(Math.abs(result.length - whole.length), path).toBeLessThan(0.15 * SPEECH_SAMPLE_RATE);
      expect(Math.abs(hertzOf(result.subarray(4000, 12_000)) - 440), path).toBeLessThan(5);
    }
  });

  test('a stop ends it between two pieces', async () => {
    const abort = new AbortController();
    const stopping: OpenRecording = async (file) => {
      const recording = await openRecording(file);
      return (
        recording && {
          ...recording,
          async *pieces() {
            for await (const piece of recording.pieces()) {
              yield piece;
              abort.abort();
            }
          },
        }
      );
    };
    const decoding = createSoundDecoder({ openRecording: stopping, longSeconds: 0.5 });
    await expect(
      decoding.decode(wavOf(tone(440, 5, 8000), 8000), { signal: abort.signal }),
    ).rejects.toMatchObject({ code: 'abort/by-user' });
  });
});
