import type { MessageRecord, ThreadRecord } from './chat-records.ts';
import type { JobRecord } from './job-records.ts';
import type { ChunkRecord, CollectionRecord, DocumentRecord, SpaceRecord } from './library-records.ts';
import type { IngestBatch, Repositories } from './repositories.ts';

/** Fresh, empty storage, and a second connection to it, as another tab has one. */
export interface RepositoriesSubject {
  readonly repositories: Repositories;
  readonly otherTab: Repositories;
  dispose(): Promise<void> | void;
}

export function thread(id: string, change: Partial<ThreadRecord> = {}): ThreadRecord {
  return {
    id,
    title: id,
    hasAutoTitle: true,
    createdAt: 1,
    updatedAt: 1,
    isPinned: false,
    activeLeafId: null,
    systemPrompt: '',
    sampling: {
      temperature: 0,
      topP: 1,
      topK: 0,
      minP: 0,
      repetitionPenalty: 1,
      maxTokens: 0,
      stop: [],
    },
    collectionIds: [],
    draft: '',
    hasLeftDevice: false,
    ...change,
  };
}

export function message(
  id: string,
  threadId: string,
  text: string,
  change: Partial<MessageRecord> = {},
): MessageRecord {
  return {
    id,
    threadId,
    parentId: null,
    role: 'user',
    parts: [{ type: 'text', text }],
    createdAt: 1,
    status: 'complete',
    ...change,
  };
}

export function collection(id: string, createdAt = 1): CollectionRecord {
  return { id, name: id, createdAt };
}

export function documentRecord(id: string, change: Partial<DocumentRecord> = {}): DocumentRecord {
  return {
    id,
    name: `${id}.md`,
    mediaType: 'text/markdown',
    sizeBytes: 10,
    collectionIds: ['c'],
    status: 'ready',
    addedAt: 1,
    embeddedCount: 0,
    ...change,
  };
}

export function chunk(documentId: string, ordinal: number): ChunkRecord {
  const text = `chunk ${ordinal} of ${documentId}`;
  return {
    documentId,
    ordinal,
    text,
    start: ordinal * 100,
    end: ordinal * 100 + text.length,
    tokenCount: 5,
    headingPath: [],
    boxes: [],
  };
}

export function space(id: string, dimension: number): SpaceRecord {
  return { id, modelId: 'm', dimension, metric: 'cosine', createdAt: 1 };
}

export function job(id: string, change: Partial<JobRecord> = {}): JobRecord {
  return {
    id,
    kind: 'ingest',
    label: id,
    input: {},
    state: 'running',
    createdAt: 1,
    updatedAt: 1,
    ...change,
  };
}

/** A vector that tells which chunk it belongs to: what a search finds must be what was stored. */
export function vectorOf(documentId: string, ordinal: number, dimension: number): readonly number[] {
  let seed = ordinal + 1;
  for (const unit of documentId) seed = (seed * 31 + unit.charCodeAt(0)) % 65_521;
  return Array.from({ length: dimension }, (_, i) => Math.fround((seed * (i + 1)) / 65_521));
}

/** Chunks `from` to `to` of a document with their vectors, as an ingest commits them. */
export function batchOf(
  documentId: string,
  from: number,
  to: number,
  spaceId = 's',
  dimension = 4,
): Required<Pick<IngestBatch, 'chunks' | 'vectors'>> {
  const ordinals = Array.from({ length: to - from }, (_, i) => from + i);
  return {
    chunks: ordinals.map((ordinal) => chunk(documentId, ordinal)),
    vectors: {
      spaceId,
      dimension,
      chunkKeys: ordinals.map((ordinal) => ({ documentId, ordinal })),
      vectors: new Float32Array(ordinals.flatMap((ordinal) => vectorOf(documentId, ordinal, dimension))),
    },
  };
}
