import type { PreTrainedTokenizer } from '@huggingface/transformers';
import { requireSight } from '#core/models/index.ts';
import type { GenerateRequest, PromptMessage, TokenCount } from '#core/ports/chat-engine.ts';
import { throwIfAborted } from '#shared/breathe.ts';
import { AppError } from '#shared/errors.ts';
import type { PictureReader, PromptPicture } from './chat-pictures.ts';
import type { ChatTemplate, TemplateRequest } from './chat-template.ts';

/** A prompt as the decoder reads it. */
export interface ChatPrompt {
  readonly ids: readonly number[];
  /** In their order; `start` is the place of the first token of each. */
  readonly pictures: readonly PlacedPicture[];
  /** The template has opened a block of reasoning already: the answer begins inside of it. */
  readonly opensThinking: boolean;
}

export interface PlacedPicture {
  readonly start: number;
  readonly picture: PromptPicture;
}

export interface PromptMaker {
  /** Errors: input/invalid (order of roles, a damaged picture), input/unsupported (a picture for a model that sees none). */
  make(request: TemplateRequest, signal?: AbortSignal): Promise<ChatPrompt>;
  count(messages: readonly PromptMessage[], signal?: AbortSignal): Promise<TokenCount>;
}

export interface PromptDeps {
  readonly tokenizer: PreTrainedTokenizer;
  readonly template: ChatTemplate;
  readonly label: string;
  /** Undefined for a model that sees no pictures. */
  readonly pictures: { readonly reader: PictureReader; readonly token: number } | undefined;
}

/** Errors: input/invalid, input/unsupported. */
export function checkChatRequest({ messages, continues, jsonSchema }: GenerateRequest): void {
  if (messages.at(-1)?.role !== (continues === true ? 'assistant' : 'user'))
    throw new AppError(
      'input/invalid',
      continues === true
        ? 'To go on, the last message has to be an answer.'
        : 'The last message has to be a question.',
    );
  if (jsonSchema !== undefined)
    throw new AppError('input/unsupported', 'This engine cannot force an answer into a JSON Schema.');
}

export function createPromptMaker({ tokenizer, template, label, pictures }: PromptDeps): PromptMaker {
  const encode = (text: string): readonly number[] => tokenizer.encode(text, { add_special_tokens: false });

  async function readAll(
    messages: readonly PromptMessage[],
    signal: AbortSignal | undefined,
  ): Promise<readonly (readonly PromptPicture[])[]> {
    requireSight(messages, pictures !== undefined, label);
    const read: PromptPicture[][] = [];
    for (const { images = [] } of messages) {
      const own: PromptPicture[] = [];
      for (const image of images) {
        if (pictures) own.push(await pictures.reader.read(image));
        throwIfAborted(signal);
      }
      read.push(own);
    }
    return read;
  }

  /** The text with each picture's token replaced by all that stand for it. */
  function place(text: string, all: readonly PromptPicture[]): Pick<ChatPrompt, 'ids' | 'pictures'> {
    const words = encode(text);
    if (pictures === undefined) return { ids: words, pictures: [] };
    const ids: number[] = [];
    const placed: PlacedPicture[] = [];
    for (const id of words) {
      const picture = id === pictures.token ? all[placed.length] : undefined;
      if (picture === undefined) ids.push(id);
      else {
        placed.push({ start: ids.length, picture });
        for (const token of picture.ids) ids.push(token);
      }
    }
    if (placed.length !== all.length)
      throw new AppError('input/unsupported', `${label} has no place for a picture in such a message.`);
    return { ids, pictures: placed };
  }

  async function make(request: TemplateRequest, signal: AbortSignal | undefined): Promise<ChatPrompt> {
    const all = await readAll(request.messages, signal);
    const text = template.render(request);
    return {
      ...place(text, all.flat()),
      opensThinking: request.continues !== true && /<think>\s*$/.test(text),
    };
  }

  return {
    make: (request, signal) => make(request, signal),
    async count(messages, signal) {
      if (messages.length === 0) return { perMessage: [], total: 0, isExact: true };
      const all = await readAll(messages, signal);
      const { ids } = await make({ messages }, signal);
      const own = messages.map(
        ({ content }, i) =>
          encode(content).length + (all[i] ?? []).reduce((sum, picture) => sum + picture.ids.length, 0),
      );
      return { perMessage: shareTemplate(own, ids.length), total: ids.length, isExact: true };
    },
  };
}

/** The tokens of the template are spread evenly; what does not divide goes to the first, where most of it stands. */
function shareTemplate(own: readonly number[], total: number): readonly number[] {
  const template = total - own.reduce((sum, tokens) => sum + tokens, 0);
  const each = Math.floor(template / own.length);
  const rest = template - each * own.length;
  return own.map((tokens, i) => tokens + each + (i === 0 ? rest : 0));
}
