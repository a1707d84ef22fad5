import { describe, expect, test } from 'vitest';
import type { MachineProfile } from '#core/models/index.ts';
import type { ModelSpec } from '#core/ports/model.ts';
import type { StoredModel } from '#core/ports/model-store.ts';
import { firstOffer } from './first-offer.ts';
import { EVERYTHING, filterEntries, sectionsOf, valuesOf } from './model-entries.ts';
import { imageEmbedderOf } from './model-shelf.ts';
import { licenceWords, tokensWords, transferWords } from './model-words.ts';
import type { Transfer } from './models-state.ts';
import { BGE, CATALOG, SMOL } from './sample-models.test-support.ts';
import { isOnThisMachine, serverAddress, serverModel } from './servers.ts';

const MACHINE: MachineProfile = {
  cores: 8,
  deviceMemoryGiB: 8,
  storage: { quotaBytes: 120e9, usageBytes: 0 },
  isIsolated: true,
  isMobile: false,
  browser: 'chromium',
  platform: 'linux',
  hasOpfs: true,
  hasWasmMemory64: true,
  hasWasmJspi: true,
};
const complete = (modelId: string): StoredModel => ({
  modelId,
  storedBytes: 1,
  isComplete: true,
  addedAt: 1,
});
const shelf = {
  stored: [],
  added: [],
  catalog: CATALOG,
  chosenEmbedderId: undefined,
  chosenImageEmbedderId: undefined,
};
const idsIn = (list: readonly { readonly model: { readonly id: string } }[]) =>
  list.map(({ model }) => model.id);

describe('sections', () => {
  test('every model is in exactly one, whatever is stored', () => {
    const server = serverModel({ baseUrl: 'http://127.0.0.1:8000', remoteModel: 'm', contextTokens: 4096 });
    const stored = [complete(SMOL.id), { ...complete(BGE.id), isComplete: false }, complete('forgotten')];
    for (const some of [shelf, { ...shelf, stored, added: [server] }]) {
      const { recommended, here, others } = sectionsOf(some, MACHINE);
      const ids = [...idsIn(recommended.map(({ entry }) => entry)), ...idsIn(here), ...idsIn(others)];
      expect(new Set(ids).size).toBe(ids.length);
      const expected = [...CATALOG, ...some.added].map(({ id }) => id);
      for (const id of expected) expect(ids).toContain(id);
    }
  });

  test('a recommended model moves when it is complete, not while it comes', () => {
    const best = (stored: readonly StoredModel[]) =>
      sectionsOf({ ...shelf, stored }, MACHINE).recommended.find(({ role }) => role === 'embedder');
    expect(best([])?.entry.model.id).toBe(BGE.id);
    expect(best([{ ...complete(BGE.id), isComplete: false }])?.entry.model.id).toBe(BGE.id);
    expect(best([complete(BGE.id)])).toBeUndefined();
  });

  test('files of a model that is known no more can be deleted, and nothing else', () => {
    const { here } = sectionsOf({ ...shelf, stored: [complete('forgotten')] }, MACHINE);
    expect(here.map(({ model }) => model.label)).toEqual(['forgotten']);
  });
});

test('pictures are read by the chosen model, else by a better one than that of the product, else by that', () => {
  const forPictures = (id: string): ModelSpec => ({ ...BGE, id, task: 'embed-image-text' });
  const catalog = [forPictures('emoji-clip'), forPictures('clip-a'), forPictures('clip-b'), BGE];
  const idOf = (stored: readonly StoredModel[], chosenImageEmbedderId?: string) =>
    imageEmbedderOf({ stored, added: [], catalog, chosenImageEmbedderId })?.id;
  expect(idOf([])).toBe('emoji-clip');
  expect(idOf([complete(BGE.id), { ...complete('clip-a'), isComplete: false }])).toBe('emoji-clip');
  const both = [complete('emoji-clip'), { ...complete('clip-b'), addedAt: 2 }, complete('clip-a')];
  expect(idOf(both)).toBe('clip-a');
  expect(idOf(both, 'clip-b')).toBe('clip-b');
  expect(idOf(both, 'emoji-clip')).toBe('emoji-clip');
  expect(idOf(both, 'gone')).toBe('clip-a');
  expect(
    imageEmbedderOf({ stored: both, added: [], catalog: [], chosenImageEmbedderId: undefined }),
  ).toBeUndefined();
});

describe('search and filters', () => {
  const all = sectionsOf(shelf, MACHINE).others;
  test('all words in any order, and each filter', () => {
    const found = filterEntries(all, { ...EVERYTHING, query: 'q4f16 qwen3' });
    expect(found.length).toBe(5);
    expect(filterEntries(found, { ...EVERYTHING, onlyFitting: true })).toEqual([]);
    expect(filterEntries(all, { ...EVERYTHING, engine: 'webllm', licence: 'llama3.2' })).toHaveLength(15);
    expect(filterEntries(all, { ...EVERYTHING, query: 'no such model' })).toEqual([]);
    const seeing = all.slice(0, 1).map((entry) => ({
      ...entry,
      model: { ...entry.model, seesImages: true as const },
    }));
    expect(filterEntries([...all, ...seeing], { ...EVERYTHING, onlySeeing: true })).toEqual(seeing);
    expect(filterEntries([...all, ...seeing], { ...EVERYTHING, query: 'pictures' })).toEqual(seeing);
  });
  test('values are listed by how many have them', () => {
    expect(valuesOf(all, ({ engine }) => [engine])).toEqual(['webllm', 'wllama']);
  });
});

describe('the first offer', () => {
  const state = {
    machine: MACHINE,
    catalog: CATALOG,
    stored: [],
    mirrored: [],
    isOnline: true,
    transfers: [],
  };
  test('online: the recommended model, the starter as the small one', () => {
    const { main, small, embedder } = firstOffer(state);
    expect(main?.model.id).not.toBe(SMOL.id);
    expect(small?.model.id).toBe(SMOL.id);
    expect(embedder?.model.id).toBe(BGE.id);
  });
  test('a hub out of reach and a starter on this server: the starter', () => {
    const failed: Transfer = {
      jobId: 'j',
      kind: 'model-download',
      label: 'x',
      state: 'failed',
      loadsAfter: true,
      rate: {},
      error: { code: 'network/failed', message: '' },
    };
    for (const out of [{ isOnline: false }, { transfers: [failed] }]) {
      const { main, small } = firstOffer({ ...state, ...out, mirrored: [SMOL.id] });
      expect(main?.model.id).toBe(SMOL.id);
      expect(small).toBeUndefined();
    }
    expect(firstOffer({ ...state, isOnline: false }).main?.model.id).not.toBe(SMOL.id);
  });
});

describe('servers', () => {
  test('addresses are completed or refused', () => {
    expect(serverAddress(' localhost:11434/v1/ ')).toBe('http://localhost:11434/v1');
    expect(serverAddress('https://models.example.org')).toBe('https://models.example.org');
    for (const wrong of ['', 'ftp://x', 'http://', 'https://user:key@example.org'])
      expect(() => serverAddress(wrong)).toThrow();
  });
  test('the same model of a server has one id, fit for the catalog’s schema', () => {
    const one = { baseUrl: 'http://127.0.0.1:8000/v1', remoteModel: 'org/Model:Q4', contextTokens: 4096 };
    expect(serverModel(one).id).toBe(serverModel({ ...one, apiKey: 'k' }).id);
    expect(serverModel(one).id).toMatch(/^[\w.-]+$/);
  });
  test('only loopback stays on this machine', () => {
    expect(['http://127.0.0.1:1', 'http://localhost', 'http://[::1]:2'].every(isOnThisMachine)).toBe(true);
    expect(['http://127.evil.example', 'https://localhost.example'].some(isOnThisMachine)).toBe(false);
  });
});

describe('words', () => {
  test('transfers say bytes, speed and time, and only what is known', () => {
    const transfer: Transfer = {
      jobId: 'j',
      kind: 'model-download',
      label: 'x',
      state: 'running',
      loadsAfter: false,
      progress: { phase: 'download', done: 34e6, total: 98e6, unit: 'bytes', label: 'x' },
      rate: { bytesPerSecond: 2.3e6, remainingMs: 28_000 },
    };
    expect(transferWords(transfer)).toBe('34 MB of 98 MB · 2.3 MB/s · 28 s left');
    expect(transferWords({ ...transfer, rate: {} })).toBe('34 MB of 98 MB');
    expect(transferWords({ ...transfer, state: 'paused' })).toBe('Paused at 34 MB of 98 MB');
  });
  test('licences and contexts as they are spoken of', () => {
    expect(['apache-2.0', 'mit', 'llama3.2', 'lfm1.0', 'unknown'].map(licenceWords)).toEqual([
      'Apache 2.0',
      'MIT',
      'Llama 3.2',
      'LFM 1.0',
      'Licence not stated',
    ]);
    expect([512, 8192, 131_072, 40_000].map(tokensWords)).toEqual(['512', '8k', '128k', '40,000']);
  });
});
