import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PromptMessage } from '#core/ports/chat-engine.ts';
import type { MessagePart, MessageRecord } from '#core/ports/chat-records.ts';
import { createId } from '#shared/ids.ts';
import { exportJson, exportMarkdown, importThread } from './exchange.ts';
import { appendDelta } from './parts.ts';
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
  test('clocks that disagree and rings in a broken file neither lose a message nor hang', () => {
    const younger = [
      message('m9', null, 'user'),
      message('m2', 'm9', 'assistant'),
      message('m1', 'm2', 'user'),
    ];
    expect(subtreeOf(younger, 'm9')).toHaveLength(3);
    const ring = [message('m1', 'm2', 'user'), message('m2', 'm1', 'assistant')];
    expect(latestLeafUnder(ring, 'm1')).toBe('m2');
    expect(subtreeOf(ring, 'm1')).toHaveLength(2);
  });
  test('in any tree a path leads from the latest leaf back to where it was asked from', () => {
    const parents = fc.array(fc.nat(), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(parents, fc.nat(), (choices, pick) => {
        const any = choices.map((choice, i) =>
          message(`m${i}`, i === 0 ? null : `m${choice % i}`, i % 2 ? 'assistant' : 'user'),
        );
        const from = `m${pick % any.length}`;
        const ids = pathTo(any, latestLeafUnder(any, from)).map(({ id }) => id);
        expect(ids).toContain(from);
        expect(new Set(ids).size).toBe(ids.length);
        const below = subtreeOf(any, from).map(({ id }) => id);
        for (const { id } of any) expect(below.includes(id)).toBe(pathTo(any, id).some((m) => m.id === from));
      }),
    );
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
  const plan = (contextTokens: number, preamble = '', isExact = true) =>
    planPrompt({
      thread: { systemPrompt: 'sys' },
      path,
      preamble,
      contextTokens,
      reserveTokens: 20,
      countTokens: async (messages) => ({ ...(await countTokens(messages)), isExact }),
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
  test('whatever the lengths: it fits, the last turn stays, roles alternate', async () => {
    const lengths = fc.array(fc.nat(60), { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(lengths, fc.integer({ min: 100, max: 400 }), async (all, contextTokens) => {
        const turns = all
          .slice(0, all.length - ((all.length + 1) % 2))
          .map((n, i) =>
            message(`m${i}`, i === 0 ? null : `m${i - 1}`, i % 2 ? 'assistant' : 'user', 'x'.repeat(n)),
          );
        const made = await planPrompt({
          thread: { systemPrompt: 'sys' },
          path: turns,
          contextTokens,
          reserveTokens: 20,
          countTokens,
        });
        const total = (await countTokens(made.messages)).total;
        expect(made.promptTokens).toBe(total);
        expect(total).toBeLessThanOrEqual(contextTokens - 16);
        expect(made.messages.slice(1).map(({ role }) => role)).toEqual(
          made.messages.slice(1).map((_, i) => (i % 2 ? 'assistant' : 'user')),
        );
        expect(made.leftOut).toEqual(turns.slice(0, made.leftOut.length).map(({ id }) => id));
        expect(made.messages).toHaveLength(1 + turns.length - made.leftOut.length);
      }),
    );
  });
  test('a question that does not fit alone is refused with the counts', async () => {
    await expect(plan(30)).rejects.toMatchObject({
      code: 'model/context-exceeded',
      details: { promptTokens: 17, contextTokens: 30, isExact: true },
    });
  });
  test('of an estimate the refusal says that it is one', async () => {
    await expect(plan(30, '', false)).rejects.toMatchObject({
      message: expect.stringContaining('has about 17 tokens'),
      details: { isExact: false },
    });
  });
});

describe('parts', () => {
  test('a notice does not cut a sentence in two', () => {
    const started = appendDelta([], { type: 'text-delta', text: 'It op' });
    const noted = [...started, { type: 'notice', text: 'switched off' } as const];
    expect(appendDelta(noted, { type: 'text-delta', text: 'ens' })).toEqual([
      { type: 'text', text: 'It opens' },
      { type: 'notice', text: 'switched off' },
    ]);
  });
  test('reasoning and text keep their order', () => {
    const types = (['reasoning-delta', 'text-delta', 'text-delta'] as const).reduce(
      (parts, type) => appendDelta(parts, { type, text: 'x' }),
      [] as readonly MessagePart[],
    );
    expect(types).toEqual([
      { type: 'reasoning', text: 'x' },
      { type: 'text', text: 'xx' },
    ]);
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
  test('a thread survives the round trip with new ids', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string(),
        fc.array(fc.string(), { minLength: 1, maxLength: 8 }),
        async (title, texts) => {
          const thread = { ...createThread('t', 1), title, activeLeafId: `m${texts.length}` };
          const messages = texts.map((text, i) =>
            message(`m${i + 1}`, i === 0 ? null : `m${i}`, i % 2 ? 'assistant' : 'user', text),
          );
          const text = await exportJson({ thread, messages, attachments: [] });
          const back = await importThread(text, createId, 2);
          expect(back.thread.title).toBe(title);
          expect(pathTo(back.messages, back.thread.activeLeafId).map(({ parts }) => parts)).toEqual(
            messages.map(({ parts }) => parts),
          );
          expect(
            back.messages.every(({ threadId, id }) => threadId === back.thread.id && !id.startsWith('m')),
          ).toBe(true);
        },
      ),
    );
  });
  test('a file whose shown leaf is missing opens on its last message', async () => {
    const thread = { ...createThread('t', 1), activeLeafId: 'gone' };
    const text = await exportJson({ thread, messages: tree, attachments: [] });
    const back = await importThread(text, createId, 2);
    expect(back.thread.activeLeafId).toBe(back.messages.at(-1)?.id);
  });
  test.each(['', 'null', '{}', '{"format":"benchtop-thread","version":9}', '[1]'])(
    '%j is refused',
    async (text) => {
      await expect(importThread(text, createId, 1)).rejects.toMatchObject({ code: 'input/invalid' });
    },
  );
  test('Markdown has the turns and the sources', () => {
    const thread = { ...createThread('t', 1), title: 'Valves' };
    expect(exportMarkdown(thread, tree.slice(0, 2))).toBe('# Valves\n\n## You\n\nm1\n\n## Answer\n\nm2\n');
  });
});
