import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BGE } from '#adapters/engine-transformers/bge-small.test-support.ts';
import { openRepositories } from '#adapters/storage-idb/index.ts';
import { libraryContract } from '#contracts/library.ts';
import { modelStoreContract } from '#contracts/model-store.ts';
import type { SourcePassage } from '#core/ports/chat-records.ts';
import type { IngestInput } from '#core/ports/library.ts';
import { createWorkerHandle } from '#rpc/worker-handle.ts';
import { createId } from '#shared/ids.ts';

const store = createWorkerHandle({
  name: 'models',
  contract: modelStoreContract,
  spawn: () => new Worker(new URL('../models/models.worker.ts', import.meta.url), { type: 'module' }),
});
const library = createWorkerHandle({
  name: 'library',
  contract: libraryContract,
  spawn: () => new Worker(new URL('./library.worker.ts', import.meta.url), { type: 'module' }),
});

const SAMPLES = ['espresso-care.md', 'allotment-calendar.md', 'tram-history.html', 'night-sky-guide.pdf'];
const collectionId = createId();
let repositories: Awaited<ReturnType<typeof openRepositories>>;
let documentIds: readonly string[] = [];

async function sample(name: string): Promise<File> {
  const response = await fetch(`/samples/${name}`);
  expect(response.ok, name).toBe(true);
  return new File([await response.blob()], name);
}

beforeAll(async () => {
  await store.client.download({ model: BGE });
  repositories = await openRepositories();
  await repositories.library.saveCollection({ id: collectionId, name: 'Samples', createdAt: 1 });
  const files = await Promise.all(SAMPLES.map(sample));
  ({ documentIds } = await library.client.addFiles({ files, collectionId }));
  const jobId = createId();
  await repositories.jobs.save({
    id: jobId,
    kind: 'ingest',
    label: 'Indexing',
    input: { documentIds, embedder: BGE } satisfies IngestInput,
    state: 'running',
    createdAt: 1,
    updatedAt: 1,
  });
  expect(await library.client.ingest({ jobId })).toEqual({ ready: SAMPLES.length, failed: 0 });
}, 120_000);

afterAll(async () => {
  await repositories.library.removeCollection(collectionId);
  await library.client.forget({ documentIds });
  repositories.close();
  library.restart();
  store.restart();
});

const ask = (query: string, mode: 'hybrid' | 'dense' | 'lexical' = 'hybrid') =>
  library.client.search({ query, collectionIds: [collectionId], limit: 5, embedder: BGE, mode });

describe('the library worker with BGE small', () => {
  // In the words of the document, and in others.
  test.each([
    ['How often should I descale the machine?', 'Descale every three months'],
    ['May I use vinegar against limescale?', 'never with vinegar'],
    ['my steam is weak, what could be the reason?', 'most common reason for weak steam'],
    ['Which hardness of water is gentle to the kettle inside?', 'calcium carbonate'],
    ['When is the rubber seal of the handle due?', 'gasket'],
    ['How do I clean the pipe for milk foam?', 'steam wand'],
  ])('%s', async (query, phrase) => {
    const { passages } = await ask(query);
    const texts = passages.slice(0, 3).map(({ text }) => text.replace(/\s+/g, ' '));
    expect(
      texts.some((text) => text.includes(phrase)),
      JSON.stringify(texts),
    ).toBe(true);
    expect(passages[0]?.documentName).toBe('espresso-care.md');
  });

  test.each([
    'What is the boiling point of mercury?',
    'Who won the chess championship in 1985?',
    'How do I file a tax return for a company?',
    'Which JavaScript framework renders fastest?',
    'What are the side effects of ibuprofen?',
    'How do I renew my passport?',
    'How long does the battery of the drone last?',
  ])('nothing is found: %s', async (query) => {
    const found = await ask(query);
    expect(found.passages.map(({ text, denseScore }) => `${denseScore} ${text.slice(0, 60)}`)).toEqual([]);
    expect(found.isBelowFloor).toBe(true);
  });

  test('marks what the documents say and what they do not, also in other words', async () => {
    const { passages } = await ask('How is the espresso machine descaled?');
    const answer =
      'Descale the machine every three months with citric acid [1]. Vinegar must not be used, since it eats the seals. ' +
      'Use 20 grams per litre. Use 50 grams per litre [1]. The pump was built in Italy [1].';
    const supports = await library.client.align({ answer, passages, embedder: BGE });
    const isSupported = supports.map(({ source }) => source !== null);
    expect(isSupported, JSON.stringify(supports)).toEqual([true, true, true, false, false]);
    for (const support of supports) {
      const source = passages.find(({ number }) => number === support.source);
      if (source)
        expect(spanOf(source, support.spanStart, support.spanEnd)).toMatch(/Descale every|20 grams|vinegar/);
    }
  });

  test('a passage of the PDF knows its page', async () => {
    const { passages } = await ask('How do I find the constellations in the night sky?');
    const pdf = passages.find(({ documentName }) => documentName.endsWith('.pdf'));
    expect(pdf?.page).toBeGreaterThan(0);
  });
});

function spanOf(passage: SourcePassage, start = 0, end = 0): string {
  return passage.text.slice(start - passage.start, end - passage.start);
}
