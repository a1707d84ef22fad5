import { describe, expect, it } from 'vitest';
import { DEFAULT_SAMPLING } from '#core/chat/index.ts';
import type { Pipeline, TemplateConfig } from './library-internals.ts';
import { promptOf, tokenizePrompt } from './prompt-tokens.ts';

const CONFIG = {
  stop_str: ['<end>'],
  role_templates: { user: '{message}', assistant: '{message}' },
} as const;

/** ChatML-like, filled with String.replace as the library does; one token a character. */
class Conversation {
  override_system_message: string | undefined;
  private readonly turns: string[] = [];
  readonly config: TemplateConfig;
  constructor(config: TemplateConfig) {
    this.config = config;
  }
  appendMessage(role: 'user' | 'assistant', content: string): void {
    const template = this.config.role_templates?.[role];
    const text = template === undefined ? content : template.replace('{message}', content);
    this.turns.push(`<${role}>${text}<end>`);
  }
  appendReplyHeader(): void {
    this.turns.push('<assistant>');
  }
  getPromptArray(): readonly string[] {
    return [
      '<system>{system}<end>'.replace('{system}', this.override_system_message ?? 'own'),
      ...this.turns,
    ];
  }
}

function pipeline(config: TemplateConfig = CONFIG): Pipeline {
  return {
    tokenizer: { encode: (text: string) => Int32Array.from([...text].map((c) => c.codePointAt(0) ?? 0)) },
    config: {},
    getConversationObject: () => new Conversation(config),
  } as unknown as Pipeline;
}

const textOf = (tokens: readonly number[]): string => String.fromCodePoint(...tokens);
const user = (content: string) => ({ role: 'user', content }) as const;
const assistant = (content: string) => ({ role: 'assistant', content }) as const;
const system = (content: string) => ({ role: 'system', content }) as const;

describe('a prompt as tokens', () => {
  it('is the template’s text, and every token belongs to a message', () => {
    const { all, perMessage } = tokenizePrompt(
      pipeline(),
      [system('be terse'), user('a'), assistant('bc'), user('d')],
      false,
    );
    expect(textOf(all)).toBe('<system>be terse<end><user>a<end><assistant>bc<end><user>d<end><assistant>');
    expect(perMessage).toEqual([21, 12, 18, 23]);
  });

  it('counts the model’s own system text with the first message', () => {
    const { all, perMessage } = tokenizePrompt(pipeline(), [user('a'), assistant('b'), user('c')], false);
    expect(perMessage).toEqual(
      ['<system>own<end><user>a<end>', '<assistant>b<end>', '<user>c<end><assistant>'].map(
        (text) => text.length,
      ),
    );
    expect(perMessage.reduce((a, b) => a + b)).toBe(all.length);
  });

  it('puts the tokens before the system text with the first message', () => {
    const { all, perMessage } = tokenizePrompt(
      pipeline({ ...CONFIG, system_prefix_token_ids: [1, 2] }),
      [user('a')],
      false,
    );
    expect(all.slice(0, 2)).toEqual([1, 2]);
    expect(perMessage).toEqual([all.length]);
  });

  it('goes on from an answer that was begun', () => {
    const { all, perMessage } = tokenizePrompt(pipeline(), [user('a'), assistant('The')], true);
    expect(textOf(all)).toBe('<system>own<end><user>a<end><assistant>The');
    expect(perMessage).toEqual([28, 14]);
  });

  it.each([CONFIG, { stop_str: [] }])('keeps dollar signs, with and without role templates', (config) => {
    const { all } = tokenizePrompt(pipeline(config), [system("$$ $& $'"), user('$$x$$ costs $1')], false);
    expect(textOf(all)).toBe("<system>$$ $& $'<end><user>$$x$$ costs $1<end><assistant>");
  });

  it('refuses a system message in the middle', () => {
    expect(() => tokenizePrompt(pipeline(), [user('a'), system('b'), user('c')], false)).toThrow(
      expect.objectContaining({ code: 'input/invalid' }),
    );
  });

  it('of nothing has no messages', () => {
    expect(tokenizePrompt(pipeline(), [], false).perMessage).toEqual([]);
  });
});

describe('a model that is asked not to think', () => {
  const sampling = DEFAULT_SAMPLING;
  const qwen = { id: 'Qwen3-4B-q4f16_1-MLC', label: 'Qwen3 4B' };
  const llama = { id: 'Llama-3.2-1B-Instruct-q4f16_1-MLC', label: 'Llama 3.2 1B' };
  const messages = [user('a')];

  it('begins its answer behind an empty block, as its own template does', () => {
    const quick = promptOf({ modelId: qwen.id, messages, sampling, mayThink: false }, qwen);
    const { all } = tokenizePrompt(pipeline(), quick.messages, quick.continues);
    expect(textOf(all)).toMatch(/<user>a<end><assistant><think>\n\n<\/think>\n\n$/);
  });

  it('is left as it is when it thinks by itself, never thinks, or goes on', () => {
    const request = { modelId: 'm', messages, sampling };
    expect(promptOf(request, qwen)).toEqual({ messages, continues: false });
    expect(promptOf({ ...request, mayThink: false }, llama)).toEqual({ messages, continues: false });
    const begun = [...messages, assistant('<think>so')];
    const going = promptOf({ ...request, messages: begun, mayThink: false, continues: true }, qwen);
    expect(going).toEqual({ messages: begun, continues: true });
  });
});
