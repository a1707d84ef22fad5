import { createParsers } from '#adapters/parsers/index.ts';
import type { SourcePassage } from '#core/ports/chat-records.ts';
import type { ParsedDocument } from '#core/ports/document-parser.ts';
import type { IngestInput, Library, SearchRequest, SearchResponse } from '#core/ports/library.ts';
import type { LibraryInsight } from '#core/ports/library-insight.ts';
import type { ChunkRecord, DocumentRecord } from '#core/ports/library-records.ts';
import type { Repositories } from '#core/ports/repositories.ts';
import { AppError, toAppError, toWire } from '#shared/errors.ts';

async function searchWords(
  library: Repositories['library'],
  { query, collectionIds, limit }: SearchRequest,
): Promise<SearchResponse> {
  const words = query.toLowerCase().split(/\s+/);
  const found: Omit<SourcePassage, 'number'>[] = [];
  let searchedChunks = 0;
  for (const document of await library.documents(collectionIds[0])) {
    for (const chunk of await library.chunks(document.id)) {
      searchedChunks++;
      const score = words.filter((word) => chunk.text.toLowerCase().includes(word)).length;
      if (score === 0) continue;
      const { ordinal, text, start, end, headingPath, page } = chunk;
      found.push({
        documentId: document.id,
        documentName: document.name,
        ordinal,
        text,
        start,
        end,
        headingPath,
        score,
        lexicalScore: score,
        origin: 'lexical',
        ...(page === undefined ? {} : { page }),
      });
    }
  }
  const passages = found
    .sort((a, b) => b.score - a.score)
    .slice(0, limit)
    .map((passage, i) => ({ ...passage, number: i + 1 }));
  return {
    passages,
    isBelowFloor: false,
    searchedChunks,
    droppedCopies: 0,
    timingsMs: { embed: 0, dense: 0, lexical: 1 },
  };
}

/** Paragraphs as chunks, whole documents at a time, search by counting words: small, but it does the work. */
export function createReferenceLibrary(repositories: Repositories): Library {
  const { library, jobs } = repositories;

  async function sha256(file: Blob): Promise<string> {
    const digest = await crypto.subtle.digest('SHA-256', await file.arrayBuffer());
    return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  }

  function chunksOf(documentId: string, { text, pages, headings, boxes }: ParsedDocument): ChunkRecord[] {
    return [...text.matchAll(/\S[\s\S]*?(?=\n\n|$)/g)].map((match, ordinal) => {
      const start = match.index;
      const end = start + match[0].length;
      const page = pages.find((each) => start < each.end)?.number;
      return {
        documentId,
        ordinal,
        text: match[0],
        start,
        end,
        tokenCount: match[0].split(/\s+/).length,
        headingPath: headings
          .filter((heading) => heading.start <= start)
          .slice(-1)
          .map(({ text: title }) => title),
        boxes: boxes.filter((box) => box.end > start && box.start < end),
        ...(page === undefined ? {} : { page }),
      };
    });
  }

  async function read(
    document: DocumentRecord,
    signal: AbortSignal | undefined,
    onProgress?: Parameters<Library['ingest']>[1],
  ): Promise<void> {
    const original = await library.blob(`original:${document.id}`);
    if (!original) throw new AppError('storage/corrupt', 'The original is missing.');
    const file = new File([original], document.name, { type: document.mediaType });
    const head = new Uint8Array(await file.slice(0, 4096).arrayBuffer());
    const parser = createParsers().find((each) =>
      each.accepts({ name: document.name, mediaType: document.mediaType, head }),
    );
    if (!parser) throw new AppError('input/unsupported', 'This kind of file cannot be read.');
    const parsed = await parser.parse(file, { ...onProgress, ...(signal ? { signal } : {}) });
    const chunks = chunksOf(document.id, parsed);
    await library.commit({
      chunks,
      blobs: [
        { id: `text:${document.id}`, blob: new Blob([parsed.text]) },
        { id: `links:${document.id}`, blob: new Blob([JSON.stringify(parsed.links ?? [])]) },
      ],
      // As stored now: what was removed meanwhile stays away.
      updates: [
        {
          id: document.id,
          change: (stored) => ({
            ...stored,
            status: 'ready',
            pages: parsed.pages,
            parserId: parser.id,
            characterCount: parsed.text.length,
            chunkCount: chunks.length,
            embeddedCount: chunks.length,
            ...(parsed.title === undefined ? {} : { title: parsed.title }),
            ...(parsed.source === undefined ? {} : { source: parsed.source }),
          }),
        },
      ],
    });
  }

  return {
    async addFiles({ files, collectionId }) {
      const documentIds: string[] = [];
      const alreadyThere: string[] = [];
      const rejected = [];
      const byFile: string[][] = [];
      for (const file of files) {
        const ofFile: string[] = [];
        byFile.push(ofFile);
        if (/\.(?:png|zip)$/.test(file.name)) {
          rejected.push({
            name: file.name,
            code: 'input/unsupported',
            message: 'Only text, Markdown, HTML and PDF can be read.',
          });
          continue;
        }
        const id = await sha256(file);
        ofFile.push(id);
        const known = await library.document(id);
        const document: DocumentRecord = known ?? {
          id,
          name: file.name,
          mediaType: file.type,
          sizeBytes: file.size,
          collectionIds: [],
          status: 'queued',
          addedAt: Date.now(),
          embeddedCount: 0,
        };
        (known ? alreadyThere : documentIds).push(id);
        await library.commit({
          documents: [
            { ...document, collectionIds: [...new Set([...document.collectionIds, collectionId])] },
          ],
          blobs: known ? [] : [{ id: `original:${id}`, blob: file }],
        });
      }
      return { documentIds, alreadyThere, rejected, byFile };
    },
    async ingest({ jobId }, options) {
      const input = (await jobs.get(jobId))?.input as IngestInput;
      let failed = 0;
      for (const id of input.documentIds) {
        const document = await library.document(id);
        if (!document || document.status === 'ready') continue;
        if (options?.signal?.aborted) throw new AppError('abort/by-user', 'Stopped.');
        try {
          await read(document, options?.signal, options);
        } catch (error) {
          const known = toAppError(error);
          if (known.code === 'abort/by-user') throw known;
          failed++;
          const change = (stored: DocumentRecord): DocumentRecord => ({
            ...stored,
            status: 'failed',
            error: toWire(known),
          });
          await library.commit({ updates: [{ id: document.id, change }] });
        }
      }
      return { ready: input.documentIds.length - failed, failed };
    },
    stale: () => Promise.resolve({ documentIds: [] }),
    search: (request) => searchWords(library, request),
    align: () => Promise.reject(new AppError('input/unsupported', 'The reference library aligns nothing.')),
    warm: () => Promise.reject(new AppError('input/unsupported', 'The reference library embeds nothing.')),
    measureIndex: async () => [],
    forget: () => Promise.resolve(),
    ...referenceInsight(repositories),
  };
}

function referenceInsight({ library }: Repositories): LibraryInsight {
  return {
    /** A column a document, a row a chunk. */
    async map({ collectionIds }) {
      const documents = await library.documents(collectionIds[0]);
      const places: (readonly [number, number])[] = [];
      for (const [place, { chunkCount = 0 }] of documents.entries())
        for (let ordinal = 0; ordinal < chunkCount; ordinal++) places.push([place, ordinal]);
      const spread = (value: number, all: number): number => (all < 2 ? 0 : (2 * value) / (all - 1) - 1);
      const deepest = Math.max(0, ...places.map(([, ordinal]) => ordinal + 1));
      return {
        documents: documents.map(({ id, name }) => ({ id, name })),
        points: Float32Array.from(
          places.flatMap(([place, ordinal]) => [spread(place, documents.length), spread(ordinal, deepest)]),
        ),
        documentOf: Uint32Array.from(places, ([place]) => place),
        ordinalOf: Uint32Array.from(places, ([, ordinal]) => ordinal),
        shownVariance: 1,
        leftOut: 0,
      };
    },
    /** The other chunks that share most words with it. */
    async neighbours({ documentId, ordinal, limit }) {
      const own = await library.chunk(documentId, ordinal);
      const words = own?.text.match(/\p{L}{4,}/gu)?.join(' ') ?? '';
      const { passages } = await searchWords(library, { query: words, collectionIds: [], limit: limit + 1 });
      return passages
        .filter((passage) => passage.documentId !== documentId || passage.ordinal !== ordinal)
        .slice(0, limit);
    },
    tokens: async ({ text }) => ({
      spans: [...text.matchAll(/\S+/g)].map(({ index, 0: word }) => ({
        start: index,
        end: index + word.length,
      })),
      specialTokens: 0,
    }),
  };
}
