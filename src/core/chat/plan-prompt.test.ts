import { describe, expect, test } from 'vitest';
import type { PromptMessage } from '#core/ports/chat-engine.ts';
import type { MessagePart, MessageRecord, SourcePassage } from '#core/ports/chat-records.ts';
import { sourcesPrompt } from '#core/rag/index.ts';
import { planPrompt } from './plan-prompt.ts';

const countText = (text: string): number => text.split(/\s+/).length;
/** A word a token, in the frame of a template: what an engine compares with its cache. */
const tokensOf = (messages: readonly PromptMessage[]): readonly string[] =>
  messages.flatMap(({ role, content }) => [`<${role}>`, ...content.split(/\s+/), '</s>']);
const countTokens = async (messages: readonly PromptMessage[]) => {
  const perMessage = messages.map((message) => tokensOf([message]).length);
  return { perMessage, total: perMessage.reduce((a, b) => a + b, 0), isExact: true };
};

function passage(number: number, words: number): SourcePassage {
  return {
    number,
    documentId: `d${number}`,
    documentName: `d${number}.md`,
    ordinal: 0,
    text: `source${number} `.repeat(words).trim(),
    start: 0,
    end: 1,
    headingPath: [],
    score: 1,
    origin: 'both',
  };
}

function turn(id: string, role: MessageRecord['role'], text: string, more: readonly MessagePart[] = []) {
  const parts: readonly MessagePart[] = [...more, { type: 'text', text }];
  const message: MessageRecord = {
    id,
    threadId: 't',
    parentId: null,
    role,
    parts,
    createdAt: 1,
    status: 'complete',
  };
  return message;
}

/** A conversation as `answer` would have it: each question is asked with its own sources. */
async function converse(questions: readonly (readonly SourcePassage[])[], contextTokens: number) {
  const path: MessageRecord[] = [];
  const plans = [];
  for (const [i, passages] of questions.entries()) {
    path.push(turn(`q${i}`, 'user', `question number ${i}`));
    const { preamble, used, leftOut } = sourcesPrompt(passages, contextTokens / 2, countText);
    const thread = { systemPrompt: 'You are brief.' };
    plans.push(
      await planPrompt({ thread, path: [...path], preamble, contextTokens, reserveTokens: 20, countTokens }),
    );
    const sources = {
      type: 'sources',
      query: 'q',
      passages,
      leftOut: leftOut.length,
      quoted: used.map(({ number }) => number),
    } as const;
    path.push(turn(`a${i}`, 'assistant', `answer number ${i}`, [sources]));
  }
  return plans;
}

describe('a follow-up', () => {
  test('begins with the whole prompt before it: sources, question, and then the answer', async () => {
    const [first, second, third] = await converse(
      [[passage(1, 30), passage(2, 500), passage(3, 20)], [passage(1, 40)], []],
      600,
    );
    // The second passage did not fit: it is not quoted later either.
    const one = tokensOf(first?.messages ?? []);
    const two = tokensOf(second?.messages ?? []);
    const three = tokensOf(third?.messages ?? []);
    expect(one.join(' ')).toContain('source3');
    expect(one.join(' ')).not.toContain('source2');
    expect(two.slice(0, one.length)).toEqual(one);
    expect(two.slice(one.length, one.length + 4)).toEqual(['<assistant>', 'answer', 'number', '0']);
    expect(three.slice(0, two.length)).toEqual(two);
    expect(third?.promptTokens).toBe(three.length);
  });

  test('that has no room for all earlier sources keeps the turns, and none of those sources', async () => {
    const plans = await converse(
      [[passage(1, 90)], [passage(2, 90)], [passage(3, 90)], [passage(4, 90)]],
      330,
    );
    for (const [i, { messages, leftOut, promptTokens }] of plans.entries()) {
      expect(leftOut).toEqual([]);
      expect(messages).toHaveLength(2 + 2 * i);
      expect(promptTokens).toBe(tokensOf(messages).length);
      expect(promptTokens).toBeLessThanOrEqual(310);
      expect(messages.at(-1)?.content).toContain(`source${i + 1}`);
    }
    const shared = (a: readonly string[], b: readonly string[]) => {
      const at = a.findIndex((token, i) => token !== b[i]);
      return at === -1 ? a.length : at;
    };
    const [, , third, fourth] = plans.map(({ messages }) => tokensOf(messages));
    // All that stands before the last question's sources is shared.
    const before = third?.lastIndexOf('<user>') ?? 0;
    expect(before).toBeGreaterThan(20);
    expect(shared(third ?? [], fourth ?? [])).toBe(before + 1);
  });

  test('an answer of before, of which it is not known what it quoted, is passed on without', async () => {
    const sources = { type: 'sources', query: 'q', passages: [passage(1, 5)], leftOut: 1 } as const;
    const path = [
      turn('q', 'user', 'one'),
      turn('a', 'assistant', 'two', [sources]),
      turn('r', 'user', 'three'),
    ];
    const { messages } = await planPrompt({
      thread: { systemPrompt: '' },
      path,
      contextTokens: 600,
      reserveTokens: 20,
      countTokens,
    });
    expect(messages.map(({ content }) => content)).toEqual(['one', 'two', 'three']);
  });
});
