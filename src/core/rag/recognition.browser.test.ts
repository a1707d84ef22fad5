import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sha256Of } from '#adapters/hash-stream/index.ts';
import { createExactIndex } from '#adapters/index-scan/index.ts';
import { createMiniSearchIndex } from '#adapters/lexical-minisearch/index.ts';
import { createTesseractRecognizer } from '#adapters/ocr-tesseract/index.ts';
import { pdfOf, type ScanLine, scannedPage } from '#adapters/parsers/drawn-scan.test-support.ts';
import { createOcrParsers, createParsers, createUnpackers } from '#adapters/parsers/index.ts';
import { openRepositories } from '#adapters/storage-idb/index.ts';
import { createWebLocks } from '#adapters/web-locks/index.ts';
import { drawText } from '#core/ports/drawn-text.test-support.ts';
import type { IngestInput } from '#core/ports/library.ts';
import type { TextRecognizer } from '#core/ports/text-recognizer.ts';
import { createId } from '#shared/ids.ts';
import { writeZip } from '../../../scripts/office-writer.mjs';
import { textAt } from '../../../scripts/pdf-writer.mjs';
import { createLibrary } from './create-library.ts';
import { createHashedEmbedder, HASHED, hashedTokenizer } from './hashed-embedder.test-support.ts';
import { createOverlapReranker } from './overlap-reranker.test-support.ts';
import { readPace } from './recognition.ts';

const engine = createTesseractRecognizer();
const LAMP: readonly ScanLine[] = [
  { text: 'The lamp was lit at six, and nobody came.', x: 72, y: 150, size: 13 },
];
const BELL: readonly ScanLine[] = [
  { text: 'The brass bell cracked on the second day.', x: 72, y: 150, size: 13 },
];
const ENGLISH = { language: 'eng' };

async function png(name: string, words: string): Promise<File> {
  const { canvas } = drawText(900, 200, words === '' ? [] : [{ text: words, x: 60, y: 100, size: 32 }]);
  return new File([await canvas.convertToBlob({ type: 'image/png' })], name, { type: 'image/png' });
}

describe('text in pictures', () => {
  let repositories: Awaited<ReturnType<typeof openRepositories>>;
  let name = '';
  /** Pages that the engine was asked for. */
  let asked = 0;
  beforeEach(async () => {
    asked = 0;
    name = `recognition-test-${createId()}`;
    repositories = await openRepositories({ name });
  });
  afterEach(() => {
    repositories.close();
    indexedDB.deleteDatabase(name);
  });

  function open(onPage: (count: number) => void = () => {}) {
    const recognizer: TextRecognizer = {
      load: engine.load,
      recognize(input, options) {
        asked++;
        onPage(asked);
        return engine.recognize(input, options);
      },
    };
    return createLibrary({
      repositories,
      parsers: createParsers(),
      unpackers: createUnpackers(),
      ocrParsers: (input) => createOcrParsers({ recognizer, ...input }),
      embedder: createHashedEmbedder(),
      reranker: createOverlapReranker(),
      loadTokenizer: async () => hashedTokenizer,
      placement: async () => ({ device: 'cpu', threads: 1 }),
      createVectorIndex: createExactIndex,
      createLexicalIndex: createMiniSearchIndex,
      locks: createWebLocks(createId()),
      sha256: sha256Of,
      now: Date.now,
    });
  }

  async function job(documentIds: readonly string[]): Promise<{ readonly jobId: string }> {
    const input: IngestInput = { documentIds, embedder: HASHED };
    const jobId = createId();
    const at = { createdAt: 1, updatedAt: 1 };
    await repositories.jobs.save({
      id: jobId,
      kind: 'ingest',
      label: 'Indexing',
      input,
      state: 'running',
      ...at,
    });
    return { jobId };
  }

  const agree = (id: string): Promise<void> =>
    repositories.library.commit({
      updates: [{ id, change: (stored) => ({ ...stored, recognition: ENGLISH }) }],
    });
  const found = async (library: ReturnType<typeof open>, query: string) =>
    (await library.search({ query, collectionIds: [], limit: 3, mode: 'lexical' })).passages;

  /** The words are in a chunk, and their boxes are on that page. */
  async function expectOnPage(page: number, id: string, words: string): Promise<void> {
    const chunks = await repositories.library.chunks(id);
    const chunk = chunks.find(({ text }) => text.includes(words));
    const start = (chunk?.start ?? 0) + (chunk?.text.indexOf(words) ?? -1);
    const boxes = chunk?.boxes.filter((box) => box.end > start && box.start < start + words.length) ?? [];
    expect(boxes.length).toBeGreaterThan(0);
    expect(boxes.map((box) => box.page)).toEqual(boxes.map(() => page));
  }

  test('a picture is refused with the way out, and taken once the user agreed', async () => {
    const library = open();
    const files = [await png('lamp.png', 'The lamp was lit at six.'), new File(['x'.repeat(99)], 'x.bin')];
    const refused = await library.addFiles({ files, collectionId: 'c' });
    expect(refused.documentIds).toEqual([]);
    expect(refused.rejected[0]).toMatchObject({ name: 'lamp.png', isPicture: true, fileIndex: 0 });
    expect(refused.rejected[0]?.message).toMatch(/OCR/);
    expect(asked).toBe(0);

    const added = await library.addFiles({ files, collectionId: 'c', recognition: ENGLISH });
    expect(added.rejected.map((file) => file.name)).not.toContain('lamp.png');
    const [id = ''] = added.documentIds;
    expect((await repositories.library.document(id))?.recognition).toEqual(ENGLISH);
    expect(await library.ingest(await job([id]))).toEqual({ ready: 1, failed: 0 });
    const [passage] = await found(library, 'lamp lit six');
    expect(passage).toMatchObject({ documentId: id, page: 1 });
    const [chunk] = await repositories.library.chunks(id);
    expect(chunk?.boxes.map(({ start, end }) => chunk.text.slice(start, end))).toEqual(
      'The lamp was lit at six.'.split(' '),
    );
  });

  test('a picture in an archive names the archive that would have to be taken again', async () => {
    const inner = await png('shed/lamp.png', 'The lamp was lit at six.');
    const bytes = new Uint8Array(await inner.arrayBuffer());
    const zip = new File(
      [writeZip({ 'shed/lamp.png': bytes, 'shed/note.md': '# Note\n\nA shed.' })],
      'shed.zip',
    );
    const library = open();
    const refused = await library.addFiles({ files: [zip], collectionId: 'c' });
    expect(refused.documentIds).toHaveLength(1);
    expect(refused.rejected).toMatchObject([
      { name: 'shed.zip/shed/lamp.png', isPicture: true, fileIndex: 0 },
    ]);
    const again = await library.addFiles({ files: [zip], collectionId: 'c', recognition: ENGLISH });
    expect(again.rejected).toEqual([]);
    expect(again.documentIds).toHaveLength(1);
    expect(again.alreadyThere).toHaveLength(1);
  });

  test('a scanned PDF says that it could be read, is read after the agreement, and the pages tell how surely', async () => {
    const library = open();
    const file = pdfOf([await scannedPage(LAMP), await scannedPage(BELL)]);
    const { documentIds } = await library.addFiles({ files: [file], collectionId: 'c' });
    const [id = ''] = documentIds;
    expect(await library.ingest(await job([id]))).toEqual({ ready: 0, failed: 1 });
    const failed = await repositories.library.document(id);
    expect(failed?.error?.details).toMatchObject({ canRecognize: true, pageCount: 2 });
    expect(asked).toBe(0);

    await agree(id);
    expect(await library.ingest(await job([id]))).toEqual({ ready: 1, failed: 0 });
    expect(asked).toBe(2);
    const ready = await repositories.library.document(id);
    expect(ready?.error).toBeUndefined();
    for (const page of ready?.pages ?? []) expect(page.confidence).toBeGreaterThan(0.7);
    await expectOnPage(2, id, 'The brass bell cracked');
    expect(await readPace(repositories.settings)).toBeGreaterThan(0);
  });

  test('a PDF that was scanned in part answers, and goes on answering while its scans are read', async () => {
    const library = open();
    const typed = textAt(72, 100, 12, 'The mill was built of oak in the year of the flood.');
    const file = pdfOf([{ content: typed }, await scannedPage(BELL)]);
    const { documentIds } = await library.addFiles({ files: [file], collectionId: 'c' });
    const [id = ''] = documentIds;
    await library.ingest(await job([id]));
    expect((await found(library, 'mill of oak'))[0]?.documentId).toBe(id);
    expect(await found(library, 'brass bell')).toEqual([]);

    await agree(id);
    expect((await repositories.library.document(id))?.status).toBe('ready');
    expect(await library.ingest(await job([id]))).toEqual({ ready: 1, failed: 0 });
    expect(asked).toBe(1);
    expect((await found(library, 'brass bell'))[0]?.documentId).toBe(id);
    await expectOnPage(2, id, 'The brass bell cracked');
    await expectOnPage(1, id, 'The mill was built of oak');
    expect(await library.stale({ embedder: HASHED })).toEqual({ documentIds: [] });
    // And is then as ready as any other.
    expect(await library.ingest(await job([id]))).toEqual({ ready: 1, failed: 0 });
    expect(asked).toBe(1);
  });

  test('stopped in the middle, the next run goes on with the page that was not finished', async () => {
    const stop = new AbortController();
    const library = open((count) => count === 2 && stop.abort());
    const file = pdfOf([await scannedPage(LAMP), await scannedPage(BELL), await scannedPage(LAMP)]);
    const { documentIds } = await library.addFiles({ files: [file], collectionId: 'c' });
    const [id = ''] = documentIds;
    await agree(id);
    const { jobId } = await job([id]);
    await expect(library.ingest({ jobId }, { signal: stop.signal })).rejects.toMatchObject({
      code: 'abort/by-user',
    });
    expect(await repositories.library.blob(`ocr:${id}:eng:1`)).toBeDefined();

    asked = 0;
    expect(await open().ingest({ jobId })).toEqual({ ready: 1, failed: 0 });
    expect(asked).toBe(2);
    expect((await repositories.library.document(id))?.pages).toHaveLength(3);
  });

  test('a picture without a word in it says so, and the others go on', async () => {
    const library = open();
    const files = [await png('blank.png', ''), await png('lamp.png', 'The lamp was lit at six.')];
    const { documentIds } = await library.addFiles({ files, collectionId: 'c', recognition: ENGLISH });
    expect(await library.ingest(await job(documentIds))).toEqual({ ready: 1, failed: 1 });
    const blank = await repositories.library.document(documentIds[0] ?? '');
    expect(blank?.error?.message).toMatch(/No text was found/);
    expect(blank?.error?.details?.canRecognize).toBeUndefined();
  });

  test('what was recognized goes with its document', async () => {
    const library = open();
    const files = [await png('lamp.png', 'The lamp was lit at six.')];
    const { documentIds } = await library.addFiles({ files, collectionId: 'c', recognition: ENGLISH });
    const [id = ''] = documentIds;
    await library.ingest(await job([id]));
    expect(await repositories.library.blob(`ocr:${id}:eng:1`)).toBeDefined();
    await repositories.library.removeDocument(id);
    expect(await repositories.library.blob(`ocr:${id}:eng:1`)).toBeUndefined();
  });
});
