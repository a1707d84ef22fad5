import type { PreTrainedTokenizer } from '@huggingface/transformers';
import { describe, expect, test } from 'vitest';
import type { PromptMessage } from '#core/ports/chat-engine.ts';
import { openChatTemplate, type TemplateDeps } from './chat-template.ts';

type Part = { readonly type: string; readonly text?: string };
interface Filled {
  readonly role: string;
  readonly content: string | readonly Part[];
}
interface Options {
  readonly add_generation_prompt: boolean;
  readonly enable_thinking?: boolean;
}

/** SmolVLM's template: no space behind the name where a picture follows, or where the answer is still to come. */
function smol(messages: readonly Filled[], { add_generation_prompt: isOpen }: Options): string {
  const text = messages.map(({ role, content }) => {
    if (typeof content === 'string') return `${role}|\n`; // it knows parts only, and drops a text without a word
    const parts = content.map(({ type, text: words = '' }) => (type === 'image' ? '<image>' : words));
    return `${role}:${content[0]?.type === 'image' ? '' : ' '}${parts.join('')}|\n`;
  });
  return `^${text.join('')}${isOpen ? 'assistant:' : ''}`;
}

/** One that takes texts and can be told not to think. */
function plain(
  messages: readonly Filled[],
  { add_generation_prompt: isOpen, enable_thinking: thinks }: Options,
) {
  if (messages.some(({ role }) => role === 'system')) throw new Error('No system role here');
  const text = messages.map(({ role, content }) => `[${role}]${String(content)}`);
  return `${text.join('')}${isOpen ? `[assistant]${thinks === false ? '(at once)' : ''}` : ''}`;
}

function open(
  fill: (messages: readonly Filled[], options: Options) => string,
  change: Partial<TemplateDeps> = {},
  source = '',
) {
  const tokenizer = { chat_template: source, apply_chat_template: fill } as unknown as PreTrainedTokenizer;
  return openChatTemplate({
    tokenizer,
    template: undefined,
    label: 'A model',
    picture: undefined,
    thinksFirst: false,
    ...change,
  });
}

const user = (content: string, images: PromptMessage['images'] = []): PromptMessage => ({
  role: 'user',
  content,
  images,
});
const image = { blob: new Blob(), mediaType: 'image/png', width: 1, height: 1 } as const;

describe('a chat template', () => {
  test('is filled in the form that it takes: texts or parts', () => {
    expect(open(plain).render({ messages: [user('Hi')] })).toBe('[user]Hi[assistant]');
    expect(open(smol).render({ messages: [user('Hi')] })).toBe('^user: Hi|\nassistant:');
  });

  test('a picture stands before the text, and its name in a text stays a word', () => {
    const template = open(smol, { picture: '<image>' });
    const messages = [user('What is an <image> here?', [image, image])];
    expect(template.render({ messages })).toBe('^user:<image><image>What is an < image> here?|\nassistant:');
  });

  test('an answer goes on behind the space that finished answers have', () => {
    const messages: readonly PromptMessage[] = [user('Hi'), { role: 'assistant', content: 'Well' }];
    expect(open(smol).render({ messages, continues: true })).toBe('^user: Hi|\nassistant: Well');
    expect(open(plain).render({ messages, continues: true })).toBe('[user]Hi[assistant]Well');
  });

  test('not to think is said by the template where it knows of it, else by an empty block', () => {
    const messages = [user('Hi')];
    const knows = open(plain, { thinksFirst: true }, '… enable_thinking …');
    expect(knows.render({ messages, mayThink: false })).toBe('[user]Hi[assistant](at once)');
    const blind = open(plain, { thinksFirst: true });
    expect(blind.render({ messages, mayThink: false })).toBe('[user]Hi[assistant]<think>\n\n</think>\n\n');
    expect(blind.render({ messages })).toBe('[user]Hi[assistant]');
    expect(open(plain).render({ messages, mayThink: false })).toBe('[user]Hi[assistant]');
  });

  test('what it does not take is refused with its own reason', () => {
    const messages: readonly PromptMessage[] = [{ role: 'system', content: 'Be terse.' }, user('Hi')];
    expect(() => open(plain).render({ messages })).toThrow(/No system role here/);
    expect(() => open(plain, { picture: '<image>' })).toThrow(/no chat template/);
  });
});
