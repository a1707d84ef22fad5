import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CHROMIUM_FLAGS, chromiumHere, SOFTWARE_GPU_FLAGS } from '../../scripts/find-chromium.mjs';
import { expect, test } from '../fixtures/benchtop.ts';
import { storeSpeechModel } from '../fixtures/speech-model.ts';
import { tonesWav } from '../fixtures/tones.ts';
import { LibraryPage } from '../pages/library.page.ts';
import { ModelsPage } from '../pages/models.page.ts';

/** What the microphone hears, again and again: “middle”. */
const VOICE = join(mkdtempSync(join(tmpdir(), 'benchtop-voice-')), 'voice.wav');
writeFileSync(VOICE, tonesWav([{ hertz: 1000, start: 0.3, end: 1 }], 1.5));

const chromium = chromiumHere();
test.use({
  launchOptions: {
    ...(chromium ? { executablePath: chromium } : {}),
    args: [
      ...CHROMIUM_FLAGS,
      ...SOFTWARE_GPU_FLAGS,
      '--use-fake-device-for-media-stream',
      `--use-file-for-fake-audio-capture=${VOICE}`,
    ],
  },
});

test('a recording is written down in the built product, found, and played at its second; the same offline', async ({
  page,
  context,
}) => {
  const models = new ModelsPage(page);
  await models.open();
  await models.download('BGE small (English)');
  await storeSpeechModel(page);
  const library = new LibraryPage(page);
  await library.open();
  const wav = tonesWav(
    [
      { hertz: 220, start: 1, end: 3 },
      { hertz: 1000, start: 30.5, end: 32 },
      { hertz: 4000, start: 83, end: 85 },
    ],
    90,
  );
  await library.drop([{ name: 'talk.wav', mimeType: 'audio/wav', buffer: wav }]);
  await expect(library.row('talk.wav')).toContainText('Not written down');
  await context.setOffline(true);
  await library.row('talk.wav').getByRole('button', { name: 'Write down…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Write down what is said?' });
  await expect(dialog).toContainText('1:30');
  await dialog.getByLabel('Language that is spoken').selectOption('en');
  await dialog.getByRole('button', { name: 'Write it down' }).click();
  await library.ready('talk.wav');

  await page.getByRole('searchbox', { name: 'Search the library' }).fill('high');
  await page.getByTestId('passage').first().click();
  const segments = library.viewer.getByTestId('segment');
  await expect(segments).toHaveText(['0:01low', '0:30middle', '1:23high']);
  await segments.nth(2).click();
  await expect(segments.nth(2)).toHaveAttribute('aria-current', 'true');
  const player = library.viewer.locator('audio');
  await expect
    .poll(() => player.evaluate((audio: HTMLAudioElement) => Math.floor(audio.currentTime)))
    .toBe(83);
  await context.setOffline(false);
});

test('what is said into the microphone stands in the question, and nothing of it is sent', async ({
  page,
  context,
}) => {
  await context.grantPermissions(['microphone']);
  await page.goto('/');
  await storeSpeechModel(page);
  await page.goto('/');
  const box = page.getByRole('textbox', { name: 'Your question' });
  await box.fill('How high is  today?');
  await box.evaluate((area: HTMLTextAreaElement) => area.setSelectionRange(12, 12));
  await page.getByRole('button', { name: 'Dictate' }).click();
  const dialog = page.getByRole('dialog', { name: 'Dictate' });
  await expect(dialog.getByRole('meter')).toBeVisible();
  await dialog.getByLabel('Language that is spoken').selectOption('en');
  await expect(dialog).toContainText(/0:0[2-9]|0:[1-9]\d|[1-9]:\d\d/);
  const asked: string[] = [];
  page.on('request', (request) => {
    if (/^https?:/.test(request.url()) && !request.url().startsWith(new URL(page.url()).origin))
      asked.push(request.url());
    if (request.method() !== 'GET') asked.push(request.url());
  });
  await dialog.getByRole('button', { name: 'Stop and insert' }).click();
  // What the browser's echo canceller does with a tone may be heard as another word here and there.
  await expect(box).toHaveValue(
    /^How high is (?:(?:low|middle|high) )*middle (?:(?:low|middle|high) )*today\?$/,
  );
  expect(asked).toEqual([]);
});
