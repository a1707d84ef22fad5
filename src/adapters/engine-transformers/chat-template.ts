import type { Message, PreTrainedTokenizer } from '@huggingface/transformers';
import type { PromptMessage } from '#core/ports/chat-engine.ts';
import { AppError } from '#shared/errors.ts';

export interface TemplateRequest {
  readonly messages: readonly PromptMessage[];
  readonly continues?: boolean | undefined;
  readonly mayThink?: false | undefined;
}

export interface ChatTemplate {
  /** The prompt as text, up to where the answer begins. Errors: input/unsupported (roles that it does not take). */
  render(request: TemplateRequest): string;
}

export interface TemplateDeps {
  readonly tokenizer: PreTrainedTokenizer;
  /** From a file of its own; else the tokenizer's. */
  readonly template: string | undefined;
  readonly label: string;
  /** The text of the token where a picture goes. */
  readonly picture: string | undefined;
  readonly thinksFirst: boolean;
}

const PROBE = 'xyzzy';
const NO_THOUGHTS = '<think>\n\n</think>\n\n';

/** The model's own chat template. Errors: input/unsupported for a model without one that this engine can fill. */
export function openChatTemplate(deps: TemplateDeps): ChatTemplate {
  const { tokenizer, template, picture, label } = deps;
  const source = template ?? (typeof tokenizer.chat_template === 'string' ? tokenizer.chat_template : '');
  const knowsThinking = source.includes('enable_thinking');

  function fill(
    messages: readonly PromptMessage[],
    hasParts: boolean,
    options: { readonly opensAnswer: boolean; readonly mayThink?: false | undefined },
  ): string {
    const conversation = messages.map((message) => toTemplate(message, hasParts, picture));
    return tokenizer.apply_chat_template(conversation as unknown as Message[], {
      tokenize: false,
      add_generation_prompt: options.opensAnswer,
      ...(template === undefined ? {} : { chat_template: template }),
      ...(options.mayThink === false && knowsThinking ? { enable_thinking: false } : {}),
    }) as string;
  }

  const hasParts = findForm(
    picture,
    (message, parts) => fill([message], parts, { opensAnswer: true }),
    label,
  );

  function render({ messages, continues, mayThink }: TemplateRequest): string {
    const begun = continues === true ? messages.at(-1) : undefined;
    const head = fill(begun === undefined ? messages : messages.slice(0, -1), hasParts, {
      opensAnswer: true,
      mayThink,
    });
    if (begun !== undefined) {
      const whole = fill(messages, hasParts, { opensAnswer: false, mayThink });
      const text = asWords(begun.content, picture);
      return head + gapBefore(text, head, whole) + text;
    }
    return mayThink === false && deps.thinksFirst && !knowsThinking ? head + NO_THOUGHTS : head;
  }

  return {
    render(request) {
      try {
        return render(request);
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        throw new AppError('input/unsupported', `${label} cannot be asked like this: ${why}`, {
          cause: error,
        });
      }
    },
  };
}

/** Templates take the content as text, or as a list of parts; those for pictures always the latter. */
function findForm(
  picture: string | undefined,
  fill: (message: PromptMessage, hasParts: boolean) => string,
  label: string,
): boolean {
  const forms = picture === undefined ? [false, true] : [true];
  const blob = new Blob();
  for (const hasParts of forms) {
    const probe: PromptMessage = {
      role: 'user',
      content: PROBE,
      ...(picture === undefined ? {} : { images: [{ blob, mediaType: 'image/png', width: 1, height: 1 }] }),
    };
    try {
      const text = fill(probe, hasParts);
      const places = picture === undefined ? 1 : text.split(picture).length - 1;
      if (text.includes(PROBE) && places === 1) return hasParts;
    } catch {
      // the other form, then
    }
  }
  throw new AppError('input/unsupported', `${label} has no chat template that this engine can fill.`);
}

function toTemplate(
  { role, content, images = [] }: PromptMessage,
  hasParts: boolean,
  picture: string | undefined,
): unknown {
  const text = asWords(content, picture);
  if (!hasParts) return { role, content: text };
  return { role, content: [...images.map(() => ({ type: 'image' })), { type: 'text', text }] };
}

/** Where a picture goes is a token; whoever writes its name in a text means the word, and must not make one. */
function asWords(text: string, picture: string | undefined): string {
  return picture === undefined
    ? text
    : text.replaceAll(picture, `${picture.slice(0, 1)} ${picture.slice(1)}`);
}

/** What the template puts between the opening of an answer and its text: a space, or nothing. */
function gapBefore(content: string, head: string, whole: string): string {
  if (!whole.startsWith(head)) return '';
  const rest = whole.slice(head.length);
  const at = rest.indexOf(content);
  return at > 0 ? rest.slice(0, at) : '';
}
