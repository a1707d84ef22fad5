import * as v from 'valibot';
import type { Attachment, MessageRecord, ThreadRecord } from '#core/ports/chat-records.ts';
import { MOST_PROMPT_SIDE } from '#core/ports/prompt-pictures.ts';
import { clockOf } from '#shared/clock.ts';
import { AppError, ERROR_CODES, type WireError } from '#shared/errors.ts';
import { fromAttachedFiles, picturesOf, toAttachedFiles, withoutLost } from './attached-files.ts';
import { imagesOf, reasoningOf, textOf } from './parts.ts';

const FORMAT = 'benchtop-thread';
const VERSION = 1;

const samplingSchema = v.object({
  temperature: v.number(),
  topP: v.number(),
  topK: v.number(),
  minP: v.number(),
  repetitionPenalty: v.number(),
  maxTokens: v.number(),
  seed: v.exactOptional(v.number()),
  stop: v.array(v.string()),
});

const sideSchema = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MOST_PROMPT_SIDE));

const imageSchema = v.object({
  type: v.literal('image'),
  sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
  mediaType: v.picklist(['image/jpeg', 'image/png']),
  name: v.string(),
  width: sideSchema,
  height: sideSchema,
  imageId: v.exactOptional(v.string()),
});

const threadSchema = v.object({
  id: v.string(),
  title: v.string(),
  hasAutoTitle: v.boolean(),
  createdAt: v.number(),
  updatedAt: v.number(),
  isPinned: v.boolean(),
  activeLeafId: v.nullable(v.string()),
  systemPrompt: v.string(),
  sampling: samplingSchema,
  modelId: v.exactOptional(v.string()),
  collectionIds: v.array(v.string()),
  searchAids: v.exactOptional(
    v.object({
      rewrites: v.exactOptional(v.boolean()),
      variants: v.exactOptional(v.boolean()),
      hypothetical: v.exactOptional(v.boolean()),
      reranks: v.exactOptional(v.boolean()),
      reuses: v.exactOptional(v.boolean()),
    }),
  ),
  bookId: v.exactOptional(v.string()),
  within: v.exactOptional(v.array(v.object({ documentId: v.string(), ordinals: v.array(v.number()) }))),
  draft: v.string(),
  draftImages: v.exactOptional(v.array(imageSchema)),
  hasLeftDevice: v.boolean(),
});

const passageSchema = v.object({
  number: v.number(),
  documentId: v.string(),
  documentName: v.string(),
  ordinal: v.number(),
  text: v.string(),
  start: v.number(),
  end: v.number(),
  found: v.exactOptional(v.object({ start: v.number(), end: v.number() })),
  page: v.exactOptional(v.number()),
  seconds: v.exactOptional(v.number()),
  headingPath: v.array(v.string()),
  score: v.number(),
  denseScore: v.exactOptional(v.number()),
  lexicalScore: v.exactOptional(v.number()),
  rerankScore: v.exactOptional(v.number()),
  origin: v.picklist(['dense', 'lexical', 'both']),
});

const partSchema = v.variant('type', [
  v.object({ type: v.literal('text'), text: v.string() }),
  imageSchema,
  v.object({ type: v.literal('reasoning'), text: v.string(), durationMs: v.exactOptional(v.number()) }),
  v.object({
    type: v.literal('sources'),
    query: v.string(),
    passages: v.array(passageSchema),
    leftOut: v.number(),
    quoted: v.exactOptional(v.array(v.number())),
    isWhole: v.exactOptional(v.boolean()),
    wordings: v.exactOptional(
      v.array(v.object({ kind: v.picklist(['rewritten', 'variant', 'hypothetical']), text: v.string() })),
    ),
  }),
  v.object({
    type: v.literal('supports'),
    sentences: v.array(
      v.object({
        start: v.number(),
        end: v.number(),
        source: v.nullable(v.number()),
        spanStart: v.exactOptional(v.number()),
        spanEnd: v.exactOptional(v.number()),
        score: v.number(),
      }),
    ),
  }),
  v.object({ type: v.literal('notice'), text: v.string() }),
]);

const errorSchema: v.GenericSchema<WireError> = v.object({
  code: v.picklist(ERROR_CODES),
  message: v.string(),
  details: v.exactOptional(v.record(v.string(), v.unknown())),
  stack: v.exactOptional(v.string()),
  cause: v.exactOptional(v.lazy(() => errorSchema)),
});

const messageSchema = v.object({
  id: v.string(),
  threadId: v.string(),
  parentId: v.nullable(v.string()),
  role: v.picklist(['user', 'assistant']),
  parts: v.array(partSchema),
  createdAt: v.number(),
  status: v.picklist(['waiting', 'streaming', 'complete', 'stopped', 'interrupted', 'failed']),
  modelId: v.exactOptional(v.string()),
  finishReason: v.exactOptional(v.picklist(['stop', 'length', 'tool', 'abort'])),
  usage: v.exactOptional(
    v.object({
      promptTokens: v.number(),
      cachedTokens: v.number(),
      completionTokens: v.number(),
      ttftMs: v.number(),
      prefillTokensPerSecond: v.number(),
      decodeTokensPerSecond: v.number(),
    }),
  ),
  repeats: v.exactOptional(v.object({ messageId: v.string(), createdAt: v.number() })),
  error: v.exactOptional(errorSchema),
});

const fileSchema = v.object({
  format: v.literal(FORMAT),
  version: v.literal(VERSION),
  thread: threadSchema,
  messages: v.array(messageSchema),
  attachments: v.exactOptional(v.record(v.string(), v.string())),
});

export { picturesOf } from './attached-files.ts';

export interface ThreadBundle {
  readonly thread: ThreadRecord;
  readonly messages: readonly MessageRecord[];
  /** The bytes of every picture in them. */
  readonly attachments: readonly Attachment[];
}

/** A whole thread with all its branches and pictures, as JSON that `importThread` reads back. */
export async function exportJson({ thread, messages, attachments }: ThreadBundle): Promise<string> {
  const { deletedAt: _, draftImages, ...kept } = thread;
  const here = draftImages?.filter((image) => attachments.some(({ sha256 }) => sha256 === image.sha256));
  const file = {
    format: FORMAT,
    version: VERSION,
    thread: { ...kept, ...(here?.length ? { draftImages: here } : {}) },
    messages: withoutLost(messages, attachments),
    ...(attachments.length > 0 ? { attachments: await toAttachedFiles(attachments) } : {}),
  };
  return JSON.stringify(file, null, 2);
}

/** The shown path as Markdown, for people: one heading a turn, pictures named, reasoning quoted, sources listed. */
export function exportMarkdown(thread: ThreadRecord, path: readonly MessageRecord[]): string {
  const blocks = [`# ${thread.title}`];
  for (const message of path) {
    blocks.push(message.role === 'user' ? '## You' : '## Answer');
    const reasoning = reasoningOf(message);
    if (reasoning !== '') blocks.push(reasoning.replace(/^/gm, '> '));
    for (const { name, width, height } of imagesOf(message))
      blocks.push(`*Picture: ${name.replace(/[\\*_`[\]<]/g, '\\$&')}, ${width} × ${height}*`);
    blocks.push(textOf(message));
    for (const part of message.parts)
      if (part.type === 'sources' && part.passages.length > 0)
        blocks.push(
          part.passages
            .map(
              (p) =>
                `- [${p.number}] ${p.documentName}${p.page === undefined ? '' : `, p. ${p.page}`}${p.seconds === undefined ? '' : `, at ${clockOf(p.seconds)}`}`,
            )
            .join('\n'),
        );
  }
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

/**
 * Reads what `exportJson` wrote. Ids are made anew, so an import never overwrites a thread; answers that were being
 * written count as interrupted. Throws input/invalid with the place of the first mistake; a picture that is missing, or
 * whose bytes are not those that were exported, is one.
 */
export async function importThread(
  text: string,
  createId: () => string,
  nowMs: number,
): Promise<ThreadBundle> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new AppError('input/invalid', 'This file is not JSON. Choose a thread that Benchtop exported.', {
      cause: error,
    });
  }
  const parsed = v.safeParse(fileSchema, json);
  if (!parsed.success) {
    const issue = parsed.issues[0];
    throw new AppError(
      'input/invalid',
      `This is not a thread that Benchtop exported (${v.getDotPath(issue) ?? 'the file'}: ${issue.message}).`,
    );
  }
  const { thread, messages, attachments: files = {} } = parsed.output;
  const attachments = await fromAttachedFiles(files, picturesOf(thread, messages));
  const newIds = new Map(messages.map(({ id }) => [id, createId()]));
  const threadId = createId();
  const lastId = messages.at(-1)?.id;
  // A leaf that is not in the file would show an empty chat: then the last branch is shown.
  const leafId =
    thread.activeLeafId !== null && !newIds.has(thread.activeLeafId) ? (lastId ?? null) : thread.activeLeafId;
  const renamed = (id: string | null): string | null => (id === null ? null : (newIds.get(id) ?? null));
  return {
    thread: { ...thread, id: threadId, activeLeafId: renamed(leafId), updatedAt: nowMs },
    messages: messages.map((message) => ({
      ...message,
      id: newIds.get(message.id) ?? createId(),
      threadId,
      parentId: renamed(message.parentId),
      // An answer of another thread keeps its id: here nothing is known by it.
      ...(message.repeats && {
        repeats: {
          ...message.repeats,
          messageId: newIds.get(message.repeats.messageId) ?? message.repeats.messageId,
        },
      }),
      status: message.status === 'streaming' || message.status === 'waiting' ? 'interrupted' : message.status,
    })),
    attachments,
  };
}
