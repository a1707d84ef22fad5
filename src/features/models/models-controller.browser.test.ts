import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SMALL_PROJECTOR, writeGguf } from '#core/ports/gguf-writer.test-support.ts';
import type { ModelSpec } from '#core/ports/model.ts';
import { until } from '#shared/until.test-support.ts';
import { makeModels, removeAllFiles, type TestModels, tinyGguf } from './models.test-support.tsx';
import { BGE, CATALOG, SMOL } from './sample-models.test-support.ts';
import { serverModel } from './servers.ts';

let models: TestModels;
const state = () => models.controller.store.getState();
const stored = (id: string) => state().stored.find(({ modelId }) => modelId === id);
const isHere = (id: string) => until(() => stored(id)?.isComplete === true);

beforeEach(async () => {
  await removeAllFiles();
  models = await makeModels({ catalog: CATALOG });
});
afterEach(() => models.close());

describe('downloads', () => {
  test('a model arrives whole and checked, its engine is kept offline, and it is loaded when that was wanted', async () => {
    await models.controller.download(SMOL, { loadsAfter: true });
    const { progress } = await until(() => state().transfers.find((transfer) => transfer.progress?.done));
    expect(progress).toMatchObject({ unit: 'bytes', total: 98_362_432 });
    await isHere(SMOL.id);
    expect(stored(SMOL.id)).toMatchObject({ storedBytes: expect.any(Number), totalBytes: 98_362_432 });
    await until(() => state().engine.status === 'ready');
    expect(models.kept).toEqual(['wllama']);
    expect(await models.controller.storedChatModels()).toEqual([SMOL]);
    await until(() => state().transfers.length === 0);
  });

  test('pause keeps what came; after a reload it is still there, goes on, and a stop deletes it', async () => {
    await models.controller.download(SMOL);
    const { jobId } = await until(() => state().transfers.find((transfer) => transfer.progress?.done));
    await models.controller.pause(jobId);
    await until(() => state().transfers[0]?.state === 'paused');
    const part = (await models.store.list(null)).find(({ modelId }) => modelId === SMOL.id);
    expect(part).toMatchObject({ isComplete: false });

    await models.close();
    models = await makeModels({ catalog: CATALOG, name: models.database });
    await models.jobs.resumeInterrupted();
    const again = await until(() => state().transfers[0]);
    expect(again).toMatchObject({ jobId, modelId: SMOL.id, label: SMOL.label, state: 'paused' });

    await models.controller.stop(again);
    await until(() => state().transfers.length === 0);
    expect(await models.store.list(null)).toEqual([]);
  });

  test('a source that has nothing fails at its card; dismissed, it can be asked for again', async () => {
    const gone: ModelSpec = { ...SMOL, id: 'not-there', sources: [{ kind: 'import' }] };
    await models.controller.download(gone);
    const failed = await until(() => state().transfers.find((transfer) => transfer.state === 'failed'));
    expect(failed.error?.code).toMatch(/^(?:model\/not-found|network\/)/);
    await models.controller.download(gone);
    expect(await models.jobs.ended(failed.jobId)).toMatchObject({ state: 'failed' });
    expect(await models.repositories.jobs.list()).toHaveLength(1);
    await models.controller.dismiss(failed);
    await until(() => state().transfers.length === 0);
  });

  test('what cannot even be begun is said', async () => {
    models.repositories.close();
    await models.controller.download(BGE);
    expect(models.notes).toHaveLength(1);
    expect(state().transfers).toEqual([]);
  });

  test('what the network cut off goes on by itself when it is back', async () => {
    await models.repositories.jobs.save({
      id: 'cut-off',
      kind: 'model-download',
      label: `Downloading ${BGE.label}`,
      input: { model: BGE, loadsAfter: false },
      state: 'failed',
      error: { code: 'network/offline', message: 'There is no network.' },
      createdAt: 1,
      updatedAt: 1,
    });
    await models.jobs.resumeInterrupted();
    await until(() => state().transfers[0]?.state === 'failed');
    window.dispatchEvent(new Event('online'));
    await isHere(BGE.id);
  });

  test('hashes that only the hub states are pinned; a hub that changes them is refused until the user takes it', async () => {
    const open: ModelSpec = { ...BGE, files: BGE.files.map(({ path }) => ({ path })) };
    let stated = BGE.files;
    await models.close();
    models = await makeModels({ catalog: [open], hub: async () => stated });
    await models.controller.download(open);
    await isHere(open.id);
    await until(() => state().transfers.length === 0); // it is here before its job is over
    expect((await models.repositories.models.get(open.id))?.files).toEqual(BGE.files);
    expect([state().added, models.controller.embedder()]).toEqual([[], open]);
    await models.controller.remove(open.id);
    await until(() => stored(open.id) === undefined);

    stated = BGE.files.map((file) => ({ ...file, sha256: 'c'.repeat(64) }));
    await models.controller.download(open);
    const failed = await until(() => state().transfers.find((transfer) => transfer.state === 'failed'));
    expect(failed.error).toMatchObject({
      code: 'model/integrity',
      message: expect.stringContaining('has changed at the model hub'),
    });
    expect(await models.store.list(null)).toEqual([]);
    expect((await models.repositories.models.get(open.id))?.files).toEqual(BGE.files);
    stated = BGE.files;
    await models.controller.takeNewFiles(failed);
    await isHere(open.id);
  });

  test('the first embedder serves documents at once; another can be chosen, in every tab', async () => {
    expect(models.controller.embedder()).toBeUndefined();
    await models.controller.download(BGE);
    await isHere(BGE.id);
    await until(() => models.controller.embedder() !== undefined);
    expect(models.controller.embedder()).toEqual(BGE);
    const other = await makeModels({ catalog: CATALOG, name: models.database });
    await until(() => other.controller.embedder() !== undefined);
    expect(other.controller.embedder()).toEqual(BGE);
    await models.controller.setEmbedder(BGE.id);
    await until(() => other.controller.store.getState().chosenEmbedderId === BGE.id);
    await models.controller.setEmbedder(undefined);
    await until(() => other.controller.store.getState().chosenEmbedderId === undefined);
    expect(other.controller.embedder()).toEqual(BGE);
    await models.controller.remove(BGE.id);
    await until(() => other.controller.embedder() === undefined);
    expect(models.notes.at(-1)).toMatch(/^Deleted BGE small \(English\): 35 MB are free again\.$/);
    await other.close();
  });

  test('the starter pack on this server is found without asking anybody else', async () => {
    const asked: string[] = [];
    const fetch = globalThis.fetch;
    globalThis.fetch = (input, init) => {
      asked.push(new URL(String(input), location.href).origin);
      return fetch(input, init);
    };
    try {
      await models.controller.probeMirror();
    } finally {
      globalThis.fetch = fetch;
    }
    expect(state().mirrored).toEqual([SMOL.id, BGE.id]);
    expect(new Set(asked)).not.toContain('https://huggingface.co');
  });
});

describe('imports', () => {
  test('a GGUF becomes a model that loads, and is forgotten when it is deleted', async () => {
    await models.controller.importFiles([tinyGguf('tiny.gguf')], { loadsAfter: true });
    const [model] = await until(() => (state().added.length > 0 ? state().added : undefined));
    expect(model).toMatchObject({ label: 'Tiny', isImported: true, engine: 'wllama', contextTokens: 2048 });
    await until(() => state().engine.status === 'ready');
    await models.controller.remove(model?.id ?? '');
    expect(state().added).toEqual([]);
    expect(state().engine.status).toBe('none');
    expect(await models.store.list(null)).toEqual([]);
  });

  test('a model and its projector, chosen together, become one that sees; a projector alone says what to do', async () => {
    const projector = new File([writeGguf(SMALL_PROJECTOR)], 'mmproj-tiny.gguf');
    await models.controller.importFiles([projector]);
    const failed = await until(() => state().transfers.find((transfer) => transfer.state === 'failed'));
    expect(failed.error).toMatchObject({
      code: 'input/invalid',
      message: expect.stringContaining('together with the GGUF file of its model'),
    });
    await models.controller.dismiss(failed);
    await models.controller.importFiles([projector, tinyGguf('tiny.gguf')]);
    const [model] = await until(() => (state().added.length > 0 ? state().added : undefined));
    expect(model).toMatchObject({ label: 'Tiny', seesImages: true });
    expect(model?.files.map(({ path }) => path)).toEqual(['tiny.gguf', 'mmproj-tiny.gguf']);
    expect(state().stored).toMatchObject([{ modelId: model?.id, isComplete: true }]);
  });

  test('what is not a GGUF is refused with its reason, and nothing of it stays', async () => {
    await models.controller.importFiles([new File(['not a model'], 'notes.gguf')]);
    const failed = await until(() => state().transfers.find((transfer) => transfer.state === 'failed'));
    expect(failed).toMatchObject({
      kind: 'model-import',
      label: 'notes.gguf',
      error: { code: 'input/invalid' },
    });
    expect(await models.store.list(null)).toEqual([]);
  });

  test('a file cannot outlive its page: the import says so after a reload', async () => {
    await models.repositories.jobs.save({
      id: 'left-over',
      kind: 'model-import',
      label: 'Importing big.gguf',
      input: { fileKey: 'gone', fileName: 'big.gguf', loadsAfter: false },
      state: 'running',
      createdAt: 1,
      updatedAt: 1,
    });
    await models.jobs.resumeInterrupted();
    const failed = await until(() => state().transfers.find((transfer) => transfer.state === 'failed'));
    expect(failed.error).toMatchObject({ code: 'job/interrupted' });
    expect(failed.error?.message).toContain('big.gguf');
  });

  test('a page that is closed when the file is copied in asks for it no second time', async () => {
    await models.controller.importFiles([tinyGguf('tiny.gguf')]);
    const [model] = await until(() => (state().added.length > 0 ? state().added : undefined));
    await until(() => state().transfers.length === 0);
    const [done] = await models.repositories.jobs.list();
    if (done === undefined) throw new Error('The import left no job.');
    await models.repositories.jobs.save({ ...done, state: 'running', input: { fileKey: 'gone' } });
    await models.jobs.resumeInterrupted();
    await until(() => models.jobs.jobs().find(({ id, state: now }) => id === done.id && now === 'done'));
    expect(state().added.map(({ id }) => id)).toEqual([model?.id]);
    await until(() => state().transfers.length === 0);
  });
});

describe('loading', () => {
  beforeEach(async () => {
    await models.controller.importFiles([tinyGguf('tiny.gguf')]);
    await until(() => state().added.length === 1 && state().transfers.length === 0);
  });
  const id = () => state().added[0]?.id ?? '';

  test('loads with a chosen context, unloads, and can be cancelled on the way', async () => {
    await models.controller.load(id(), { contextTokens: 1024, device: 'cpu' });
    expect(state().engine).toMatchObject({ status: 'ready', loaded: { contextTokens: 1024 } });
    await models.controller.unload();
    expect(state().engine.status).toBe('none');
    models.gate.wait = new Promise(() => {});
    const loading = models.controller.load(id());
    await until(() => state().engine.status === 'loading');
    await models.controller.cancelLoad();
    await loading;
    expect(state().engine.status).toBe('none');
    expect(state().loadError).toBeUndefined();
  });

  test('out of memory: asks, and only a yes steps down', async () => {
    models.memory.bytes = 1_100_000;
    const refused = models.controller.load(id());
    const proposal = await until(() => state().stepDown);
    expect(proposal).toMatchObject({ kind: 'smaller-context', next: { contextTokens: 1024 } });
    models.controller.answerStepDown(false);
    await refused;
    expect(state().loadError).toMatchObject({ modelId: id(), error: { code: 'model/out-of-memory' } });
    expect(state().engine.status).toBe('failed');

    const accepted = models.controller.load(id());
    await until(() => state().stepDown);
    models.controller.answerStepDown(true);
    await accepted;
    expect(state().engine).toMatchObject({ status: 'ready', loaded: { contextTokens: 1024 } });
    expect(state().loadError).toBeUndefined();
    expect(state().stepDown).toBeUndefined();
  });

  test('a question that is moot goes away', async () => {
    models.memory.bytes = 1_100_000;
    const loading = models.controller.load(id());
    await until(() => state().stepDown);
    await models.controller.cancelLoad();
    await loading;
    expect(state().stepDown).toBeUndefined();
    expect(state().engine.status).toBe('none');
  });

  test('a model that nobody knows fails where it was asked for', async () => {
    await models.controller.load('no-such-model');
    expect(state().loadError).toMatchObject({ modelId: 'no-such-model', error: { code: 'model/not-found' } });
  });
});

describe('servers', () => {
  test('is asked for its models, is added and loaded, and goes with its key', async () => {
    const { signal } = new AbortController();
    const offered = await models.controller.testServer('127.0.0.1:8000/v1/', '', signal);
    expect(offered.map(({ id }) => id)).toEqual(['big-model', 'other-model']);
    await expect(models.controller.testServer('ftp://x', '', signal)).rejects.toMatchObject({
      code: 'input/invalid',
    });
    await expect(models.controller.testServer('http://example.org', '', signal)).rejects.toMatchObject({
      code: 'network/failed',
    });
    const model = await models.controller.addServer({
      baseUrl: '127.0.0.1:8000/v1/',
      apiKey: 'secret',
      remoteModel: 'big-model',
      contextTokens: 32_768,
    });
    expect(model).toMatchObject({ baseUrl: 'http://127.0.0.1:8000/v1', apiKey: 'secret', engine: 'openai' });
    expect(await models.controller.findModel(model.id)).toEqual(model);
    await models.controller.load(model.id);
    expect(state().engine).toMatchObject({ status: 'ready', loaded: { runsOn: 'remote' } });
    await models.controller.remove(model.id);
    expect(await models.repositories.models.list()).toEqual([]);
    expect(state().engine.status).toBe('none');
  });

  test('that is added again is loaded as it is then: what it was said to see counts at once', async () => {
    const choice = { baseUrl: 'http://127.0.0.1:8000/v1', remoteModel: 'big-model', contextTokens: 32_768 };
    const { id } = await models.controller.addServer(choice);
    const sees = () => {
      const { engine } = state();
      return engine.status === 'ready' ? (engine.loaded.seesImages ?? false) : engine.status;
    };
    await models.controller.load(id);
    expect(sees()).toBe(false);
    await models.controller.addServer({ ...choice, seesImages: true });
    await models.controller.load(id);
    expect(sees()).toBe(true);
    // As the projector of an imported model comes: its record changes beside the engine.
    await models.repositories.models.save(serverModel(choice));
    await models.controller.load(id);
    expect(sees()).toBe(false);
    await models.controller.remove(id);
  });
});
