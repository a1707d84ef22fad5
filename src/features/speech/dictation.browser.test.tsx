import axe from 'axe-core';
import { useRef, useState } from 'react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { createTransformersSpeechRecognizer } from '#adapters/engine-transformers/index.ts';
import {
  openTinyWhisper,
  TINY_WHISPER,
  tones,
} from '#adapters/engine-transformers/tiny-whisper.test-support.ts';
import { createSoundDecoder, openMicrophone } from '#adapters/sound-browser/index.ts';
import type { ModelSpec } from '#core/ports/model.ts';
import { SPEECH_SAMPLE_RATE } from '#core/ports/speech-recognizer.ts';
import { createSpeech } from '#core/speech/index.ts';
import { until } from '#shared/until.test-support.ts';
import { mountScreen } from '#ui/mount.test-support.tsx';
import { DictateButton } from './index.ts';

const speech = createSpeech({
  recognizer: createTransformersSpeechRecognizer({ openFile: (_, path) => openTinyWhisper(path) }),
  decoder: createSoundDecoder(),
  models: async () => models,
  threads: () => 1,
});
const dependencies = { speech: async () => speech, openMicrophone };
let models: readonly ModelSpec[];
let hide: () => void = () => {};
let hasOpenedModels = false;
/** What the browser was asked for, and what it gave. */
let streams: MediaStream[] = [];
let context: AudioContext | undefined;

/** A voice that says “high”, then “low”, until it is closed. */
async function voice(): Promise<MediaStream> {
  // Sound may begin after the user has pressed something, which is “Dictate” here.
  context = new AudioContext();
  await context.resume();
  const audio = tones(
    [
      { text: 'high', start: 0.2, end: 0.6 },
      { text: 'low', start: 0.8, end: 1.2 },
    ],
    30,
  );
  const buffer = context.createBuffer(1, audio.length, SPEECH_SAMPLE_RATE);
  buffer.copyToChannel(audio as Float32Array<ArrayBuffer>, 0);
  const source = new AudioBufferSourceNode(context, { buffer });
  const target = context.createMediaStreamDestination();
  source.connect(target);
  source.start();
  return target.stream;
}

function hears(give: () => Promise<MediaStream>): void {
  vi.spyOn(navigator.mediaDevices, 'getUserMedia').mockImplementation(async () => {
    const stream = await give();
    streams.push(stream);
    return stream;
  });
}

function Page() {
  const box = useRef<HTMLTextAreaElement>(null);
  const [draft, setDraft] = useState('One two.');
  return (
    <main>
      <textarea
        ref={box}
        aria-label="Your question"
        value={draft}
        onChange={(event) => setDraft(event.target.value)}
      />
      <output>{draft}</output>
      <DictateButton
        dependencies={dependencies}
        box={box}
        onOpenModels={() => {
          hasOpenedModels = true;
        }}
      />
    </main>
  );
}

const box = (): HTMLTextAreaElement => document.querySelector('textarea') as HTMLTextAreaElement;
const draft = (): string | null | undefined => document.querySelector('output')?.textContent;
const status = (): string | undefined =>
  document.querySelector<HTMLElement>('[data-testid="dictation"]')?.dataset.status;

beforeEach(async () => {
  models = [TINY_WHISPER];
  streams = [];
  hasOpenedModels = false;
  ({ hide } = mountScreen(<Page />));
  await expect.element(page.getByRole('button', { name: 'Dictate' })).toBeVisible();
});
afterEach(async () => {
  hide();
  vi.restoreAllMocks();
  await context?.close();
  context = undefined;
});

test('what is said is written where the caret stands, in the language that was chosen, and the microphone is closed', async () => {
  hears(async () => voice());
  box().focus();
  box().setSelectionRange(3, 3);
  await page.getByRole('button', { name: 'Dictate' }).click();
  await until(() => status() === 'listening');
  const meter = () => Number(document.querySelector('[role="meter"]')?.getAttribute('aria-valuenow'));
  await until(() => meter() > 50);
  await until(() => document.querySelectorAll('option').length === 4);
  expect((await axe.run('[role="dialog"]')).violations).toEqual([]);
  await userEvent.selectOptions(page.getByLabelText('Language that is spoken'), 'de');
  await until(() => /0:0[2-9]/.test(document.querySelector('[role="dialog"]')?.textContent ?? ''));
  await page.getByRole('button', { name: 'Stop and insert' }).click();
  await until(() => draft() !== 'One two.');
  expect(draft()).toBe('One hoch tief two.');
  expect(box().selectionStart).toBe('One hoch tief'.length);
  expect(document.activeElement).toBe(box());
  expect(streams.flatMap((stream) => stream.getTracks()).map(({ readyState }) => readyState)).toEqual([
    'ended',
  ]);
});

test('a microphone that is not allowed is told in words, and can be asked for again', async () => {
  let isAllowed = false;
  hears(async () => {
    if (isAllowed) return voice();
    throw new DOMException('Permission denied', 'NotAllowedError');
  });
  await page.getByRole('button', { name: 'Dictate' }).click();
  await expect
    .element(page.getByRole('alert'))
    .toHaveTextContent(/The microphone is not allowed for this page/);
  isAllowed = true;
  await page.getByRole('button', { name: 'Try again' }).click();
  await until(() => status() === 'listening');
  expect(document.querySelector('[role="alert"]')).toBeNull();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await until(() =>
    streams.every((stream) => stream.getTracks().every((track) => track.readyState === 'ended')),
  );
  expect(draft()).toBe('One two.');
});

test.for([
  { what: 'silence', hasSound: true, said: /No word was heard/ },
  { what: 'a microphone that gives nothing', hasSound: false, said: /gave no sound/ },
])('$what inserts nothing and says so', async ({ hasSound, said }) => {
  hears(async () => {
    context = new AudioContext();
    await context.resume();
    const target = context.createMediaStreamDestination();
    const source = new ConstantSourceNode(context, { offset: 0 });
    if (hasSound) source.connect(target);
    source.start();
    return target.stream;
  });
  await page.getByRole('button', { name: 'Dictate' }).click();
  await until(() => /0:01/.test(document.querySelector('[role="dialog"]')?.textContent ?? ''));
  await page.getByRole('button', { name: 'Stop and insert' }).click();
  await expect.element(page.getByRole('alert')).toHaveTextContent(said);
  await page.getByRole('button', { name: 'Cancel' }).click();
  expect(draft()).toBe('One two.');
});

test('without a speech model the microphone is never asked for, and the way to one is shown', async () => {
  models = [];
  hears(async () => voice());
  await page.getByRole('button', { name: 'Dictate' }).click();
  await expect.element(page.getByText(/none is on this device yet/)).toBeVisible();
  await page.getByRole('button', { name: 'Open Models' }).click();
  expect(hasOpenedModels).toBe(true);
  expect(streams).toEqual([]);
});
