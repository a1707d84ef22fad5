import type { ChatEngine, GenerateEvent, PromptMessage } from '#core/ports/chat-engine.ts';
import type { MessagePart, MessageRecord, SourcePassage, ThreadRecord } from '#core/ports/chat-records.ts';
import type { ReadyEngine } from '#core/ports/engine-room.ts';
import type { Library } from '#core/ports/library.ts';
import type { ModelSpec } from '#core/ports/model.ts';
import type { ThreadRepository } from '#core/ports/repositories.ts';
import { sourcesPrompt } from '#core/rag/index.ts';
import { AppError } from '#shared/errors.ts';
import { type Book, bookPrompt, fitBook } from './book.ts';
import { imagesOf, textOf } from './parts.ts';
import { type PromptPlan, planPrompt, reserveFor } from './plan-prompt.ts';
import { readImages, requireImages } from './prompt-images.ts';
import { createReasoningSplitter } from './reasoning.ts';
import { searchWordings } from './search-wordings.ts';

export type AnswerEvent =
  | { readonly type: 'part'; readonly part: MessagePart }
  | { readonly type: 'planned'; readonly plan: PromptPlan }
  | GenerateEvent;

export interface AnswerInput {
  readonly engine: ChatEngine;
  readonly ready: ReadyEngine;
  readonly thread: ThreadRecord;
  /** Turns up to and with the question; with `continues`, up to and with the answer to go on from. */
  readonly path: readonly MessageRecord[];
  readonly continues?: boolean;
  /** The whole document that the thread is about: it begins the prompt, and nothing is searched. */
  readonly book?: Book;
  readonly library?: Library;
  readonly embedder?: ModelSpec;
  /** Used where the thread asks for it. */
  readonly reranker?: ModelSpec;
  /** Reads the pictures of the path. */
  readonly attachment: ThreadRepository['attachment'];
  readonly signal: AbortSignal;
}

const PASSAGES_SHOWN = 6;
/** Share of the context that sources may fill. */
const SOURCES_SHARE = 0.5;
/** Of these, for what stands around the best passages: more would keep a machine without a GPU reading for minutes. */
const NEIGHBOUR_SHARE = 0.25;
const MOST_NEIGHBOUR_TOKENS = 512;
/** Passages are counted by the embedder's tokenizer when they are widened: the chat model's may need more for the same. */
const COUNTED_OTHERWISE = 0.75;

/**
 * Answers the last question of a path. With collections in the thread: sources are searched first and come as the first
 * part, before any token; at the end every sentence is aligned to them by code. Without a hit above the floor it says so
 * and asks the model nothing: an answer that is not in the documents would look as if it were.
 *
 * With a book its whole text begins the prompt instead, and its chunks are the sources.
 *
 * Pictures of the question go with it, or it is not asked; those of earlier turns that cannot go are left out and named.
 *
 * With `continues` the answer goes on with the sources that it began with, and is aligned anew as a whole.
 *
 * Rejects with the engine's errors; an abort is abort/by-user.
 */
export async function* answer(input: AnswerInput): AsyncGenerator<AnswerEvent, void, void> {
  const { engine, ready, thread, path, signal } = input;
  const modelId = ready.model.id;
  const { contextTokens } = ready.loaded;
  const countTokens = (messages: readonly PromptMessage[]) =>
    engine.countTokens({ modelId, messages }, { signal });
  const reserveTokens = reserveFor(contextTokens, thread.sampling.maxTokens);

  const question = path.findLast(({ role }) => role === 'user');
  const images = await readImages(path, ready, input.attachment);
  if (question) requireImages(question, images.imageOf, ready);

  let passages: readonly SourcePassage[] = [];
  let preamble = '';
  const begun = input.continues ? path.at(-1) : undefined;
  const sources = begun?.parts.find((part) => part.type === 'sources');
  let book = '';
  if (sources?.isWhole || (input.book && !begun)) {
    if (input.book && !sources) await fitBook({ engine, ready, thread, book: input.book }, { signal });
    const part = sources ?? wholeDocument(input);
    if (!sources) yield { type: 'part', part };
    passages = part.passages;
    book = bookPrompt(passages[0]?.documentName ?? '', passages);
  } else if (sources || (answersFromDocuments(thread) && !input.continues)) {
    const budgetTokens = (contextTokens - reserveTokens) * SOURCES_SHARE;
    const found = sources
      ? { part: sources, ...(await quoteSources(input, sources.passages, budgetTokens)) }
      : await findSources(input, budgetTokens);
    if (!sources) yield { type: 'part', part: found.part };
    if (found.preamble === '') {
      const nothing = found.part.passages.length === 0;
      // A picture is an answer's ground of its own.
      const goesOn = question !== undefined && imagesOf(question).length > 0;
      const text = goesOn
        ? `${nothing ? NOTHING_BESIDE : NO_ROOM_BESIDE} ${FROM_PICTURES}`
        : nothing
          ? NOTHING_FOUND
          : NO_ROOM;
      yield { type: 'part', part: { type: 'notice', text } };
      if (!goesOn) return;
    }
    passages = found.used;
    preamble = found.preamble;
  }

  const { imageOf } = images;
  const room = { contextTokens, reserveTokens, countTokens };
  const plan = await planPrompt({ thread, path, preamble, book, imageOf, ...room });
  yield { type: 'planned', plan };
  const unseen = images.leftOutOf(path.slice(plan.leftOut.length));
  if (unseen !== undefined) yield { type: 'part', part: { type: 'notice', text: unseen } };

  const splitter = createReasoningSplitter({ continues: begun !== undefined });
  let text = begun ? textOf(begun) : '';
  let finish: GenerateEvent | undefined;
  const request = {
    modelId,
    messages: plan.messages,
    sampling: thread.sampling,
    ...(input.continues ? { continues: true } : {}),
  };
  for await (const event of engine.generate(request, { signal })) {
    if (event.type !== 'text-delta') {
      if (event.type === 'finish') finish = event;
      else yield event;
      continue;
    }
    for (const delta of splitter.push(event.text)) {
      if (delta.type === 'text-delta') text += delta.text;
      yield delta;
    }
  }
  for (const delta of splitter.flush()) {
    if (delta.type === 'text-delta') text += delta.text;
    yield delta;
  }
  if (passages.length > 0 && text.trim() !== '' && input.library) {
    const sentences = await input.library.align(
      { answer: text, passages, ...(input.embedder ? { embedder: input.embedder } : {}) },
      { signal },
    );
    yield { type: 'part', part: { type: 'supports', sentences } };
  }
  if (finish === undefined)
    throw new AppError('internal/unexpected', 'The engine ended its answer without saying why.');
  yield finish;
}

const NOTHING_FOUND =
  'Nothing in the chosen collections matches this question. Ask in other words, or switch the documents off to ask the model alone.';
const NO_ROOM =
  'Passages were found, but none fits into the model’s context. Load the model with a larger context, or ask in a new chat.';

const NOTHING_BESIDE = 'Nothing in the chosen collections matches this question.';
const NO_ROOM_BESIDE = 'Passages were found, but none fits into the model’s context beside the picture.';
const FROM_PICTURES = 'It is answered from what the picture shows alone.';

const answersFromDocuments = ({ collectionIds, within }: ThreadRecord): boolean =>
  collectionIds.length > 0 || within !== undefined;

/** All passages are stored with the answer: any of them may support a sentence. None is quoted before the question. */
function wholeDocument({ book, path }: AnswerInput) {
  const question = path.findLast(({ role }) => role === 'user');
  const passages = book?.passages ?? [];
  const query = question ? textOf(question) : '';
  return { type: 'sources', query, passages, leftOut: 0, quoted: [], isWhole: true } as const;
}

async function findSources(input: AnswerInput, budgetTokens: number) {
  const { thread, path, library, embedder, reranker, signal } = input;
  if (library === undefined)
    throw new AppError('internal/unexpected', 'This chat has documents, but the library is not running.');
  const at = path.findLastIndex(({ role }) => role === 'user');
  const question = path[at];
  const query = question ? textOf(question) : '';
  const { searchAids: aids = {} } = thread;
  const wordings = await searchWordings({
    engine: input.engine,
    modelId: input.ready.model.id,
    aids,
    before: path.slice(0, Math.max(0, at)),
    question: query,
    signal,
  });
  // A follow-up that was rewritten says what is looked for; the question as it was asked helps to find it.
  const rewritten = wordings.find(({ kind }) => kind === 'rewritten')?.text;
  const { passages } = await library.search(
    {
      query: rewritten ?? query,
      also: [
        ...(rewritten === undefined ? [] : [{ text: query, kind: 'query' as const }]),
        ...wordings
          .filter(({ kind }) => kind !== 'rewritten')
          .map(({ kind, text }) => ({
            text,
            kind: kind === 'hypothetical' ? ('passage' as const) : ('query' as const),
          })),
      ],
      collectionIds: thread.collectionIds,
      ...(thread.within ? { within: thread.within } : {}),
      limit: PASSAGES_SHOWN,
      neighbours: {
        budgetTokens: budgetTokens * COUNTED_OTHERWISE,
        addedTokens: Math.min(MOST_NEIGHBOUR_TOKENS, budgetTokens * NEIGHBOUR_SHARE),
      },
      ...(embedder ? { embedder } : {}),
      ...(aids.reranks && reranker ? { reranker } : {}),
    },
    { signal },
  );
  const { preamble, used, leftOut } = await quoteSources(input, passages, budgetTokens);
  const part = {
    type: 'sources',
    query,
    passages,
    leftOut: leftOut.length,
    quoted: used.map(({ number }) => number),
    ...(wordings.length > 0 ? { wordings } : {}),
  } as const;
  return { part, preamble, used };
}

/** The passages as the prompt quotes them, as many as fit. */
async function quoteSources(
  { engine, ready, path, signal }: AnswerInput,
  passages: readonly SourcePassage[],
  budgetTokens: number,
) {
  const counts = await engine.countTokens(
    { modelId: ready.model.id, messages: passages.map(({ text }) => ({ role: 'user', content: text })) },
    { signal },
  );
  const tokensOf = new Map(passages.map(({ text }, i) => [text, counts.perMessage[i] ?? text.length]));
  const countText = (text: string): number => {
    for (const [body, tokens] of tokensOf) if (text.includes(body.trim())) return tokens + 24;
    return Math.ceil(text.length / 3);
  };
  const question = path.findLast(({ role }) => role === 'user');
  const hasPictures = question !== undefined && imagesOf(question).length > 0;
  return sourcesPrompt(passages, budgetTokens, countText, hasPictures);
}
