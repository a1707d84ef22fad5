import { beforeEach, describe, expect, test } from 'vitest';
import type { Progress } from '#shared/call.ts';
import type { ModelSpec } from './model.ts';
import type { ModelServer, ServedFile } from './model-server.test-support.ts';
import type { ModelStore } from './model-store.ts';
import { describeImports } from './model-store-imports.conformance.ts';

/** A store whose requests go to a server in memory, and whose disk can be made full. */
export interface ModelStoreSubject {
  readonly store: ModelStore;
  /** The same disk, as another tab sees it. */
  readonly otherTab: ModelStore;
  readonly server: ModelServer;
  mirrorUrl(modelId: string, path: string): string;
  hubUrl(repo: string, path: string): string;
  /** Where the hub lists a repository's files. */
  treeUrl(repo: string): string;
  /** So many bytes can be written from now on; undefined: as many as there are. `isKnown`: the browser says so before. */
  limitDisk(input: { readonly bytes: number | undefined; readonly isKnown: boolean }): Promise<void>;
}

const SIZE = 200_000;

function bytesOf(seed: number, size = SIZE): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size);
  let state = seed;
  for (let i = 0; i < size; i++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    bytes[i] = state >>> 16;
  }
  return bytes;
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

const WEIGHTS = bytesOf(1);
const TOKENIZER = bytesOf(2, 3000);
const REPO = 'maker/small';

async function specOf(id: string): Promise<ModelSpec> {
  return {
    id,
    task: 'embed-text',
    engine: 'transformers',
    label: 'Small',
    licence: 'mit',
    contextTokens: 512,
    languages: ['en'],
    needs: { gpu: 'none', shaderF16: false, memoryBytes: 1 },
    files: [
      { path: 'onnx/model.onnx', sizeBytes: SIZE, sha256: await sha256(WEIGHTS) },
      { path: 'tokenizer.json', sizeBytes: TOKENIZER.length, sha256: await sha256(TOKENIZER) },
    ],
    sources: [{ kind: 'hub', repo: REPO, revision: 'main' }],
    quantization: 'q8',
    summary: 'A test.',
  };
}

async function contentOf(store: ModelStore, modelId: string, path: string): Promise<Uint8Array> {
  return new Uint8Array(await (await store.openFile({ modelId, path })).arrayBuffer());
}

/** Every adapter of the port runs this. */
export function describeModelStore(name: string, create: () => Promise<ModelStoreSubject>): void {
  describe(`${name} as a model store`, () => {
    let subject: ModelStoreSubject;
    let store: ModelStore;
    let model: ModelSpec;

    /** The model on the mirror, with `weights` changed. */
    const serve = (weights: Partial<ServedFile> = {}): Promise<void> =>
      subject.server.serve({
        files: {
          [subject.mirrorUrl(model.id, 'onnx/model.onnx')]: { bytes: WEIGHTS, etag: '"1"', ...weights },
          [subject.mirrorUrl(model.id, 'tokenizer.json')]: { bytes: TOKENIZER, etag: '"t"' },
        },
      });
    const weightRanges = async (): Promise<readonly (string | undefined)[]> =>
      (await subject.server.requests(null))
        .filter(({ url }) => url.endsWith('model.onnx'))
        .map(({ range }) => range);
    const stored = async (): Promise<{ storedBytes: number; isComplete: boolean } | undefined> =>
      (await store.list(null)).find(({ modelId }) => modelId === model.id);

    async function expectWhole(): Promise<void> {
      expect(await stored()).toMatchObject({ isComplete: true, totalBytes: SIZE + TOKENIZER.length });
      expect(await contentOf(store, model.id, 'onnx/model.onnx')).toEqual(WEIGHTS);
      expect(await contentOf(store, model.id, 'tokenizer.json')).toEqual(TOKENIZER);
    }

    /** Downloads until a part is on disk, then aborts. */
    async function stopHalfway(): Promise<void> {
      await serve({ stallsAfter: 100_000 });
      const abort = new AbortController();
      const work = store.download(
        { model },
        {
          signal: abort.signal,
          onProgress: ({ done }) => {
            if (done >= 100_000) abort.abort();
          },
        },
      );
      await expect(work).rejects.toMatchObject({ code: 'abort/by-user' });
    }

    beforeEach(async () => {
      subject ??= await create();
      store = subject.store;
      await subject.limitDisk({ bytes: undefined, isKnown: false });
      for (const { modelId } of await store.list(null)) await store.remove({ modelId });
      model = await specOf(`small-${crypto.randomUUID().slice(0, 8)}`);
      await serve();
    });

    test('a download is whole, listed, readable, and never asked for again', async () => {
      const events: Progress[] = [];
      await store.download({ model }, { onProgress: (event) => events.push(event) });
      await expectWhole();
      const done = events.map((event) => event.done);
      expect(done).toEqual(done.toSorted((a, b) => a - b));
      expect(events.at(-1)).toMatchObject({
        phase: 'download',
        unit: 'bytes',
        done: SIZE + TOKENIZER.length,
        total: SIZE + TOKENIZER.length,
      });
      const asked = await subject.server.requests(null);
      await store.download({ model });
      expect(await subject.server.requests(null)).toEqual(asked);
    });

    test('sizes and hashes that a record leaves open are those that the hub states; known ones ask nobody', async () => {
      expect(await store.filesOf({ model })).toEqual(model.files);
      expect(await subject.server.requests(null)).toEqual([]);
      const open = { ...model, files: [{ path: 'onnx/model.onnx' }] };
      const hash = 'c'.repeat(64);
      const tree = [{ type: 'file', path: 'onnx/model.onnx', size: SIZE, lfs: { oid: hash } }];
      const bytes = new TextEncoder().encode(JSON.stringify(tree));
      await subject.server.serve({ files: { [subject.treeUrl(REPO)]: { bytes } } });
      const file = { path: 'onnx/model.onnx', sizeBytes: SIZE, sha256: hash };
      expect(await store.filesOf({ model: open })).toEqual([file]);
      expect(await store.filesOf({ model: { ...open, files: [] } })).toEqual([file]);
      expect(await store.list(null)).toEqual([]);
    });

    test('a line that breaks in the middle is taken up where it broke', async () => {
      await serve({ breaks: [60_000, 50_000] });
      await store.download({ model });
      expect(await weightRanges()).toEqual([undefined, 'bytes=60000-', 'bytes=110000-']);
      await expectWhole();
    });

    test('an abort keeps the part, and the next download asks only for the rest', async () => {
      await stopHalfway();
      expect(await stored()).toMatchObject({ isComplete: false });
      expect((await stored())?.storedBytes).toBeGreaterThanOrEqual(100_000);
      await expect(store.openFile({ modelId: model.id, path: 'onnx/model.onnx' })).rejects.toMatchObject({
        code: 'model/not-found',
      });
      await serve();
      await store.download({ model });
      expect(await weightRanges()).toEqual(['bytes=100000-']);
      await expectWhole();
    });

    test('a file that changed on the server is fetched from the start', async () => {
      await serve({ bytes: bytesOf(9), etag: '"old"', stallsAfter: 100_000 });
      const abort = new AbortController();
      const onProgress = ({ done }: Progress): void => {
        if (done >= 100_000) abort.abort();
      };
      await expect(store.download({ model }, { signal: abort.signal, onProgress })).rejects.toMatchObject({
        code: 'abort/by-user',
      });
      await serve({ etag: '"new"' });
      await store.download({ model });
      await expectWhole();
    });

    test('a server without ranges sends the whole again', async () => {
      await stopHalfway();
      await serve({ ranges: false });
      await store.download({ model });
      await expectWhole();
    });

    test('a wrong hash is refused, its bytes are deleted, and the right file can come after', async () => {
      await serve({ bytes: bytesOf(3) });
      await expect(store.download({ model })).rejects.toMatchObject({ code: 'model/integrity' });
      expect((await stored())?.storedBytes).toBeLessThan(SIZE);
      expect(await stored()).toMatchObject({ isComplete: false });
      await serve();
      await store.download({ model });
      await expectWhole();
    });

    test('what the mirror does not have comes from the hub', async () => {
      await subject.server.serve({
        files: {
          [subject.hubUrl(REPO, 'onnx/model.onnx')]: { bytes: WEIGHTS },
          [subject.mirrorUrl(model.id, 'tokenizer.json')]: { bytes: TOKENIZER },
        },
      });
      await store.download({ model });
      await expectWhole();
    });

    test('no source has it: that is said, and what is here stays', async () => {
      await subject.server.serve({
        files: { [subject.mirrorUrl(model.id, 'onnx/model.onnx')]: { bytes: WEIGHTS } },
      });
      await expect(store.download({ model })).rejects.toMatchObject({ code: 'network/failed' });
      await serve();
      await store.download({ model });
      expect(await weightRanges()).toEqual([]);
      await expectWhole();
    });

    test('a line that stays broken is given up with its part kept', async () => {
      await serve({ breaks: Array<number>(50).fill(1000) });
      await expect(store.download({ model })).rejects.toMatchObject({ code: 'network/failed' });
      const part = (await stored())?.storedBytes ?? 0;
      expect(part).toBeGreaterThanOrEqual(1000);
      await serve();
      await store.download({ model });
      expect((await weightRanges())[0]).toMatch(/^bytes=[1-9]\d*-$/);
      await expectWhole();
    });

    test('a full disk is said, the part stays, and the download goes on when there is room', async () => {
      await subject.limitDisk({ bytes: 90_000, isKnown: false });
      await expect(store.download({ model })).rejects.toMatchObject({ code: 'storage/quota-exceeded' });
      expect((await stored())?.storedBytes).toBeGreaterThan(0);
      await subject.limitDisk({ bytes: undefined, isKnown: false });
      await serve();
      await store.download({ model });
      expect((await weightRanges())[0]).toMatch(/^bytes=[1-9]\d*-$/);
      await expectWhole();
    });

    test('too little room is said before anything is fetched', async () => {
      await subject.limitDisk({ bytes: 1000, isKnown: true });
      await expect(store.download({ model })).rejects.toMatchObject({
        code: 'storage/quota-exceeded',
        details: { neededBytes: SIZE + TOKENIZER.length },
      });
      expect(await subject.server.requests(null)).toEqual([]);
    });

    test('two tabs that download one model fetch it once', async () => {
      const both = await Promise.all([store.download({ model }), subject.otherTab.download({ model })]);
      expect(both.map(({ isComplete }) => isComplete)).toEqual([true, true]);
      expect(await subject.server.requests(null)).toHaveLength(model.files.length);
      await expectWhole();
    });

    test('who waits for another tab’s download can give up', async () => {
      await serve({ stallsAfter: 50_000 });
      const first = new AbortController();
      const second = new AbortController();
      const downloading = store.download(
        { model },
        { signal: first.signal, onProgress: ({ done }) => done >= 50_000 && second.abort() },
      );
      const waiting = subject.otherTab.download({ model }, { signal: second.signal });
      await expect(waiting).rejects.toMatchObject({ code: 'abort/by-user' });
      first.abort();
      await expect(downloading).rejects.toMatchObject({ code: 'abort/by-user' });
    });

    test('a model is removed while its file is open, and no other model with it', async () => {
      const other = { ...model, id: `${model.id}-other` };
      await store.download({ model });
      await subject.server.serve({
        files: {
          [subject.mirrorUrl(other.id, 'onnx/model.onnx')]: { bytes: WEIGHTS },
          [subject.mirrorUrl(other.id, 'tokenizer.json')]: { bytes: TOKENIZER },
        },
      });
      await store.download({ model: other });
      const open = await store.openFile({ modelId: model.id, path: 'onnx/model.onnx' });
      expect(open.size).toBe(SIZE);
      await store.remove({ modelId: model.id });
      expect(await stored()).toBeUndefined();
      await expect(store.openFile({ modelId: model.id, path: 'onnx/model.onnx' })).rejects.toMatchObject({
        code: 'model/not-found',
      });
      expect(await contentOf(store, other.id, 'onnx/model.onnx')).toEqual(WEIGHTS);
      await serve();
      await store.download({ model });
      await expectWhole();
    });

    test('removing what is not there is no error', async () => {
      await store.remove({ modelId: 'never-was' });
    });

    describeImports(() => subject);
  });
}
