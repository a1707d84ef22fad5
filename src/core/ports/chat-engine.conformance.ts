import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Progress } from '#shared/call.ts';
import type { AppError } from '#shared/errors.ts';
import { codeOf, GREEDY, textOf } from './chat-engine.test-support.ts';
import type {
  ChatEngine,
  GenerateEvent,
  GenerateRequest,
  LoadRequest,
  PromptMessage,
  SamplingSettings,
  Usage,
} from './chat-engine.ts';

/** What an engine can do; what it cannot is tested to be refused, not to be faked. */
interface ChatEngineTraits {
  readonly jsonSchema: boolean;
  readonly continues: boolean;
  /** `countTokens` is exact, and equals what `generate` reports. */
  readonly exactTokens: boolean;
  /** A second turn reuses the first one's KV cache and says so. */
  readonly reusesPrefix: boolean;
  /** Most milliseconds from abort() to the rejection. */
  readonly abortMs: number;
  /** Loads that must fail, with the codes that are right; the good model must load afterwards. */
  readonly badLoads: readonly {
    readonly name: string;
    readonly request: LoadRequest;
    readonly codes: readonly AppError['code'][];
  }[];
  /** Text that does not fit into the loaded context. */
  readonly overlongPrompt: string;
  /** Milliseconds one test may take. */
  readonly timeoutMs: number;
}

/** An engine, a small instruct model that knows the capital of France, and how to load it. */
export interface ChatEngineSubject {
  readonly engine: ChatEngine;
  readonly load: LoadRequest;
  readonly traits: ChatEngineTraits;
  readonly dispose?: () => void | Promise<void>;
}

const QUESTION = 'What is the capital of France?';

interface Answer {
  readonly text: string;
  readonly events: readonly GenerateEvent[];
  readonly reason: string | undefined;
  readonly usage: Usage;
}

/**
 * What every ChatEngine promises, against a real model. The tests share one loaded model and run in order: loading is
 * the slow part.
 */
export function describeChatEngine(name: string, make: () => Promise<ChatEngineSubject>): void {
  describe(`${name} is a ChatEngine`, () => {
    let subject: ChatEngineSubject;
    let first: Answer;

    const modelId = (): string => subject.load.model.id;
    const user = (content: string): PromptMessage => ({ role: 'user', content });

    function request(
      messages: readonly PromptMessage[],
      sampling: Partial<SamplingSettings> = {},
      more: Partial<GenerateRequest> = {},
    ): GenerateRequest {
      return { modelId: modelId(), messages, sampling: { ...GREEDY, ...sampling }, ...more };
    }

    async function ask(input: GenerateRequest, signal?: AbortSignal): Promise<Answer> {
      const events: GenerateEvent[] = [];
      for await (const event of subject.engine.generate(input, signal ? { signal } : {})) events.push(event);
      const finish = events.find((event) => event.type === 'finish');
      if (finish?.type !== 'finish') throw new Error('The answer ended without finish');
      return { text: textOf(events), events, reason: finish.reason, usage: finish.usage };
    }

    beforeAll(async () => {
      subject = await make();
    }, 120_000);

    afterAll(async () => {
      await subject.engine.unload({ modelId: modelId() });
      await subject.dispose?.();
    });

    const check = (title: string, run: () => Promise<void>): void => {
      test(title, run, 240_000);
    };

    check('a load that is aborted stops, and the next one works', async () => {
      const abort = new AbortController();
      const loading = subject.engine.load(subject.load, {
        signal: abort.signal,
        onProgress: () => abort.abort(),
      });
      setTimeout(() => abort.abort(), 250);
      expect(await codeOf(loading)).toBe('abort/by-user');
      expect(await codeOf(ask(request([user(QUESTION)])))).toBe('model/not-found');
    });

    check('load reports progress that never goes back, and where it runs', async () => {
      const seen: Progress[] = [];
      const loaded = await subject.engine.load(subject.load, { onProgress: (event) => seen.push(event) });
      expect(loaded.modelId).toBe(modelId());
      expect(loaded.contextTokens).toBeLessThanOrEqual(subject.load.contextTokens);
      expect(loaded.placeLabel).not.toBe('');
      for (const phase of new Set(seen.map((event) => event.phase))) {
        const done = seen.filter((event) => event.phase === phase).map((event) => event.done);
        expect(done).toEqual([...done].sort((a, b) => a - b));
      }
    });

    check('loading what is loaded returns at once', async () => {
      const startedAt = performance.now();
      await subject.engine.load(subject.load);
      expect(performance.now() - startedAt).toBeLessThan(500);
    });

    check('text comes first, then exactly one finish whose figures add up', async () => {
      first = await ask(request([user(QUESTION)]));
      expect(first.text).toContain('Paris');
      const types = first.events.map((event) => event.type);
      expect(types.filter((type) => type === 'finish')).toHaveLength(1);
      expect(types.at(-1)).toBe('finish');
      expect(types.filter((type) => type === 'text-delta').length).toBeGreaterThan(1);
      expect(first.usage.promptTokens).toBeGreaterThan(7);
      expect(first.usage.cachedTokens).toBeLessThan(first.usage.promptTokens);
      expect(first.usage.completionTokens).toBeGreaterThan(1);
      expect(first.usage.completionTokens).toBeLessThanOrEqual(10);
      expect(first.usage.ttftMs).toBeGreaterThan(0);
      expect(first.usage.decodeTokensPerSecond).toBeGreaterThan(0);
    });

    check('at temperature 0 the same question has the same answer', async () => {
      expect((await ask(request([user(QUESTION)]))).text).toBe(first.text);
    });

    check('maxTokens ends the answer with reason length', async () => {
      const short = await ask(request([user(QUESTION)], { maxTokens: 3 }));
      expect(short.reason).toBe('length');
      expect(short.usage.completionTokens).toBe(3);
      expect(first.text.startsWith(short.text)).toBe(true);
    });

    check('a second turn reuses the prefix and says so', async () => {
      const opening = await ask(request([user(QUESTION)], { maxTokens: 40, stop: ['.'] }));
      const turn = [
        user(QUESTION),
        { role: 'assistant', content: opening.text } as const,
        user('And of Italy?'),
      ];
      const second = await ask(request(turn, { maxTokens: 3 }));
      expect(second.usage.promptTokens).toBeGreaterThan(opening.usage.promptTokens);
      if (subject.traits.reusesPrefix) {
        expect(second.usage.cachedTokens).toBeGreaterThanOrEqual(opening.usage.promptTokens - 1);
        expect(second.usage.cachedTokens).toBeLessThan(second.usage.promptTokens);
      }
    });

    check('a stop string ends the answer, and none of it leaks', async () => {
      const at = first.text.indexOf('Paris');
      const cutInside = first.text.slice(at - 3, at + 2); // begins and ends inside tokens
      const stopped = await ask(request([user(QUESTION)], { stop: ['never seen', cutInside] }));
      expect(stopped.reason).toBe('stop');
      expect(stopped.text).toBe(first.text.slice(0, first.text.indexOf(cutInside)));
    });

    check('text that only begins like a stop string is not lost', async () => {
      const at = first.text.indexOf('Paris');
      const almost = `${first.text.slice(at - 6, at + 5)} is not what it says`;
      expect((await ask(request([user(QUESTION)], { stop: [almost] }))).text).toBe(first.text);
    });

    check('an abort rejects within one token, and the engine is usable at once', async () => {
      const abort = new AbortController();
      let abortedAt = 0;
      const events: GenerateEvent[] = [];
      const run = async (): Promise<void> => {
        const input = request([user('Tell me a long story about a river.')], { maxTokens: 200 });
        for await (const event of subject.engine.generate(input, { signal: abort.signal })) {
          events.push(event);
          if (abortedAt !== 0) continue;
          abortedAt = performance.now();
          abort.abort();
        }
      };
      expect(await codeOf(run())).toBe('abort/by-user');
      expect(performance.now() - abortedAt).toBeLessThan(subject.traits.abortMs);
      expect(events.length).toBeLessThanOrEqual(2);
      expect((await ask(request([user(QUESTION)]))).text).toBe(first.text);
    });

    check(
      'a call that is aborted before it starts, and a reader who leaves early, leave the engine usable',
      async () => {
        expect(await codeOf(ask(request([user(QUESTION)]), AbortSignal.abort()))).toBe('abort/by-user');
        for await (const _event of subject.engine.generate(request([user(QUESTION)], { maxTokens: 100 })))
          break;
        expect((await ask(request([user(QUESTION)], { maxTokens: 3 }))).usage.completionTokens).toBe(3);
      },
    );

    check('two calls at once are answered one after the other', async () => {
      const order: string[] = [];
      const run = async (label: string): Promise<string> => {
        let text = '';
        for await (const event of subject.engine.generate(request([user(QUESTION)], { maxTokens: 4 }))) {
          order.push(label);
          if (event.type === 'text-delta') text += event.text;
        }
        return text;
      };
      const [a, b] = await Promise.all([run('a'), run('b')]);
      expect(a).toBe(b);
      expect(order.join('')).toMatch(/^a+b+$/);
    });

    check('a waiting call that is aborted gives up its place', async () => {
      const abort = new AbortController();
      const running = ask(request([user(QUESTION)], { maxTokens: 4 }));
      const waiting = ask(request([user(QUESTION)]), abort.signal);
      abort.abort();
      expect(await codeOf(waiting)).toBe('abort/by-user');
      expect((await running).usage.completionTokens).toBe(4);
    });

    check('a prompt larger than the context is refused with both sizes', async () => {
      const asking = ask(request([user(subject.traits.overlongPrompt)]));
      await expect(asking).rejects.toMatchObject({
        code: 'model/context-exceeded',
        details: { promptTokens: expect.any(Number), contextTokens: expect.any(Number) },
      });
      expect((await ask(request([user(QUESTION)], { maxTokens: 3 }))).usage.completionTokens).toBe(3);
    });

    check('tokens are counted as generate sees them', async () => {
      const turns = [
        { role: 'system', content: 'You are terse.' },
        user('Name a river.'),
        { role: 'assistant', content: 'The Rhône 🌊.' },
        user(' Another <one>?\n'),
      ] as const;
      const counted = await subject.engine.countTokens({ modelId: modelId(), messages: turns });
      expect(counted.perMessage).toHaveLength(4);
      expect(counted.perMessage.reduce((sum, tokens) => sum + tokens, 0)).toBe(counted.total);
      expect(Math.min(...counted.perMessage)).toBeGreaterThan(0);
      expect(counted.isExact).toBe(subject.traits.exactTokens);
      if (!subject.traits.exactTokens) return;
      const { usage } = await ask(request(turns, { maxTokens: 2 }));
      expect(usage.promptTokens).toBe(counted.total);
    });

    check('a JSON Schema is obeyed, letters beyond ASCII arrive whole, a bad schema is refused', async () => {
      const text = '日本 🎉 naïve';
      const jsonSchema = JSON.stringify({ type: 'string', enum: [text] });
      const asking = ask(request([user('Say it.')], { maxTokens: 80 }, { jsonSchema }));
      if (!subject.traits.jsonSchema) {
        expect(await codeOf(asking)).toBe('input/unsupported');
        return;
      }
      const { events, text: answer } = await asking;
      expect(JSON.parse(answer)).toBe(text);
      for (const event of events) if (event.type === 'text-delta') expect(event.text).not.toMatch(BROKEN);
      const bad = ask(request([user('Say it.')], {}, { jsonSchema: '{"type":' }));
      expect(await codeOf(bad)).toMatch(/^input\//);
      expect((await ask(request([user(QUESTION)], { maxTokens: 3 }))).usage.completionTokens).toBe(3);
    });

    check('an answer can be continued where it ended', async () => {
      const begun = [user(QUESTION), { role: 'assistant', content: 'The capital of France is' }] as const;
      const going = ask(request(begun, { maxTokens: 4 }, { continues: true }));
      if (!subject.traits.continues) {
        expect(await codeOf(going)).toBe('input/unsupported');
        return;
      }
      const { text } = await going;
      expect(text).toContain('Paris');
      expect(text).not.toContain('capital of');
    });

    check('a picture for a model that sees none is refused, and the next question is answered', async () => {
      const bytes = new Uint8Array([0x89, 0x50, 0x4e, 0x47]);
      const image = { blob: new Blob([bytes]), mediaType: 'image/png', width: 1, height: 1 } as const;
      const sighted = [{ ...user('What is this?'), images: [image] }];
      expect(await codeOf(ask(request(sighted)))).toBe('input/unsupported');
      const counting = subject.engine.countTokens({ modelId: modelId(), messages: sighted });
      expect(await codeOf(counting)).toBe('input/unsupported');
      expect((await ask(request([{ ...user(QUESTION), images: [] }]))).text).toBe(first.text);
    });

    check('asked not to think, a model answers as ever', async () => {
      const { text } = await ask(request([user(QUESTION)], { maxTokens: 8 }, { mayThink: false }));
      expect(text.trim()).not.toBe('');
    });

    check('a prompt that does not end with a question is refused', async () => {
      const asking = ask(request([user(QUESTION), { role: 'assistant', content: 'Paris.' }]));
      expect(await codeOf(asking)).toBe('input/invalid');
    });

    check('a model that is not loaded is not found', async () => {
      const stranger = { ...request([user(QUESTION)]), modelId: 'no-such-model' };
      expect(await codeOf(ask(stranger))).toBe('model/not-found');
      const counting = subject.engine.countTokens({ modelId: 'no-such-model', messages: [user('x')] });
      expect(await codeOf(counting)).toBe('model/not-found');
    });

    check('bad loads fail with their code, and the good model loads afterwards', async () => {
      for (const { name: bad, request: load, codes } of subject.traits.badLoads)
        expect(codes, bad).toContain(await codeOf(subject.engine.load(load)));
      await subject.engine.load(subject.load);
      expect((await ask(request([user(QUESTION)]))).text).toBe(first.text);
    });

    check('after unload the model is not found; unloading again is fine', async () => {
      await subject.engine.unload({ modelId: modelId() });
      await subject.engine.unload({ modelId: modelId() });
      expect(await codeOf(ask(request([user(QUESTION)])))).toBe('model/not-found');
    });
  });
}

/** A replacement character, or half of a surrogate pair. */
const BROKEN = /\uFFFD|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;
