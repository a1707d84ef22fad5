import type { DocumentLink, TextBox } from '#core/ports/document-parser.ts';
import type { ChunkRecord, DocumentRecord } from '#core/ports/library-records.ts';
import type { LibraryRepository } from '#core/ports/repositories.ts';
import { AppError } from '#shared/errors.ts';
import type { Span } from './library-state.ts';

/** Longer texts are shown a window at a time, so that a 200 MB file does not fill the page's memory. */
export const WINDOW_CHARACTERS = 1_000_000;

/** A stretch of a document's text: `text[0]` is character `start` of the document. */
export interface TextWindow {
  readonly start: number;
  readonly text: string;
  /** Characters of the whole document. */
  readonly total: number;
}

/** Characters [from, to) of a UTF-8 blob, read as a stream: only the window is kept. */
async function readWindow(blob: Blob, from: number, to: number): Promise<string> {
  const reader = blob.stream().pipeThrough(new TextDecoderStream()).getReader();
  const parts: string[] = [];
  let at = 0;
  try {
    while (at < to) {
      const { done, value } = await reader.read();
      if (done) break;
      if (at + value.length > from) parts.push(value.slice(Math.max(0, from - at), to - at));
      at += value.length;
    }
  } finally {
    await reader.cancel();
  }
  return parts.join('');
}

/** Chunks put side by side by their offsets; what lies between them is not known and becomes line ends. */
function textFromChunks(chunks: readonly ChunkRecord[]): string {
  let text = '';
  for (const chunk of chunks) {
    if (chunk.start > text.length) text += '\n'.repeat(chunk.start - text.length);
    text += chunk.text.slice(text.length - chunk.start);
  }
  return text;
}

export async function requireDocument(repository: LibraryRepository, id: string): Promise<DocumentRecord> {
  const document = await repository.document(id);
  if (document) return document;
  throw new AppError('input/invalid', 'This document is no longer in the library.', { details: { id } });
}

/** The text around `near`, or all of it when it is short enough. */
export async function readText(
  repository: LibraryRepository,
  document: DocumentRecord,
  near: number,
): Promise<TextWindow> {
  const blob = await repository.blob(`text:${document.id}`);
  const total = document.characterCount ?? blob?.size ?? 0;
  if (!blob) {
    const text = textFromChunks(await repository.chunks(document.id));
    return { start: 0, text, total: text.length };
  }
  if (total <= WINDOW_CHARACTERS * 2) {
    const text = await blob.text();
    return { start: 0, text, total: text.length };
  }
  const start = Math.max(0, Math.min(near - WINDOW_CHARACTERS / 2, total - WINDOW_CHARACTERS));
  return { start, text: await readWindow(blob, start, start + WINDOW_CHARACTERS), total };
}

const SAFE = /^(?:https?|mailto):/i;

function isLink(value: unknown): value is DocumentLink {
  const { start, end, href } = (value ?? {}) as Partial<Record<keyof DocumentLink, unknown>>;
  return typeof start === 'number' && typeof end === 'number' && typeof href === 'string' && SAFE.test(href);
}

/** The links of a document, in text order; none for formats and older readings without. */
export async function readLinks(
  repository: LibraryRepository,
  documentId: string,
): Promise<readonly DocumentLink[]> {
  const blob = await repository.blob(`links:${documentId}`);
  const stored: unknown = blob ? JSON.parse(await blob.text()) : [];
  return Array.isArray(stored) ? stored.filter(isLink) : [];
}

/** The boxes that a span touches, in text order, each once: neighbouring chunks share boxes. */
export async function readBoxes(
  repository: LibraryRepository,
  documentId: string,
  span: Span,
): Promise<readonly TextBox[]> {
  const boxes = new Map<string, TextBox>();
  for (const chunk of await repository.chunks(documentId)) {
    if (chunk.end <= span.start || chunk.start >= span.end) continue;
    for (const box of chunk.boxes)
      if (box.end > span.start && box.start < span.end) boxes.set(`${box.start}-${box.end}`, box);
  }
  return [...boxes.values()].sort((a, b) => a.start - b.start);
}
