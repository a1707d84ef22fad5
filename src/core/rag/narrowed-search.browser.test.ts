import { afterEach, beforeEach, expect, test } from 'vitest';
import { sha256Of } from '#adapters/hash-stream/index.ts';
import { createExactIndex } from '#adapters/index-scan/index.ts';
import { createBm25Index } from '#adapters/lexical-bm25/index.ts';
import { createParsers } from '#adapters/parsers/index.ts';
import { openRepositories } from '#adapters/storage-idb/index.ts';
import { createWebLocks } from '#adapters/web-locks/index.ts';
import type { Library } from '#core/ports/library.ts';
import { createId } from '#shared/ids.ts';
import { createLibrary } from './create-library.ts';
import { createHashedEmbedder, HASHED, hashedTokenizer } from './hashed-embedder.test-support.ts';
import { createOverlapReranker } from './overlap-reranker.test-support.ts';

const filler = (word: string, count: number): string =>
  Array.from({ length: count }, (_, i) => `The ${word} number ${i} of the valve is described here.`).join(
    ' ',
  );
const PUMP = `# Pump manual

## Relief valve

${filler('spring', 60)} The valve opens by itself at 6 bar. ${filler('disc', 60)}

## Maintenance

Replace the shaft seal after 2,000 hours. To be or not to be.
`;
const NOTES = `Notes on the valve: it opens at once, by itself it never closes; 6 bar is too much. Set it at 8.4 bar.`;

let library: Library;
let dispose: () => void;

beforeEach(async () => {
  const name = `narrowed-${createId()}`;
  const repositories = await openRepositories({ name });
  library = createLibrary({
    repositories,
    parsers: createParsers(),
    embedder: createHashedEmbedder(),
    reranker: createOverlapReranker(),
    loadTokenizer: async () => hashedTokenizer,
    placement: async () => ({ device: 'cpu', threads: 1 }),
    createVectorIndex: createExactIndex,
    createLexicalIndex: createBm25Index,
    locks: createWebLocks(name),
    sha256: sha256Of,
    now: Date.now,
  });
  dispose = () => {
    repositories.close();
    indexedDB.deleteDatabase(name);
  };
  for (const [id, file] of [
    ['manuals', new File([PUMP], 'pump.md', { type: 'text/markdown' })],
    ['diary', new File([NOTES], 'notes.txt', { type: 'text/plain' })],
  ] as const) {
    await repositories.library.saveCollection({ id, name: id, createdAt: 1 });
    const { documentIds } = await library.addFiles({ files: [file], collectionId: id });
    const job = createId();
    await repositories.jobs.save({
      id: job,
      kind: 'ingest',
      label: 'Indexing',
      input: { documentIds, embedder: HASHED },
      state: 'running',
      createdAt: 1,
      updatedAt: 1,
    });
    await library.ingest({ jobId: job });
  }
});
afterEach(() => dispose());

const search = (query: string, more: Partial<Parameters<Library['search']>[0]> = {}) =>
  library.search({ query, collectionIds: [], limit: 5, embedder: HASHED, hasSyntax: true, ...more });
const namesOf = async (query: string) =>
  [...new Set((await search(query, { limit: 40 })).passages.map(({ documentName }) => documentName))].sort();

test('exact words are found letter by letter, however many others are nearer', async () => {
  const { passages } = await search('valve "opens by itself at 6 bar"');
  expect(passages).toHaveLength(1);
  expect(passages[0]?.text).toContain('opens by itself at 6 bar');
  expect((await search('"opens by itself at 7 bar"')).passages).toEqual([]);
  // The index knows 8.4 and 2,000 only; a number alone is looked for in every text.
  for (const phrase of ['set it at 8', '4 bar', 'shaft seal after 2', '000 hours', '8.4'])
    expect((await search(`"${phrase}"`)).passages, phrase).toHaveLength(1);
  // Function words only: in no index, and yet found.
  expect((await search('"to be or not to be"')).passages[0]?.text).toContain('To be or not to be');
});

test('filters narrow both searches: type, name, collection, date', async () => {
  expect(await namesOf('valve')).toEqual(['notes.txt', 'pump.md']);
  expect(await namesOf('valve type:md')).toEqual(['pump.md']);
  expect(await namesOf('valve in:notes')).toEqual(['notes.txt']);
  expect(await namesOf('valve in:diary')).toEqual(['notes.txt']);
  expect(await namesOf('valve after:2020')).toEqual(['notes.txt', 'pump.md']);
  expect(await namesOf('valve before:2020')).toEqual([]);
  const { passages } = await search('valve type:md', { collectionIds: ['diary'] });
  expect(passages).toEqual([]);
});

test('without the syntax a question may quote what it likes', async () => {
  const { passages } = await search('When does the "relief" of the valve open by itself at 6 bar?', {
    hasSyntax: false,
  });
  expect(passages.length).toBeGreaterThan(0);
});

test('a hit brings what stands around it in its section, exact by its offsets', async () => {
  const query = 'valve "opens by itself at 6 bar"';
  const [plain] = (await search(query)).passages;
  const neighbours = { budgetTokens: 4000, addedTokens: 1000 };
  const [wide] = (await search(query, { neighbours })).passages;
  expect(wide?.found).toEqual({ start: plain?.start, end: plain?.end });
  expect((wide?.end ?? 0) - (wide?.start ?? 0)).toBeGreaterThan((plain?.end ?? 0) - (plain?.start ?? 0));
  expect(wide?.text).not.toContain('shaft seal');
  const from = (wide?.found?.start ?? 0) - (wide?.start ?? 0);
  expect(wide?.text.slice(from, from + (plain?.text.length ?? 0))).toBe(plain?.text);
});
