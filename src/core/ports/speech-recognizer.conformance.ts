import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Progress } from '#shared/call.ts';
import type { AppError } from '#shared/errors.ts';
import {
  SPEECH_SAMPLE_RATE,
  type SpeechRecognizer,
  type SpeechRecognizerInfo,
  type SpeechSegment,
} from './speech-recognizer.ts';

type LoadInput = Parameters<SpeechRecognizer['load']>[0];

/** A recognizer, a model that understands what `say` says, and how to load it. */
export interface SpeechRecognizerSubject {
  readonly recognizer: SpeechRecognizer;
  readonly load: LoadInput;
  /** The language of `words`, and another that the model knows, in which it writes other words. */
  readonly language: string;
  readonly otherLanguage: string;
  /** Three words. */
  readonly words: readonly [string, string, string];
  /** Sound in which each word is heard from one second to another, and nothing else. */
  readonly say: (parts: readonly SpeechSegment[], seconds: number) => Float32Array;
  /** Loads that must fail, with the codes that are right; the good model must load afterwards. */
  readonly badLoads: readonly {
    readonly name: string;
    readonly input: LoadInput;
    readonly codes: readonly AppError['code'][];
  }[];
  readonly dispose?: () => void | Promise<void>;
}

/** How far off a second may be. */
const SECONDS_OFF = 0.15;

function expectHeard(heard: readonly SpeechSegment[], said: readonly SpeechSegment[]): void {
  expect(heard.map(({ text }) => text.trim())).toEqual(said.map(({ text }) => text));
  for (const [i, { start, end, text }] of said.entries()) {
    expect(Math.abs((heard[i]?.start ?? Number.NaN) - start), `${text} begins`).toBeLessThan(SECONDS_OFF);
    expect(Math.abs((heard[i]?.end ?? Number.NaN) - end), `${text} ends`).toBeLessThan(SECONDS_OFF);
  }
}

/** Every adapter of the port runs this, on a model that really computes from the sound. */
export function describeSpeechRecognizer(name: string, create: () => Promise<SpeechRecognizerSubject>): void {
  describe(`${name} as a speech recognizer`, () => {
    let subject: SpeechRecognizerSubject;
    let info: SpeechRecognizerInfo;
    const transcribe = (audio: Float32Array, language: string | undefined = subject.language) =>
      subject.recognizer.transcribe({ modelId: info.modelId, audio, language });
    const said = (...parts: readonly (readonly [number, number, number])[]): SpeechSegment[] =>
      parts.map(([word, start, end]) => ({ text: subject.words[word] ?? '', start, end }));

    beforeAll(async () => {
      subject = await create();
      info = await subject.recognizer.load(subject.load);
    }, 120_000);
    afterAll(async () => subject.dispose?.());

    test('it says what it runs on and which languages it knows, also when it is loaded twice', async () => {
      expect(info.modelId).toBe(subject.load.model.id);
      expect(['wasm', 'webgpu']).toContain(info.runsOn);
      expect(info.languages).toEqual(expect.arrayContaining([subject.language, subject.otherLanguage]));
      expect(await subject.recognizer.load(subject.load)).toEqual(info);
    });

    test('words are written down with the seconds at which they are said', async () => {
      const parts = said([0, 0.5, 1.5], [2, 2, 3.2], [1, 3.6, 5], [0, 7, 8]);
      const { segments, language } = await transcribe(subject.say(parts, 9));
      expect(language).toBe(subject.language);
      expectHeard(segments, parts);
    });

    test('a long sound is read window by window: nothing is lost, doubled or moved at the seams', async () => {
      const parts = said([1, 1, 3], [0, 12, 13.5], [2, 27, 33], [1, 40, 41], [0, 58.5, 61.5], [2, 66, 67]);
      const { segments } = await transcribe(subject.say(parts, 70));
      expectHeard(segments, parts);
    });

    test('a sound that comes in parts is written down as the whole is', async () => {
      const parts = said([1, 1, 3], [2, 27, 33], [1, 40, 41], [0, 58.5, 61.5]);
      const audio = subject.say(parts, 70);
      const heard: SpeechSegment[] = [];
      let from = 0;
      let calls = 0;
      for (const seconds of [0.5, 31, 31, 31]) {
        const rest = audio.slice(Math.round(from * SPEECH_SAMPLE_RATE));
        const part = rest.slice(0, seconds * SPEECH_SAMPLE_RATE);
        const isLast = part.length === rest.length;
        const { language } = subject;
        const { segments, untilSeconds } = await subject.recognizer.transcribe({
          modelId: info.modelId,
          audio: part,
          language,
          ...(isLast ? {} : { continues: true }),
        });
        if (seconds < 1) expect({ segments, untilSeconds }).toEqual({ segments: [], untilSeconds: 0 });
        for (const { start, end, text } of segments)
          heard.push({ start: start + from, end: end + from, text });
        from += untilSeconds ?? 0;
        calls += 1;
        if (isLast) break;
      }
      expect(calls).toBe(4);
      expectHeard(heard, parts);
    });

    test('the language is heard when none is asked for, and another one is written when it is asked for', async () => {
      const parts = said([1, 1, 4]);
      const audio = subject.say(parts, 6);
      const heard = await subject.recognizer.transcribe({ modelId: info.modelId, audio });
      expect(heard.language).toBe(subject.language);
      expectHeard(heard.segments, parts);
      const other = await transcribe(audio, subject.otherLanguage);
      expect(other.language).toBe(subject.otherLanguage);
      expect(other.segments).toHaveLength(1);
      expect(other.segments[0]?.text.trim()).not.toBe(parts[0]?.text);
    });

    test('silence and no sound at all have no words', async () => {
      expect((await transcribe(new Float32Array(SPEECH_SAMPLE_RATE * 35))).segments).toEqual([]);
      expect((await transcribe(new Float32Array(0))).segments).toEqual([]);
    });

    test('no segment ends after the sound', async () => {
      const { segments } = await transcribe(subject.say(said([2, 0.2, 1.3]), 1.3));
      expect(segments.map(({ text }) => text.trim())).toEqual([subject.words[2]]);
      expect(segments[0]?.end).toBeLessThanOrEqual(1.3);
    });

    test('progress tells the seconds that are done', async () => {
      const events: Progress[] = [];
      const audio = subject.say(said([0, 1, 2], [1, 31, 32]), 40);
      await subject.recognizer.transcribe(
        { modelId: info.modelId, audio, language: subject.language },
        { onProgress: (event) => events.push(event) },
      );
      expect(events.length).toBeGreaterThan(1);
      const done = events.map((event) => event.done);
      expect(done).toEqual([...done].sort((a, b) => a - b));
      expect(events.at(-1)).toMatchObject({ unit: 'seconds', done: 40, total: 40 });
    });

    test('an abort stops between windows, and the recognizer goes on', async () => {
      const abort = new AbortController();
      let done = 0;
      const audio = subject.say(said([0, 1, 2]), 300);
      const work = subject.recognizer.transcribe(
        { modelId: info.modelId, audio, language: subject.language },
        {
          signal: abort.signal,
          onProgress(event) {
            done = event.done;
            if (done > 0) abort.abort();
          },
        },
      );
      await expect(work).rejects.toMatchObject({ code: 'abort/by-user' });
      expect(done).toBeLessThan(300);
      const parts = said([1, 1, 2]);
      expectHeard((await transcribe(subject.say(parts, 3))).segments, parts);
    });

    test('an unknown language, sound that is no numbers, and a model that is not loaded are refused', async () => {
      const audio = subject.say(said([0, 1, 2]), 3);
      await expect(transcribe(audio, 'tlh')).rejects.toMatchObject({
        code: 'input/invalid',
        message: expect.stringContaining('tlh'),
      });
      const broken = audio.map((value, i) => (i === 500 ? Number.NaN : value));
      await expect(transcribe(broken)).rejects.toMatchObject({ code: 'input/invalid' });
      await expect(subject.recognizer.transcribe({ modelId: 'nothing', audio })).rejects.toMatchObject({
        code: 'model/not-found',
      });
      expect((await transcribe(audio)).segments).toHaveLength(1);
    });

    test('what cannot be loaded is refused with its reason, and the good model still loads', async () => {
      for (const { name: what, input, codes } of subject.badLoads) {
        const error = await subject.recognizer.load(input).then(
          () => 'loaded',
          (failure: AppError) => failure.code,
        );
        expect(codes, `${what}: ${error}`).toContain(error);
      }
      expect(await subject.recognizer.load(subject.load)).toEqual(info);
      const parts = said([2, 1, 2]);
      expectHeard((await transcribe(subject.say(parts, 3))).segments, parts);
    });
  });
}
