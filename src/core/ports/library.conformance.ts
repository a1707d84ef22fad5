import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Progress } from '#shared/call.ts';
import { createId } from '#shared/ids.ts';
import type { JobRecord } from './job-records.ts';
import type { Library } from './library.ts';
import { BREAD, file, PUMP, testInsight } from './library-insight.conformance.ts';
import type { ModelSpec } from './model.ts';
import type { Repositories } from './repositories.ts';

/** A library over fresh, empty storage, and a second one over the same, as another tab has it. */
export interface LibrarySubject {
  readonly library: Library;
  readonly otherTab: Library;
  readonly repositories: Repositories;
  readonly embedder: ModelSpec;
  readonly reranker: ModelSpec;
  dispose(): Promise<void> | void;
}

/** What every Library promises. */
export function describeLibrary(name: string, make: () => Promise<LibrarySubject>): void {
  describe(`${name} is a Library`, () => {
    let subject: LibrarySubject;
    beforeEach(async () => {
      subject = await make();
      await subject.repositories.library.saveCollection({ id: 'c', name: 'c', createdAt: 1 });
      await subject.repositories.library.saveCollection({ id: 'other', name: 'other', createdAt: 2 });
    });
    afterEach(() => subject.dispose());

    async function startJob(documentIds: readonly string[]): Promise<JobRecord> {
      const job: JobRecord = {
        id: createId(),
        kind: 'ingest',
        label: 'Indexing',
        input: { documentIds, embedder: subject.embedder },
        state: 'running',
        createdAt: 1,
        updatedAt: 1,
      };
      await subject.repositories.jobs.save(job);
      return job;
    }

    async function ingest(files: readonly File[], collectionId = 'c') {
      const added = await subject.library.addFiles({ files, collectionId });
      const job = await startJob(added.documentIds);
      const result = await subject.library.ingest({ jobId: job.id });
      return { ...added, ...result, job };
    }

    const ask = (
      query: string,
      more: Partial<Parameters<Library['search']>[0]> = {},
      library = subject.library,
    ) => library.search({ query, collectionIds: [], limit: 5, embedder: subject.embedder, ...more });

    test('files become documents; what is none is refused by name, the rest goes on', async () => {
      const { library, repositories } = subject;
      const files = [
        file('empty.txt', '', 'text/plain'),
        new File([new Uint8Array([0x89, 0x50, 0x4e, 0x47, 13, 10])], 'photo.png', { type: 'image/png' }),
        file('pump.md', PUMP),
        file('copy of pump.md', PUMP),
      ];
      const added = await library.addFiles({ files, collectionId: 'c' });
      expect(added.documentIds).toHaveLength(1);
      expect(added.rejected.map((each) => [each.name, each.code])).toEqual([
        ['empty.txt', 'input/invalid'],
        ['photo.png', 'input/unsupported'],
      ]);
      const [id = ''] = added.documentIds;
      expect(id).toMatch(/^[0-9a-f]{64}$/);
      expect(added.byFile).toEqual([[], [], [id], [id]]);
      const original = await repositories.library.blob(`original:${id}`);
      expect(await original?.text()).toBe(PUMP);
      const again = await library.addFiles({ files: [file('pump.md', PUMP)], collectionId: 'other' });
      expect(again).toEqual({ documentIds: [], alreadyThere: [id], rejected: [], byFile: [[id]] });
      expect((await repositories.library.document(id))?.collectionIds).toEqual(['c', 'other']);
    });

    test('an ingest stores text, chunks, vectors, counters and the cursor, and reports its way', async () => {
      const { library, repositories } = subject;
      const { documentIds } = await library.addFiles({
        files: [file('pump.md', PUMP), file('bread.md', BREAD)],
        collectionId: 'c',
      });
      const job = await startJob(documentIds);
      const seen: Progress[] = [];
      const result = await library.ingest({ jobId: job.id }, { onProgress: (event) => seen.push(event) });
      expect(result).toEqual({ ready: 2, failed: 0 });
      let rows = 0;
      for (const id of documentIds) {
        const document = await repositories.library.document(id);
        const chunks = await repositories.library.chunks(id);
        const text = await (await repositories.library.blob(`text:${id}`))?.text();
        expect(document?.status).toBe('ready');
        expect(document?.chunkCount).toBe(chunks.length);
        expect(document?.embeddedCount).toBe(chunks.length);
        for (const chunk of chunks) expect(chunk.text).toBe(text?.slice(chunk.start, chunk.end));
        rows += chunks.length;
      }
      const spaces = await repositories.library.spaces();
      expect(spaces).toHaveLength(1);
      let vectors = 0;
      for await (const segment of repositories.library.segments(spaces[0]?.id ?? ''))
        vectors += segment.documentIds.length;
      expect(vectors).toBe(rows);
      expect((await repositories.jobs.get(job.id))?.cursor).toBeDefined();
      for (const phase of ['parse', 'embed']) {
        const done = seen.filter((event) => event.phase === phase).map((event) => event.done);
        expect(done.length).toBeGreaterThan(0);
        expect(done).toEqual([...done].sort((a, b) => a - b));
      }
      expect(seen.at(-1)).toMatchObject({ phase: 'embed', done: rows });
    });

    test('finds the passage in every mode, numbered, with what it came from', async () => {
      await ingest([file('pump.md', PUMP), file('bread.md', BREAD)]);
      for (const mode of ['hybrid', 'dense', 'lexical'] as const) {
        const found = await ask('When does the relief valve open?', { mode });
        const [first] = found.passages;
        expect(first?.text, mode).toContain('opens by itself at 6 bar');
        expect(first).toMatchObject({ number: 1, documentName: 'pump.md' });
        expect(first?.headingPath.at(-1)).toBe('Relief valve');
        expect(first?.origin).toBe(mode === 'hybrid' ? 'both' : mode);
        expect(found.passages.map(({ number }) => number)).toEqual(found.passages.map((_, i) => i + 1));
        expect(found.searchedChunks).toBeGreaterThan(2);
        expect(found.isBelowFloor).toBe(false);
      }
      const byWords = await ask('relief valve', { mode: 'hybrid' });
      const scores = byWords.passages.map(({ score }) => score);
      expect(scores).toEqual([...scores].sort((a, b) => b - a));
    });

    test('says that nothing was found when all is below the floor', async () => {
      await ingest([file('pump.md', PUMP), file('bread.md', BREAD)]);
      const found = await ask('Which treaty ended the Thirty Years War?');
      expect(found.passages).toEqual([]);
      expect(found.isBelowFloor).toBe(true);
      expect(await ask('   ')).toMatchObject({ passages: [], isBelowFloor: false });
    });

    test('searches the asked collections only, and every document once', async () => {
      await ingest([file('pump.md', PUMP)], 'c');
      await ingest([file('bread.md', BREAD)], 'other');
      const names = async (collectionIds: string[]) =>
        (await ask('hours', { collectionIds, mode: 'lexical' })).passages.map((p) => p.documentName);
      expect(new Set(await names([]))).toEqual(new Set(['pump.md', 'bread.md']));
      expect(new Set(await names(['c']))).toEqual(new Set(['pump.md']));
      expect(new Set(await names(['other']))).toEqual(new Set(['bread.md']));
    });

    test('near-copies are dropped and counted; another number is another fact', async () => {
      const other = PUMP.replace('maker.', 'maker!');
      const changed = PUMP.replace('6 bar', '9 bar');
      await ingest([file('pump.md', PUMP), file('pump-2.md', other), file('pump-9.md', changed)]);
      const found = await ask('At how many bar does the relief valve open?');
      const valves = found.passages.filter(({ text }) => text.includes('opens by itself'));
      expect(valves).toHaveLength(2);
      expect(found.droppedCopies).toBeGreaterThan(0);
    });

    test('33 identical chunks come as one passage, and hide nothing behind them', async () => {
      const line = 'The relief valve opens by itself at 6 bar and closes at 5 bar.';
      // Other files, the same words: an equal file would be one document.
      const files = Array.from({ length: 33 }, (_, i) => file(`copy-${i}.md`, line + '\n'.repeat(i + 1)));
      const { ready } = await ingest([...files, file('bread.md', BREAD)]);
      expect(ready).toBe(34);
      for (const mode of ['hybrid', 'dense', 'lexical'] as const) {
        const found = await ask('When does the relief valve open?', { mode, limit: 10 });
        expect(
          found.passages.filter(({ text }) => text.includes('by itself at 6 bar')),
          mode,
        ).toHaveLength(1);
        expect(found.droppedCopies, mode).toBe(32);
        const kept = { mode, limit: 40, ranking: { keepsCopies: true } } as const;
        const all = await ask('When does the relief valve open?', kept);
        const copies = all.passages.filter(({ text }) => text.includes('by itself at 6 bar'));
        expect(new Set(copies.map(({ documentId }) => documentId)).size, mode).toBe(33);
      }
      const other = await ask('How long does the rye bread bake?');
      expect(other.passages[0]?.documentName).toBe('bread.md');
    });

    test('what is removed is gone from the next search, what is restored is back, in every tab', async () => {
      const { repositories, library, otherTab } = subject;
      const { documentIds } = await ingest([file('pump.md', PUMP), file('bread.md', BREAD)]);
      const id = documentIds[0] ?? '';
      const isFound = async (tab: Library): Promise<boolean> =>
        (await ask('relief valve', {}, tab)).passages.some(({ documentId }) => documentId === id);
      expect([await isFound(library), await isFound(otherTab)]).toEqual([true, true]);
      const snapshot = await repositories.library.snapshotDocument(id);
      await repositories.library.removeDocument(id);
      await library.forget({ documentIds: [id] });
      expect([await isFound(library), await isFound(otherTab)]).toEqual([false, false]);
      if (snapshot) await repositories.library.restoreDocument(snapshot);
      await expect.poll(() => isFound(library)).toBe(true);
      await expect.poll(() => isFound(otherTab)).toBe(true);
    });

    test('measures its index on the chunks of a collection', async () => {
      const { library, repositories } = subject;
      const { documentIds } = await ingest([file('pump.md', PUMP)]);
      await ingest([file('bread.md', BREAD)], 'other');
      const chunks = await repositories.library.chunks(documentIds[0] ?? '');
      const [report, ...rest] = await library.measureIndex({ collectionIds: ['c'] });
      expect(rest).toEqual([]);
      expect(report).toMatchObject({ vectors: chunks.length, probes: chunks.length, recallAt10: 1 });
      expect(report?.indexVectors).toBeGreaterThan(chunks.length);
      expect(report?.indexBytes).toBeGreaterThan(0);
      expect(await library.measureIndex({ collectionIds: ['nothing in it'] })).toEqual([]);
    });

    test('what another tab ingests is found here', async () => {
      await ingest([file('bread.md', BREAD)]);
      expect((await ask('relief valve', {}, subject.otherTab)).passages).toEqual([]);
      await ingest([file('pump.md', PUMP)]);
      await expect
        .poll(async () => (await ask('relief valve', {}, subject.otherTab)).passages[0]?.documentName)
        .toBe('pump.md');
    });

    test('a document that cannot be read is recorded, and the job goes on', async () => {
      const broken = new File(['%PDF-1.7\n%cut off'], 'broken.pdf', { type: 'application/pdf' });
      const { documentIds, ready, failed } = await ingest([broken, file('bread.md', BREAD)]);
      expect({ ready, failed }).toEqual({ ready: 1, failed: 1 });
      const stored = await subject.repositories.library.document(documentIds[0] ?? '');
      expect(stored).toMatchObject({ status: 'failed', error: { code: 'input/invalid' } });
      expect((await ask('sourdough')).passages).not.toEqual([]);
    });

    test('an ingest that was stopped goes on where it was, and ends with the same', async () => {
      const { library, repositories } = subject;
      const long = Array.from(
        { length: 1600 },
        (_, i) => `Valve number ${i} is checked in week ${(i % 50) + 1} by the team of hall ${i * 3}.`,
      ).join(' ');
      const { documentIds } = await library.addFiles({ files: [file('long.md', long)], collectionId: 'c' });
      const id = documentIds[0] ?? '';
      const job = await startJob(documentIds);
      const abort = new AbortController();
      const stopped = library.ingest(
        { jobId: job.id },
        {
          signal: abort.signal,
          onProgress: ({ phase, done }) => {
            if (phase === 'embed' && done > 60) abort.abort();
          },
        },
      );
      await expect(stopped).rejects.toMatchObject({ code: 'abort/by-user' });
      const half = await repositories.library.document(id);
      expect(half?.embeddedCount).toBeGreaterThan(0);
      expect((await repositories.library.chunks(id)).length).toBe(half?.embeddedCount);
      expect(await library.ingest({ jobId: job.id })).toEqual({ ready: 1, failed: 0 });
      const whole = await repositories.library.document(id);
      const chunks = await repositories.library.chunks(id);
      expect(whole?.embeddedCount).toBe(chunks.length);
      expect(chunks.map(({ ordinal }) => ordinal)).toEqual(chunks.map((_, i) => i));
      const text = (await (await repositories.library.blob(`text:${id}`))?.text()) ?? '';
      expect(chunks.reduce((sum, chunk) => sum + chunk.text.replace(/\s/g, '').length, 0)).toBe(
        text.replace(/\s/g, '').length,
      );
      const rows =
        (await repositories.library.snapshotDocument(id))?.vectors.flatMap((v) => v.ordinals) ?? [];
      expect([...rows].sort((a, b) => a - b)).toEqual(chunks.map((_, i) => i));
    });

    test('a removed document does not come back by an ingest that had begun it', async () => {
      const { library, repositories } = subject;
      const { documentIds } = await library.addFiles({ files: [file('pump.md', PUMP)], collectionId: 'c' });
      const id = documentIds[0] ?? '';
      await repositories.library.removeDocument(id);
      const job = await startJob(documentIds);
      expect(await library.ingest({ jobId: job.id })).toEqual({ ready: 0, failed: 0 });
      expect(await repositories.library.document(id)).toBeUndefined();
    });

    test('aligns an answer to spans of the documents, and marks what they do not say', async () => {
      await ingest([file('pump.md', PUMP), file('bread.md', BREAD)]);
      const { passages } = await ask('When does the relief valve open?');
      const answer =
        'The relief valve opens by itself at 6 bar [1]. It was invented in 1820 by a French engineer [1]. The valve opens at 9 bar.';
      const supports = await subject.library.align({ answer, passages, embedder: subject.embedder });
      expect(supports.map(({ source }) => source)).toEqual([1, null, null]);
      const [first] = supports;
      const text = await (await subject.repositories.library.blob(`text:${passages[0]?.documentId}`))?.text();
      expect(text?.slice(first?.spanStart, first?.spanEnd)).toContain('opens by itself at 6 bar');
      expect(answer.slice(first?.start, first?.end)).toBe('The relief valve opens by itself at 6 bar [1].');
    });

    testInsight({ subject: () => subject, ingest, ask });

    test('warms the embedder and says what it is', async () => {
      const info = await subject.library.warm({ embedder: subject.embedder });
      expect(info.modelId).toBe(subject.embedder.id);
      expect(info.dimension).toBeGreaterThan(0);
    });

    test('an abort before the start is an abort', async () => {
      const { signal } = { signal: AbortSignal.abort() };
      const request = { query: 'valve', collectionIds: [], limit: 3, embedder: subject.embedder };
      await expect(subject.library.search(request, { signal })).rejects.toMatchObject({
        code: 'abort/by-user',
      });
      const job = await startJob([]);
      await expect(subject.library.ingest({ jobId: job.id }, { signal })).rejects.toMatchObject({
        code: 'abort/by-user',
      });
    });
  });
}
