import type { WireError } from '#shared/errors.ts';
import type { SamplingSettings, Usage } from './chat-engine.ts';
import type { PassageSet } from './library-insight.ts';

/** A conversation. Its messages form a tree by `parentId`; the shown path ends at `activeLeafId`. */
export interface ThreadRecord {
  readonly id: string;
  readonly title: string;
  /** False once the user renamed it: then no automatic title replaces it. */
  readonly hasAutoTitle: boolean;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly isPinned: boolean;
  readonly activeLeafId: string | null;
  readonly systemPrompt: string;
  readonly sampling: SamplingSettings;
  /** Chat model of this thread; undefined = whatever is loaded. */
  readonly modelId?: string;
  /** Collections that answers are taken from; empty = plain chat. */
  readonly collectionIds: readonly string[];
  readonly searchAids?: SearchAids;
  /** The one document that all of its questions are about: its whole text begins every prompt, and nothing is searched. */
  readonly bookId?: string;
  /** Answers are taken from these passages only, as chosen on the map of the library. */
  readonly within?: readonly PassageSet[];
  /** Unsent text of the composer. */
  readonly draft: string;
  /** Pictures that wait with it. Absent: none. */
  readonly draftImages?: readonly ImagePart[];
  /** An answer of this thread came from a server: shown amber. */
  readonly hasLeftDevice: boolean;
  /** Deleted, but within the time for undo; purged later. */
  readonly deletedAt?: number;
}

/** One retrieved passage as it was shown with an answer: a copy, so that it survives the document's deletion. */
export interface SourcePassage {
  /** 1-based number in the answer's citations. */
  readonly number: number;
  readonly documentId: string;
  readonly documentName: string;
  readonly ordinal: number;
  readonly text: string;
  /** Character offsets in the document's text. */
  readonly start: number;
  readonly end: number;
  /** The part of it that was found, when chunks around it were added. */
  readonly found?: { readonly start: number; readonly end: number };
  readonly page?: number;
  /** Second of the recording at which it begins. */
  readonly seconds?: number;
  readonly headingPath: readonly string[];
  /** Fused score (reciprocal rank fusion), for order only. */
  readonly score: number;
  /** Cosine similarity, where dense search found it. */
  readonly denseScore?: number;
  /** BM25+ score, where lexical search found it. */
  readonly lexicalScore?: number;
  /** What a reranker gave it, 0 to 1; then `score` is the same. */
  readonly rerankScore?: number;
  readonly origin: 'dense' | 'lexical' | 'both';
}

/** Another wording of a question, made by the chat model: one that stands alone, one of several, or a made-up answer. */
export interface SearchWording {
  readonly kind: 'rewritten' | 'variant' | 'hypothetical';
  readonly text: string;
}

/** Help for the search that costs time or a model; each is off unless it is true. */
export interface SearchAids {
  /** A follow-up is rewritten so that it stands alone. */
  readonly rewrites?: boolean;
  /** The question is searched for in several wordings. */
  readonly variants?: boolean;
  /** A made-up answer is searched for, too (HyDE). */
  readonly hypothetical?: boolean;
  /** A reranker reads the best passages again; where one is on this device. */
  readonly reranks?: boolean;
  /** The same question over unchanged documents is answered with the answer of before. */
  readonly reuses?: boolean;
}

/** What code found for one sentence of an answer. */
export interface SentenceSupport {
  /** Character offsets of the sentence in the answer's text. */
  readonly start: number;
  readonly end: number;
  /** Number of the supporting source, or null: not in the documents. */
  readonly source: number | null;
  /** Character offsets of the supporting span in the document's text. */
  readonly spanStart?: number;
  readonly spanEnd?: number;
  /** 0 to 1. */
  readonly score: number;
}

/**
 * A picture that a question is about: a copy of its own, so that it survives the picture's deletion. Its bytes, as the model is
 * given them, are the blob 'attachment:<sha256>'.
 */
export interface ImagePart {
  readonly type: 'image';
  /** SHA-256 of the stored bytes, hex. */
  readonly sha256: string;
  readonly mediaType: 'image/jpeg' | 'image/png';
  readonly name: string;
  /** Pixels as stored. */
  readonly width: number;
  readonly height: number;
  /** The picture in Pictures that it was taken from. */
  readonly imageId?: string;
}

/** The bytes of an ImagePart. */
export interface Attachment {
  readonly sha256: string;
  readonly blob: Blob;
}

export type MessagePart =
  | { readonly type: 'text'; readonly text: string }
  | ImagePart
  | { readonly type: 'reasoning'; readonly text: string; readonly durationMs?: number }
  | {
      readonly type: 'sources';
      readonly query: string;
      readonly passages: readonly SourcePassage[];
      /** Passages that were found but left out of the prompt for lack of room. */
      readonly leftOut: number;
      /** Numbers of the passages that the prompt quotes, in its order; absent in answers of before. */
      readonly quoted?: readonly number[];
      /** The passages are one whole document, which began the prompt. */
      readonly isWhole?: boolean;
      /** Other wordings that were searched for, as the chat model wrote them. */
      readonly wordings?: readonly SearchWording[];
    }
  | { readonly type: 'supports'; readonly sentences: readonly SentenceSupport[] }
  | { readonly type: 'notice'; readonly text: string };

export interface MessageRecord {
  readonly id: string;
  readonly threadId: string;
  readonly parentId: string | null;
  readonly role: 'user' | 'assistant';
  readonly parts: readonly MessagePart[];
  readonly createdAt: number;
  /** 'waiting': asked before a model was ready. 'streaming' with no live tab behind it becomes 'interrupted' at start. */
  readonly status: 'waiting' | 'streaming' | 'complete' | 'stopped' | 'interrupted' | 'failed';
  readonly modelId?: string;
  readonly finishReason?: 'stop' | 'length' | 'tool' | 'abort';
  readonly usage?: Usage;
  /** Not written anew: it is the answer that this message got to the same question over the same sources. */
  readonly repeats?: { readonly messageId: string; readonly createdAt: number };
  readonly error?: WireError;
}
