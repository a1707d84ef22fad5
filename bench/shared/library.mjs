// The Library screen in the user's words, for the benches.
import { sampleDocument } from './sample-text.mjs';

export function sampleFile(name, size) {
  return { name, mimeType: 'text/markdown', buffer: Buffer.from(sampleDocument(size)) };
}

/**
 * Gives the Library a file and waits until it can be searched. The clock starts when the file is chosen.
 * @returns {Promise<{ startMs: number, endMs: number }>} page clock
 */
export async function ingest(page, file) {
  await page.evaluate((name) => {
    const started = new Promise((resolve) => {
      addEventListener('change', () => resolve(performance.now()), { capture: true, once: true });
    });
    globalThis.benchIngest = started.then(async (startMs) => {
      const status = await globalThis.benchWatch.until(() => {
        const row = [...document.querySelectorAll('[data-testid="document"]')].find((candidate) =>
          candidate.textContent.includes(name),
        );
        const shown = row?.querySelector('[data-status]')?.dataset.status;
        return shown === 'ready' || shown === 'failed' ? shown : undefined;
      });
      if (status === 'failed') throw new Error(`${name} could not be added`);
      return { startMs, endMs: performance.now() };
    });
  }, file.name);
  await page.getByLabel('Documents to add').first().setInputFiles([file]);
  return page.evaluate(() => globalThis.benchIngest);
}

/** What was stored of a document, in order. */
export function storedChunks(page, name) {
  return page.evaluate(async (wanted) => {
    const wait = (request) =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const database = await wait(indexedDB.open('benchtop'));
    const all = (store) => wait(database.transaction(store).objectStore(store).getAll());
    const [documents, chunks] = [await all('documents'), await all('chunks')];
    database.close();
    const { id } = documents.find((document) => document.name === wanted);
    return chunks
      .filter(({ documentId }) => documentId === id)
      .sort((a, b) => a.ordinal - b.ordinal)
      .map(({ text, headingPath }) => ({ text, headingPath }));
  }, name);
}
