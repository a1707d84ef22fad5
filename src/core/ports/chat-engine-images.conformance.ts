import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CallOptions } from '#shared/call.ts';
import { codeOf, GREEDY } from './chat-engine.test-support.ts';
import type {
  ChatEngine,
  GenerateEvent,
  LoadRequest,
  PromptImage,
  PromptMessage,
  TokenCount,
  Usage,
} from './chat-engine.ts';

/** A picture, what is asked about it, and what the answer has to contain. */
interface SeenPicture {
  readonly name: string;
  readonly image: PromptImage;
  readonly question: string;
  readonly answer: string;
}

/** An engine and a small model that sees. */
export interface SightedChatEngineSubject {
  readonly engine: ChatEngine;
  readonly load: LoadRequest;
  /** Two or more, a JPEG and a PNG among them; the first two are asked the same and have different answers. */
  readonly pictures: readonly SeenPicture[];
  readonly traits: {
    /** `countTokens` counts pictures as `generate` does; else it estimates, and says so. */
    readonly exactTokens: boolean;
    /** A second turn about a picture does not read it again. */
    readonly reusesPictures: boolean;
    /** Most milliseconds from abort() to the rejection. */
    readonly abortMs: number;
  };
  readonly dispose?: () => void | Promise<void>;
}

interface Answer {
  readonly text: string;
  readonly usage: Usage;
}

/**
 * What every ChatEngine promises about pictures, against a real model that sees. The tests share one loaded model and run
 * in order.
 */
export function describeSightedChatEngine(name: string, make: () => Promise<SightedChatEngineSubject>): void {
  describe(`${name} is a ChatEngine that sees`, () => {
    let subject: SightedChatEngineSubject;
    let first: SeenPicture;
    let second: SeenPicture;

    beforeAll(async () => {
      subject = await make();
      const [one, two] = subject.pictures;
      if (one === undefined || two === undefined) throw new Error('Two pictures are needed');
      [first, second] = [one, two];
    }, 120_000);

    afterAll(async () => {
      await subject.engine.unload({ modelId: subject.load.model.id });
      await subject.dispose?.();
    });

    const check = (title: string, run: () => Promise<void>): void => {
      test(title, run, 240_000);
    };
    const about = (content: string, ...images: readonly PromptImage[]): PromptMessage => ({
      role: 'user',
      content,
      images,
    });
    const said = (content: string): PromptMessage => ({ role: 'assistant', content });
    const count = (messages: readonly PromptMessage[]): Promise<TokenCount> =>
      subject.engine.countTokens({ modelId: subject.load.model.id, messages });

    function start(
      messages: readonly PromptMessage[],
      options: CallOptions = {},
    ): AsyncIterable<GenerateEvent> {
      return subject.engine.generate({ modelId: subject.load.model.id, messages, sampling: GREEDY }, options);
    }

    async function ask(...messages: readonly PromptMessage[]): Promise<Answer> {
      let text = '';
      for await (const event of start(messages)) {
        if (event.type === 'text-delta') text += event.text;
        if (event.type === 'finish') return { text, usage: event.usage };
      }
      throw new Error('The answer ended without finish');
    }

    /** A picture after a refused or stopped one is read as ever. */
    async function expectSight(): Promise<void> {
      expect((await ask(about(second.question, second.image))).text).toContain(second.answer);
    }

    check('load says that it sees', async () => {
      expect((await subject.engine.load(subject.load)).seesImages).toBe(true);
    });

    check('each picture is answered for what is on it, JPEG or PNG', async () => {
      const types = new Set(subject.pictures.map(({ image }) => image.mediaType));
      expect([...types].sort()).toEqual(['image/jpeg', 'image/png']);
      expect(first.question).toBe(second.question);
      expect(first.answer).not.toBe(second.answer);
      for (const { name: picture, image, question, answer } of subject.pictures)
        expect((await ask(about(question, image))).text, picture).toContain(answer);
    });

    check('the tokens of a picture are counted', async () => {
      const blind = await count([about(first.question)]);
      const sighted = await count([about(first.question, first.image)]);
      const { usage } = await ask(about(first.question, first.image));
      expect(sighted.total).toBeGreaterThan(blind.total + 1);
      expect(usage.promptTokens).toBeGreaterThan(blind.total + 1);
      expect(sighted.isExact).toBe(subject.traits.exactTokens);
      if (subject.traits.exactTokens) expect(sighted.total).toBe(usage.promptTokens);
    });

    check('in a longer conversation, each message is counted with its own pictures', async () => {
      const turns = [about(first.question, first.image), said(first.answer), about('And now?')];
      const { perMessage, total } = await count(turns);
      expect(perMessage).toHaveLength(3);
      expect(perMessage.reduce((sum, tokens) => sum + tokens, 0)).toBe(total);
      expect(perMessage[0]).toBeGreaterThan(perMessage[2] ?? Number.NaN);
      if (subject.traits.exactTokens) expect((await ask(...turns)).usage.promptTokens).toBe(total);
    });

    check('a second turn about the same picture reads only what is new', async () => {
      const opening = await ask(about(first.question, first.image));
      const turns = [about(first.question, first.image), said(opening.text), about('And now?')];
      const { usage } = await ask(...turns);
      expect(usage.promptTokens).toBeGreaterThan(opening.usage.promptTokens);
      if (subject.traits.reusesPictures)
        expect(usage.cachedTokens).toBeGreaterThanOrEqual(opening.usage.promptTokens - 1);
    });

    check('another picture of the same size under the same words is not taken for the first', async () => {
      await ask(about(first.question, first.image));
      const { text } = await ask(about(second.question, second.image));
      expect(text).toContain(second.answer);
      expect((await ask(about(first.question, first.image))).text).toContain(first.answer);
    });

    check('a picture of an earlier turn is still in view', async () => {
      const later = [said('I see it.'), about(first.question)];
      const sighted = await ask(about('Look at this.', first.image), ...later);
      const blind = await ask(about('Look at this.'), ...later);
      const alone = await count([about('Look at this.', first.image)]);
      const words = await count([about('Look at this.')]);
      expect(sighted.usage.promptTokens).toBeGreaterThan(blind.usage.promptTokens + 1);
      if (subject.traits.exactTokens)
        expect(sighted.usage.promptTokens - blind.usage.promptTokens).toBe(alone.total - words.total);
    });

    check('a second picture in a second turn is answered for what is on it', async () => {
      const turns = [
        about(first.question, first.image),
        said((await ask(about(first.question, first.image))).text),
      ];
      const { text } = await ask(...turns, about(second.question, second.image));
      expect(text).toContain(second.answer);
    });

    check('one message brings two pictures, and both are read', async () => {
      const none = await ask(about(first.question));
      const one = await ask(about(first.question, first.image));
      const both = await ask(about(first.question, first.image, second.image));
      const ofOne = one.usage.promptTokens - none.usage.promptTokens;
      expect(both.usage.promptTokens).toBeGreaterThanOrEqual(one.usage.promptTokens + ofOne / 2);
      const counted = await count([about(first.question, first.image, second.image)]);
      if (subject.traits.exactTokens) expect(counted.total).toBe(both.usage.promptTokens);
    });

    check('a picture that cannot be decoded is refused, and the next one is seen', async () => {
      const { blob, mediaType } = first.image;
      const broken: readonly PromptImage[] = [
        { ...first.image, blob: new Blob(['This is no picture.'], { type: mediaType }) },
        { ...first.image, blob: new Blob([], { type: mediaType }) },
        { ...first.image, blob: blob.slice(0, 40, mediaType) },
      ];
      for (const image of broken) {
        expect(await codeOf(ask(about(first.question, image)))).toBe('input/invalid');
        expect(await codeOf(ask(about(first.question, second.image, image)))).toBe('input/invalid');
        await expectSight();
      }
    });

    check('an abort while the picture is read rejects at once, and the next one is seen', async () => {
      const abort = new AbortController();
      const events = start([about(first.question, first.image)], { signal: abort.signal });
      const next = events[Symbol.asyncIterator]().next();
      await new Promise((resolve) => setTimeout(resolve, 0)); // let it take its turn
      const abortedAt = performance.now();
      abort.abort();
      expect(await codeOf(next)).toBe('abort/by-user');
      expect(performance.now() - abortedAt).toBeLessThan(subject.traits.abortMs);
      await expectSight();
    });

    check('an engine that says how far it has read can be stopped there', async () => {
      const abort = new AbortController();
      let abortedAt = 0;
      const onProgress = (): void => {
        if (abortedAt === 0) abortedAt = performance.now();
        abort.abort();
      };
      const reading = textOf(
        start([about(first.question, first.image)], { signal: abort.signal, onProgress }),
      );
      const code = await codeOf(reading);
      if (abortedAt === 0)
        expect(await reading).toContain(first.answer); // it says nothing: so be it
      else {
        expect(code).toBe('abort/by-user');
        expect(performance.now() - abortedAt).toBeLessThan(subject.traits.abortMs);
      }
      await expectSight();
    });

    check('without a picture it answers, too', async () => {
      const { text, usage } = await ask(about('Hello.'));
      expect(typeof text).toBe('string');
      expect(usage.completionTokens).toBeGreaterThan(0);
    });
  });
}

async function textOf(events: AsyncIterable<GenerateEvent>): Promise<string> {
  let text = '';
  for await (const event of events) if (event.type === 'text-delta') text += event.text;
  return text;
}
