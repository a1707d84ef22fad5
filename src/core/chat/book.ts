import type { ChatEngine, PromptMessage } from '#core/ports/chat-engine.ts';
import type { SourcePassage, ThreadRecord } from '#core/ports/chat-records.ts';
import type { ReadyEngine } from '#core/ports/engine-room.ts';
import type { LibraryRepository } from '#core/ports/repositories.ts';
import { passageOfChunk } from '#core/rag/index.ts';
import type { CallOptions } from '#shared/call.ts';
import { AppError } from '#shared/errors.ts';
import { reserveFor, systemTextOf } from './plan-prompt.ts';
import { DEFAULT_SAMPLING } from './presets.ts';

/** One document that a chat is about as a whole. */
export interface Book {
  readonly documentId: string;
  readonly name: string;
  /** All of its chunks in order; number = ordinal + 1. */
  readonly passages: readonly SourcePassage[];
}

const INSTRUCTION =
  'Answer from the document below. After each fact write the number of its passage in brackets, like [1]. If the document does not contain the answer, say so.';

/** Room for a question, beside the room for its answer. */
const QUESTION_TOKENS = 128;
/** Context sizes are named in steps that people choose. */
const CONTEXT_STEP = 512;

/** All of a document, from storage. Errors: input/invalid (it is gone, or not read to its end). */
export async function openBook(
  library: Pick<LibraryRepository, 'document' | 'chunks'>,
  documentId: string,
): Promise<Book> {
  const document = await library.document(documentId);
  if (document === undefined)
    throw new AppError(
      'input/invalid',
      'The document that this chat is about is no longer in the Library. Take “Whole” off below the question to go on without it.',
    );
  const { name, status, chunkCount } = document;
  const chunks = await library.chunks(documentId);
  // Half a document would answer wrongly without anyone noticing.
  if (status !== 'ready' || chunks.length === 0 || (chunkCount !== undefined && chunks.length < chunkCount))
    throw new AppError(
      'input/invalid',
      `${name} has not been read to its end. Ask about it when the Library says that it is ready.`,
    );
  const passages = chunks.map(
    (chunk): SourcePassage => ({
      ...passageOfChunk(document, chunk),
      number: chunk.ordinal + 1,
      score: 1,
      origin: 'lexical',
    }),
  );
  return { documentId, name, passages };
}

/** What stands at the beginning of every prompt; the same document gives the same text, letter by letter. */
export function bookPrompt(name: string, passages: readonly SourcePassage[]): string {
  const body = passages.map(({ number, text }) => `[${number}] ${text.trim()}`).join('\n');
  return `${INSTRUCTION}\n\nDocument: ${name}\n\n${body}`;
}

export interface BookFit {
  /** Of the whole beginning: instructions, document, template. */
  readonly documentTokens: number;
  readonly contextTokens: number;
  /** The smallest context in which it leaves room for a question and its answer. */
  readonly neededTokens: number;
  readonly isExact: boolean;
}

/** How much context a document of this size needs. */
export function contextFor(documentTokens: number, maxTokens: number): number {
  let context = CONTEXT_STEP;
  while (documentTokens + QUESTION_TOKENS + reserveFor(context, maxTokens) > context) context += CONTEXT_STEP;
  return context;
}

export interface BookInput {
  readonly engine: ChatEngine;
  readonly ready: ReadyEngine;
  readonly thread: Pick<ThreadRecord, 'systemPrompt' | 'sampling'>;
  readonly book: Book;
}

function beginning({ thread, book }: BookInput): readonly PromptMessage[] {
  const content = systemTextOf(thread, bookPrompt(book.name, book.passages));
  return [
    { role: 'system', content },
    { role: 'user', content: '.' },
  ];
}

const figure = (tokens: number): string => tokens.toLocaleString('en');

/**
 * Counts a document with the model's own tokenizer. Throws model/context-exceeded, with the figures in `details`, when
 * it leaves no room for a question and its answer.
 */
export async function fitBook(input: BookInput, options: CallOptions = {}): Promise<BookFit> {
  const { engine, ready, thread, book } = input;
  const { contextTokens } = ready.loaded;
  const { maxTokens } = thread.sampling;
  const counted = await engine.countTokens({ modelId: ready.model.id, messages: beginning(input) }, options);
  const documentTokens = counted.total;
  const fits = documentTokens + QUESTION_TOKENS + reserveFor(contextTokens, maxTokens) <= contextTokens;
  const neededTokens = fits ? contextTokens : contextFor(documentTokens, maxTokens);
  const fit = { documentTokens, contextTokens, neededTokens, isExact: counted.isExact };
  if (fits) return fit;
  const { label, contextTokens: most } = ready.model;
  const advice =
    neededTokens <= most
      ? `Load it with a context of ${figure(neededTokens)} tokens.`
      : `It would take a context of ${figure(neededTokens)}, and this model has ${figure(most)} at most: ask from its passages instead, or choose a model with a longer context.`;
  throw new AppError(
    'model/context-exceeded',
    `${book.name} has ${counted.isExact ? '' : 'about '}${figure(documentTokens)} tokens, and ${label} was loaded with room for ${figure(contextTokens)}, question and answer included. ${advice}`,
    { details: { ...fit } },
  );
}

/**
 * Makes the engine read a document ahead of the first question: one token is asked for and thrown away; what stays is the
 * KV cache of the beginning that all questions share. Resolves with the figures of the reading. Errors: those of `fitBook`
 * and of the engine.
 */
export async function readBook(input: BookInput, { signal, onProgress }: CallOptions = {}) {
  const { engine, ready, book } = input;
  const fit = await fitBook(input, signal ? { signal } : {});
  const total = fit.documentTokens;
  const step = { phase: 'process', total, unit: 'tokens', label: book.name } as const;
  onProgress?.({ ...step, done: 0 });
  const sampling = { ...DEFAULT_SAMPLING, temperature: 0, maxTokens: 1 };
  const request = { modelId: ready.model.id, messages: beginning(input), sampling };
  const options = {
    ...(signal ? { signal } : {}),
    onProgress: (event: { readonly done: number }) =>
      onProgress?.({ ...step, done: Math.min(total, event.done) }),
  };
  for await (const event of engine.generate(request, options)) {
    if (event.type !== 'finish') continue;
    onProgress?.({ ...step, done: total });
    return { ...fit, usage: event.usage };
  }
  throw new AppError('internal/unexpected', 'The engine ended its reading without saying why.');
}
