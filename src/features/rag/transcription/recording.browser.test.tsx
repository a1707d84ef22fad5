import axe from 'axe-core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { createTransformersSpeechRecognizer } from '#adapters/engine-transformers/index.ts';
import {
  openTinyWhisper,
  TINY_WHISPER,
  tones,
} from '#adapters/engine-transformers/tiny-whisper.test-support.ts';
import { sha256Of } from '#adapters/hash-stream/index.ts';
import { createExactIndex } from '#adapters/index-scan/index.ts';
import { createBm25Index } from '#adapters/lexical-bm25/index.ts';
import { createPdfPageRenderer } from '#adapters/page-renderer-pdf/index.ts';
import { createParsers } from '#adapters/parsers/index.ts';
import { createSoundDecoder } from '#adapters/sound-browser/index.ts';
import { wavOf } from '#adapters/sound-browser/wav.ts';
import { type OpenRepositories, openRepositories } from '#adapters/storage-idb/index.ts';
import { createWebLocks } from '#adapters/web-locks/index.ts';
import { createJobRunner, type JobRunner } from '#core/jobs/index.ts';
import type { ModelSpec } from '#core/ports/model.ts';
import { SPEECH_SAMPLE_RATE, type SpeechRecognizer } from '#core/ports/speech-recognizer.ts';
import { createHashedEmbedder, HASHED, hashedTokenizer } from '#core/rag/hashed-embedder.test-support.ts';
import { createLibrary } from '#core/rag/index.ts';
import { createOverlapReranker } from '#core/rag/overlap-reranker.test-support.ts';
import { createSpeech } from '#core/speech/index.ts';
import type { Progress } from '#shared/call.ts';
import { until } from '#shared/until.test-support.ts';
import { createLibraryController } from '../index.ts';
import { showScreen } from '../library.test-support.tsx';
import type { LibraryController } from '../library-controller.ts';

let name: string;
let repositories: OpenRepositories;
let jobs: JobRunner;
let controller: LibraryController;
let bringBack: (() => void) | undefined;
let models: readonly ModelSpec[];
let hide: () => void = () => {};
const tiny = createTransformersSpeechRecognizer({ openFile: (_, path) => openTinyWhisper(path) });
/** Seconds of sound of each request. */
const asked: number[] = [];
const recognizer: SpeechRecognizer = {
  ...tiny,
  transcribe(request, options) {
    asked.push(request.audio.length / SPEECH_SAMPLE_RATE);
    return tiny.transcribe(request, options);
  },
};

const SAID = [
  { text: 'low', start: 1, end: 2 },
  { text: 'middle', start: 2.5, end: 4 },
  { text: 'high', start: 83, end: 84 },
];
const recording = (): File =>
  new File([wavOf(tones(SAID, 90), SPEECH_SAMPLE_RATE)], 'talk.wav', { type: 'audio/wav' });

const first = () => controller.store.getState().documents[0];
const segments = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>('[data-testid="segment"]')];
const player = (): HTMLAudioElement | undefined => document.querySelector('audio') ?? undefined;

beforeEach(async () => {
  await page.viewport(1280, 900);
  name = `recording-${crypto.randomUUID()}`;
  models = [TINY_WHISPER];
  repositories = await openRepositories({ name });
  const locks = createWebLocks(name);
  jobs = createJobRunner({ repository: repositories.jobs, changes: repositories.changes, locks });
  const library = createLibrary({
    repositories,
    parsers: createParsers(),
    embedder: createHashedEmbedder(),
    reranker: createOverlapReranker(),
    loadTokenizer: async () => hashedTokenizer,
    placement: async () => ({ device: 'cpu', threads: 1 }),
    createVectorIndex: createExactIndex,
    createLexicalIndex: createBm25Index,
    locks,
    sha256: sha256Of,
    now: Date.now,
  });
  const speech = createSpeech({
    recognizer,
    decoder: createSoundDecoder(),
    models: async () => models,
    threads: () => 1,
  });
  controller = createLibraryController({
    repositories,
    library,
    jobs,
    pages: createPdfPageRenderer(),
    embedder: async () => HASHED,
    notify: (_, undo) => {
      bringBack = undo?.onSelect;
    },
    speech: async () => speech,
  });
  hide = showScreen({ controller });
  await controller.addFiles([recording()]);
  await until(() => first()?.status === 'failed');
});
afterEach(async () => {
  hide();
  controller.dispose();
  await until(() => jobs.jobs().every(({ state }) => state !== 'running' && state !== 'queued'));
  await new Promise((resolve) => setTimeout(resolve, 50));
  jobs.dispose();
  repositories.close();
  indexedDB.deleteDatabase(name);
});

test('a recording is written down when the user has agreed: its words are found, at their second, and play', async () => {
  await expect.element(page.getByText('Not written down')).toBeVisible();
  await page.getByRole('button', { name: 'Write down…' }).click();
  await expect.element(page.getByRole('dialog')).toHaveTextContent('1:30');
  await until(() => document.querySelectorAll('[role="dialog"] option').length === 4);
  await expect.element(page.getByTestId('speech-device')).toHaveTextContent('Runs on the processor.');
  expect((await axe.run('[role="dialog"]')).violations).toEqual([]);
  await userEvent.selectOptions(page.getByLabelText('Language that is spoken'), 'en');
  await page.getByRole('button', { name: 'Write it down' }).click();
  await until(() => first()?.status === 'ready');
  expect(first()?.times?.map(({ seconds }) => Math.round(seconds * 10) / 10)).toEqual([1, 2.5, 83]);

  await controller.search('high');
  await page.getByTestId('passage').first().click();
  await until(() => segments().length === 3);
  expect(segments().map(({ textContent }) => textContent)).toEqual(['0:01low', '0:02middle', '1:23high']);

  controller.open({ documentId: first()?.id ?? '', span: { start: 12, end: 16 } });
  await until(() => segments().findIndex((each) => each.ariaCurrent === 'true') === 2);
  expect(document.querySelector('[data-testid="cited-span"]')?.textContent).toBe('high');
  await until(() => Math.abs((player()?.currentTime ?? 0) - 83) < 0.5);
  segments()[1]?.click();
  await until(() => segments().findIndex((each) => each.ariaCurrent === 'true') === 1);
  expect(Math.abs((player()?.currentTime ?? 0) - 2.5)).toBeLessThan(2);
  player()?.pause();
  expect((await axe.run('[data-testid="document-viewer"]')).violations).toEqual([]);
});

test('read again it stays written down; deleted and brought back, too', async () => {
  const transcription = await controller.transcription();
  const document = first();
  if (!document) throw new Error('nothing was added');
  await jobs.ended(await transcription.start(document, TINY_WHISPER.id, 'de'));
  await until(() => first()?.status === 'ready');
  expect((await controller.text(document.id, 0)).text).toBe('tief mittel\n\nhoch');
  await controller.retry(document.id);
  await until(() => first()?.status === 'ready');
  expect((await controller.text(document.id, 0)).text).toBe('tief mittel\n\nhoch');
  // The wrong language was chosen.
  await jobs.ended(await transcription.start(document, TINY_WHISPER.id, 'fr'));
  await until(async () => (await controller.text(document.id, 0)).text === 'grave moyen\n\naigu');
  await until(() => first()?.status === 'ready');
  const snapshot = await repositories.library.snapshotDocument(document.id);
  expect(snapshot?.blobs.map(({ id }) => id.split(':')[0])).toEqual(['original', 'transcript', 'text']);
  await controller.removeDocument(document.id);
  expect(await repositories.library.blob(`transcript:${document.id}`)).toBeUndefined();
  bringBack?.();
  await until(() => first()?.status === 'ready');
  expect(await repositories.library.blob(`transcript:${document.id}`)).toBeDefined();
});

test('a transcription that is cut off goes on behind what it has: each window is read once', async () => {
  const transcription = await controller.transcription();
  const document = first();
  if (!document) throw new Error('nothing was added');
  const input = { documentIds: [document.id], modelId: TINY_WHISPER.id };
  asked.length = 0;
  let cursor: unknown;
  let saved = 0;
  const killed = transcription.run(
    { input },
    {
      saveCursor: async (heard) => {
        cursor = structuredClone(heard);
        saved += 1;
        if (saved === 2) throw new Error('The tab is gone');
      },
    },
  );
  await expect(killed).rejects.toThrow('The tab is gone');
  expect(asked).toEqual([30, 30]);
  expect(cursor).toMatchObject({
    seconds: 60,
    language: 'en',
    segments: [{ text: 'low' }, { text: 'middle' }],
  });
  const progress: Progress[] = [];
  await transcription.run(
    { input, cursor },
    { saveCursor: async () => {}, onProgress: (event) => progress.push(event) },
  );
  expect(asked).toEqual([30, 30, 30]);
  expect(progress.filter(({ unit }) => unit === 'seconds').map(({ done }) => done)).toEqual([60, 90, 90]);
  await until(() => first()?.status === 'ready');
  expect((await controller.text(document.id, 0)).text).toBe('low middle\n\nhigh');
  expect(first()?.times?.map(({ seconds }) => Math.round(seconds * 10) / 10)).toEqual([1, 2.5, 83]);
});

test('without a speech model on the device it says how to get one, and nothing can be started', async () => {
  models = [];
  await page.getByRole('button', { name: 'Write down…' }).click();
  await expect.element(page.getByText(/none is on this device yet/)).toBeVisible();
  await expect.element(page.getByRole('button', { name: 'Write it down' })).toBeDisabled();
  await page.getByRole('button', { name: 'Cancel' }).click();
});
