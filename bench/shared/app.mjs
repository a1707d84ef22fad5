// The app in the user's words, for the benches.
import { readCatalog } from '../../scripts/models.mjs';

export const CHAT_MODEL = readCatalog().models.find(({ id }) => id === 'smollm2-135m-instruct');
export const EMBEDDER = readCatalog().models.find(({ id }) => id === 'bge-small-en-v1.5');

export async function download(page, label) {
  await page.getByRole('link', { name: 'Models' }).click();
  await page.getByRole('button', { name: `Download ${label}` }).click();
  await page.getByRole('button', { name: `Delete ${label}` }).waitFor();
}

async function loadHere(page, label) {
  await page.getByRole('button', { name: `Load ${label}`, exact: true }).click();
  await page.getByRole('button', { name: `Unload ${label}` }).waitFor();
}

export async function load(page, label) {
  await page.getByRole('link', { name: 'Models' }).click();
  await loadHere(page, label);
}

/** A fresh engine behind the open chat: nothing of any prompt is left in its cache. */
export async function loadAfresh(page, label) {
  await page.getByRole('link', { name: 'Models' }).click();
  await page.getByRole('button', { name: `Unload ${label}` }).click();
  await loadHere(page, label);
  await page.goBack();
}

const toChat = (page) => page.getByRole('link', { name: 'Chat' }).click();

/** A new chat that always takes the most likely token. */
export async function newChat(page, { maxTokens }) {
  await toChat(page);
  await page.getByRole('button', { name: 'New chat' }).click();
  await page.locator('article').first().waitFor({ state: 'detached' });
  await page.getByLabel('Style').selectOption({ label: 'Precise' });
  await page.getByLabel('Longest answer').fill(String(maxTokens));
}

/** What is stored of the last answer of the open chat. */
export function lastAnswer(page) {
  return page.evaluate(async () => {
    const wait = (request) =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const database = await wait(indexedDB.open('benchtop'));
    const messages = await wait(database.transaction('messages').objectStore('messages').getAll());
    database.close();
    return messages
      .filter(({ role }) => role === 'assistant')
      .sort((a, b) => a.createdAt - b.createdAt)
      .at(-1);
  });
}

/**
 * Does something that makes the model answer, and waits for the end.
 * @returns {Promise<{ usage: object, text: string, sentMs: number, firstTextMs: number, endMs: number }>} page clock
 */
async function watched(page, act) {
  await page.evaluate(() => {
    globalThis.benchAnswer = globalThis.benchWatch.nextAnswer();
  });
  await act();
  const times = await page.evaluate(() => globalThis.benchAnswer);
  const { usage, parts, error } = await lastAnswer(page);
  if (times.status !== 'complete')
    throw new Error(`The answer ended as “${times.status}”: ${error?.message ?? 'no reason'}`);
  const text = parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('');
  return { ...times, usage, text };
}

export async function ask(page, question) {
  const composer = page.getByRole('textbox', { name: 'Your question' });
  await composer.fill(question);
  return watched(page, () => composer.press('Enter'));
}

export const askAgain = (page) =>
  watched(page, () => page.getByRole('button', { name: 'Answer again' }).last().click());

/** Size of the loaded context, as the meter below the composer says it. */
export async function contextTokens(page) {
  const label = await page.getByRole('meter').first().getAttribute('aria-label');
  const found = / of (\d+) tokens/.exec(label ?? '')?.[1];
  if (found === undefined) throw new Error(`The context meter says “${label}”`);
  return Number(found);
}
