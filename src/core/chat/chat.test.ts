import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PromptMessage } from '#core/ports/chat-engine.ts';
import type { MessageRecord } from '#core/ports/chat-records.ts';
import { createId } from '#shared/ids.ts';
import { exportJson, exportMarkdown, importThread } from './exchange.ts';
import { planPrompt } from './plan-prompt.ts';
import { createThread, titleFrom } from './presets.ts';
import { latestLeafUnder, pathTo, siblingsOf, subtreeOf } from './tree.ts';

function message(id: string, parentId: string | null, role: 'user' | 'assistant', text = id): MessageRecord {
  return {
    id,
    threadId: 't',
    parentId,
    role,
    parts: [{ type: 'text', text }],
    createdAt: Number.parseInt(id.slice(1), 10),
    status: 'complete',
  };
}

const tree = [
  message('m1', null, 'user'),
  message('m2', 'm1', 'assistant'),
  message('m3', 'm2', 'user'),
  message('m4', 'm3', 'assistant'),
  message('m5', 'm1', 'assistant'),
  message('m6', 'm5', 'user'),
];

describe('the tree', () => {
  test('a path runs from the root to the leaf', () => {
    expect(pathTo(tree, 'm4').map(({ id }) => id)).toEqual(['m1', 'm2', 'm3', 'm4']);
    expect(pathTo(tree, null)).toEqual([]);
    expect(pathTo([message('m1', 'm2', 'user'), message('m2', 'm1', 'user')], 'm1')).toHaveLength(2);
  });
  test('siblings, latest leaf, subtree', () => {
    const [, second] = tree;
    expect(siblingsOf(tree, second!).map(({ id }) => id)).toEqual(['m2', 'm5']);
    expect(latestLeafUnder(tree, 'm1')).toBe('m6');
    expect(latestLeafUnder(tree, 'm2')).toBe('m4');
    expect(subtreeOf(tree, 'm5').map(({ id }) => id)).toEqual(['m5', 'm6']);
  });
});

describe('the prompt', () => {
  // One token a character and two a message: a tokenizer that really counts.
  const countTokens = async (messages: readonly PromptMessage[]) => {
    const perMessage = messages.map(({ content }) => content.length + 2);
    return { perMessage, total: perMessage.reduce((a, b) => a + b, 0), isExact: true };
  };
  const path = [
    message('m1', null, 'user', 'a'.repeat(40)),
    message('m2', 'm1', 'assistant', 'b'.repeat(40)),
    message('m3', 'm2', 'user', 'c'.repeat(10)),
    message('m4', 'm3', 'assistant', 'd'.repeat(10)),
    message('m5', 'm4', 'user', 'e'.repeat(10)),
  ];
  const plan = (contextTokens: number, preamble = '') =>
    planPrompt({
      thread: { systemPrompt: 'sys' },
      path,
      preamble,
      contextTokens,
      reserveTokens: 20,
      countTokens,
    });

  test('everything stays while there is room', async () => {
    const { messages, leftOut, promptTokens } = await plan(400);
    expect(messages).toHaveLength(6);
    expect(leftOut).toEqual([]);
    expect(promptTokens).toBe(125);
  });
  test('the oldest question falls out with its answer; the system prompt stays', async () => {
    const { messages, leftOut, promptTokens } = await plan(100);
    expect(leftOut).toEqual(['m1', 'm2']);
    expect(messages.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'user']);
    expect(promptTokens).toBe((await countTokens(messages)).total);
  });
  test('sources go before the question', async () => {
    expect((await plan(400, 'Sources: x')).messages.at(-1)?.content).toBe(`Sources: x\n\n${'e'.repeat(10)}`);
  });
  test('a question that does not fit alone is refused with the counts', async () => {
    await expect(plan(30)).rejects.toMatchObject({
      code: 'model/context-exceeded',
      details: { promptTokens: 17, contextTokens: 30 },
    });
  });
});

describe('titles', () => {
  test.each([
    ['What is the capital of France? And of Italy?', 'What is the capital of France?'],
    ['  **Hi**\nthere ', 'Hi there'],
    ['', 'New chat'],
  ])('%j', (question, title) => expect(titleFrom(question)).toBe(title));
  test('a long one is cut at a word', () => {
    const title = titleFrom('word '.repeat(40));
    expect(title.length).toBeLessThanOrEqual(61);
    expect(title).toMatch(/word…$/);
  });
});

describe('export and import', () => {
  test('a thread survives the round trip with new ids', () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.string(), { minLength: 1, maxLength: 8 }), (title, texts) => {
        const thread = { ...createThread('t', 1), title, activeLeafId: `m${texts.length}` };
        const messages = texts.map((text, i) =>
          message(`m${i + 1}`, i === 0 ? null : `m${i}`, i % 2 ? 'assistant' : 'user', text),
        );
        const back = importThread(exportJson({ thread, messages }), createId, 2);
        expect(back.thread.title).toBe(title);
        expect(pathTo(back.messages, back.thread.activeLeafId).map(({ parts }) => parts)).toEqual(
          messages.map(({ parts }) => parts),
        );
        expect(
          back.messages.every(({ threadId, id }) => threadId === back.thread.id && !id.startsWith('m')),
        ).toBe(true);
      }),
    );
  });
  test.each(['', 'null', '{}', '{"format":"benchtop-thread","version":9}', '[1]'])(
    '%j is refused',
    (text) => {
      expect(() => importThread(text, createId, 1)).toThrowError(
        expect.objectContaining({ code: 'input/invalid' }),
      );
    },
  );
  test('Markdown has the turns and the sources', () => {
    const thread = { ...createThread('t', 1), title: 'Valves' };
    expect(exportMarkdown(thread, tree.slice(0, 2))).toBe('# Valves\n\n## You\n\nm1\n\n## Answer\n\nm2\n');
  });
});
