import axe from 'axe-core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { imagesOf, pathTo, textOf } from '#core/chat/index.ts';
import { AppError } from '#shared/errors.ts';
import { until } from '#shared/until.test-support.ts';
import { makeChat, preparePicture, showChat, type TestChat, textsOf } from './chat.test-support.tsx';
import { BLIND, coloured, makeSeeingRoom, SEEING } from './colour-engine.test-support.ts';

let seeing: ReturnType<typeof makeSeeingRoom>;
let chat: TestChat;
let hide: () => void = () => {};
beforeEach(async () => {
  await page.viewport(1440, 900);
  seeing = makeSeeingRoom();
  chat = await makeChat({ engine: seeing });
  await chat.room.load(SEEING.id);
});
afterEach(async () => {
  hide();
  hide = () => {};
  document.documentElement.style.colorScheme = '';
  await chat.dispose();
});

const given = (files: readonly File[]) => files.map((file) => ({ file, name: file.name }));
const waiting = () => (chat.state().active?.draftImages ?? []).map(({ name }) => name);
const path = () => pathTo(chat.state().messages, chat.state().active?.activeLeafId ?? null);
const isStored = async (sha256: string) => (await chat.repositories.threads.attachment(sha256)) !== undefined;
async function attach(...files: readonly File[]): Promise<void> {
  await chat.controller.pictures.attach(given(files));
}
async function ask(words: string, ...files: readonly File[]): Promise<string | undefined> {
  await attach(...files);
  chat.controller.setDraft(words);
  await chat.controller.send();
  return textsOf(chat.answers()).at(-1);
}

describe('questions about pictures', () => {
  test('are answered from their pixels; edits, retries and later questions keep the pictures', async () => {
    const [red, blue] = [await coloured('red.png', '#f00'), await coloured('blue.jpg', '#00f')];
    expect(await ask('Which colour?', red)).toBe('I see red.');
    const [question] = path();
    expect(imagesOf(question!)).toMatchObject([{ name: 'red.png', width: 60, height: 40 }]);
    expect(waiting()).toEqual([]);
    expect(await ask('And this?', blue)).toBe('I see red, blue.');
    await chat.controller.edit(question!.id, 'What is it?');
    expect(textsOf(path())).toEqual(['What is it?', 'I see red.']);
    await chat.controller.regenerate(path()[1]!.id);
    expect(textsOf(path())).toEqual(['What is it?', 'I see red.']);
    // Word for word, picture for picture: what the engine has read already is a beginning of it.
    const [first, second] = seeing.asked.map(({ messages }) =>
      messages.map(({ content, images }) => [content, images?.length]),
    );
    expect(second?.slice(0, 1)).toEqual(first?.slice(0, 1));
  });

  test('without words ask what they show', async () => {
    expect(await ask('', await coloured('a.png', '#0f0'))).toBe('I see green.');
    expect(textsOf(path())[0]).toBe('What does this picture show?');
    expect(chat.state().active?.title).toBe('What does this picture show?');
    await ask(' ', await coloured('b.png', '#f00'), await coloured('c.png', '#00f'));
    expect(textsOf(path())[2]).toBe('What do these pictures show?');
  });

  test('wait with their draft over a reload, also in a chat that has no word yet', async () => {
    await attach(await coloured('red.png', '#f00'));
    const reloaded = await makeChat({ databaseName: chat.databaseName, engine: seeing });
    expect(reloaded.state().active?.draftImages).toMatchObject([{ name: 'red.png' }]);
    await reloaded.controller.send();
    expect(textsOf(reloaded.answers())).toEqual(['I see red.']);
    await reloaded.dispose();
  });

  test('refuse what is no picture, by name; the others stay; at most eight', async () => {
    const broken = new File([(await coloured('x.png', '#f00')).slice(0, 40)], 'broken.png');
    await attach(
      new File([], 'empty.png'),
      await coloured('red.png', '#f00'),
      new File(['words'], 'a.png'),
      broken,
    );
    expect(waiting()).toEqual(['red.png']);
    const words = () => chat.state().refusedPictures.map(({ message }) => message);
    expect(words()).toEqual([
      expect.stringContaining('“empty.png” is empty'),
      expect.stringContaining('“a.png” is no picture'),
      expect.stringContaining('“broken.png” is damaged'),
    ]);
    const greys = await Promise.all(
      Array.from({ length: 9 }, (_, i) => coloured(`g${i}.png`, `rgb(${i},${i},9)`)),
    );
    await attach(...greys);
    expect(waiting()).toHaveLength(8);
    expect(words()).toHaveLength(2);
    expect(words()[1]).toMatch(/“g8\.png” was not attached: at most 8/);
    // The same one again is there already.
    await chat.controller.pictures.detach(chat.state().active!.draftImages![7]!.sha256);
    await attach(await coloured('again.png', '#f00'));
    expect(waiting()).toHaveLength(7);
    // What was refused is said until the question is asked.
    await attach(new File([], 'empty.png'));
    expect(words()).toHaveLength(1);
    await chat.controller.send();
    expect(words()).toEqual([]);
  });

  test('that come while others are being stored, in a chat that is not yet, all stay', async () => {
    let prepared = 0;
    const fresh = await makeChat({
      engine: seeing,
      preparePicture: async (input) => {
        const picture = await preparePicture(input);
        prepared += 1;
        return picture;
      },
    });
    const { threads } = fresh.repositories;
    const save = threads.save;
    Object.assign(threads, {
      save: async (change: Parameters<typeof save>[0]) => {
        if (change.attachments?.length) await until(() => prepared === 2);
        await save(change);
      },
    });
    const files = [await coloured('red.png', '#f00'), await coloured('blue.png', '#00f')];
    await Promise.all(files.map((file) => fresh.controller.pictures.attach(given([file]))));
    const { active } = fresh.state();
    expect(active?.draftImages?.map(({ name }) => name).sort()).toEqual(['blue.png', 'red.png']);
    expect((await threads.get(active!.id))?.draftImages).toHaveLength(2);
    await fresh.dispose();
  });

  test('a full disk takes no picture, says so, and loses no word', async () => {
    chat.controller.setDraft('What does it say?');
    const { threads } = chat.repositories;
    const update = threads.update;
    const save = threads.save;
    const full = () => Promise.reject(new AppError('storage/quota-exceeded', 'The disk is full.'));
    Object.assign(threads, {
      update: (...args: Parameters<typeof update>) => (args[2]?.length ? full() : update(...args)),
      save: (change: Parameters<typeof save>[0]) => (change.attachments?.length ? full() : save(change)),
    });
    await attach(await coloured('red.png', '#f00'));
    expect(chat.state().refusedPictures).toEqual([
      { name: 'red.png', code: 'storage/quota-exceeded', message: 'The disk is full.' },
    ]);
    expect(waiting()).toEqual([]);
    expect(chat.state().active?.draft).toBe('What does it say?');
    Object.assign(threads, { update, save });
    await attach(await coloured('red.png', '#f00'));
    expect(waiting()).toEqual(['red.png']);
    expect(chat.state().active?.draft).toBe('What does it say?');
  });

  test('their bytes go with the last message that shows them, and come back with an undo', async () => {
    await ask('Which colour?', await coloured('red.png', '#f00'));
    const [question] = path();
    const [{ sha256 } = { sha256: '' }] = imagesOf(question!);
    await chat.controller.edit(question!.id, 'Again?');
    await chat.controller.removeMessage(question!.id);
    expect(await isStored(sha256)).toBe(true);
    await chat.controller.removeMessage(path()[0]!.id);
    expect(await isStored(sha256)).toBe(false);
    chat.undo();
    await until(() => path().length === 2);
    expect(await isStored(sha256)).toBe(true);
    await chat.controller.regenerate(path()[1]!.id);
    expect(textsOf(path())).toEqual(['Again?', 'I see red.']);
    await attach(await coloured('grey.png', '#888'));
    const [grey] = chat.state().active?.draftImages ?? [];
    expect(await isStored(grey!.sha256)).toBe(true);
    await chat.controller.pictures.detach(grey!.sha256);
    expect([await isStored(grey!.sha256), await isStored(sha256)]).toEqual([false, true]);
  });

  test('an exported chat brings its pictures along', async () => {
    await ask('Which colour?', await coloured('red.png', '#f00'));
    const file = await chat.controller.exportThread(chat.state().active!.id, 'json');
    const other = await makeChat({ engine: seeing });
    await other.controller.open(await other.controller.importThread(file!.text));
    const answer = other.answers()[0];
    await other.controller.regenerate(answer!.id);
    expect(textsOf(other.answers())).toEqual(['I see red.', 'I see red.']);
    await other.dispose();
  });

  test('the meter counts them', async () => {
    await ask('Which colour?', await coloured('red.png', '#f00'));
    const before = await until(() => chat.state().context?.usedTokens);
    await attach(await coloured('blue.png', '#00f'));
    await until(() => (chat.state().context?.usedTokens ?? 0) >= before + 100);
  });
});

describe('a model that sees no pictures', () => {
  test('is not sent any: they wait, with their words, until one that does is loaded', async () => {
    await chat.room.load(BLIND.id);
    expect(await ask('Which colour?', await coloured('red.png', '#f00'))).toBeUndefined();
    expect([waiting(), chat.state().active?.draft]).toEqual([['red.png'], 'Which colour?']);
    await chat.room.load(SEEING.id);
    await chat.controller.send();
    expect(textsOf(chat.answers())).toEqual(['I see red.']);
  });

  test('that was loaded after the question says so in the answer; asked again of another, it is answered', async () => {
    const fresh = makeSeeingRoom();
    const early = await makeChat({ engine: fresh });
    await early.controller.pictures.attach(given([await coloured('red.png', '#f00')]));
    const sent = early.controller.send();
    await until(() => early.answers()[0]?.status === 'waiting');
    await early.room.load(BLIND.id);
    await sent;
    const failed = early.answers()[0];
    expect(failed).toMatchObject({ status: 'failed', error: { code: 'input/unsupported' } });
    expect(failed?.error?.message).toContain('Mole does not see pictures');
    expect(fresh.asked).toEqual([]);
    await early.room.load(SEEING.id);
    await early.controller.regenerate(failed!.id);
    expect(textsOf(early.answers())).toEqual(['I see red.']);
    await early.dispose();
  });

  test('goes on with a chat that has some, and says what it was not shown', async () => {
    await ask('Which colour?', await coloured('red.png', '#f00'));
    await chat.room.load(BLIND.id);
    expect(await ask('Thank you. And now?')).toBe('I see nothing.');
    const notice = chat
      .answers()
      .at(-1)
      ?.parts.find(({ type }) => type === 'notice');
    expect(notice).toMatchObject({
      text: 'A picture of an earlier question was left out: Mole does not see pictures.',
    });
  });
});

describe('on the screen', () => {
  const box = () => page.getByRole('textbox', { name: 'Your question' });
  const thumbnails = () => document.querySelectorAll('[aria-label="Attached pictures"] img').length;

  async function paste(...files: readonly File[]): Promise<void> {
    const clipboardData = new DataTransfer();
    for (const file of files) clipboardData.items.add(file);
    const target = await until(() => document.querySelector('textarea') ?? undefined);
    target.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }

  test('pasted pictures are seen, removed, sent, and opened large with their name', async () => {
    const shown: string[] = [];
    hide = showChat(chat, { onShowPicture: (id) => shown.push(id) });
    await expect.element(page.getByRole('button', { name: 'Attach pictures' })).toBeVisible();
    await paste(await coloured('red.png', '#f00'), await coloured('blue.png', '#00f', 900, 300));
    await until(() => thumbnails() === 2);
    await page.getByRole('button', { name: 'Remove red.png' }).click();
    await until(() => thumbnails() === 1);
    expect(document.activeElement).toBe(page.getByRole('button', { name: 'Remove blue.png' }).element());
    for (const scheme of ['light', 'dark']) {
      document.documentElement.style.colorScheme = scheme;
      const results = await axe.run(document.querySelector('form') ?? document.body);
      expect(
        results.violations.map(({ id }) => id),
        scheme,
      ).toEqual([]);
    }
    await userEvent.fill(box(), 'Which colour?');
    await userEvent.type(box(), '{Enter}');
    await expect.element(page.getByText('I see blue.')).toBeVisible();
    expect(thumbnails()).toBe(0);
    await page.getByRole('button', { name: 'blue.png' }).click();
    const large = page.getByRole('dialog', { name: 'blue.png' });
    await expect.element(large.getByRole('img', { name: 'blue.png' })).toBeVisible();
    // It was pasted: there is nothing to show in Pictures.
    expect(large.getByRole('button', { name: 'Show in Pictures' }).query()).toBeNull();
    await userEvent.keyboard('{Escape}');
    await until(() => document.querySelector('[role="dialog"]') === null);
    expect(shown).toEqual([]);
  });

  test('words that bring a picture of themselves along, as spreadsheets copy them, are pasted as words', async () => {
    hide = showChat(chat);
    const target = await until(() => document.querySelector('textarea') ?? undefined);
    const picture = await coloured('image.png', '#fff');
    const isLeftToTheBox = (types: readonly string[]): boolean => {
      const clipboardData = new DataTransfer();
      clipboardData.items.add(picture);
      for (const type of types) clipboardData.setData(type, 'Total 4711');
      return target.dispatchEvent(
        new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }),
      );
    };
    expect(isLeftToTheBox(['text/plain', 'text/html'])).toBe(true);
    // A picture of a page has no words; a file has its name at most.
    expect([isLeftToTheBox(['text/html']), isLeftToTheBox(['text/plain'])]).toEqual([false, false]);
    await until(() => waiting().length === 1);
  });

  test('a picture that cannot be sent is said, with the way out; Enter sends nothing', async () => {
    await chat.room.load(BLIND.id);
    hide = showChat(chat, { sightHelp: <button type="button">Choose a model that sees</button> });
    await paste(await coloured('red.png', '#f00'));
    await expect.element(page.getByText('Mole does not see pictures.', { exact: false })).toBeVisible();
    await expect.element(page.getByRole('button', { name: 'Choose a model that sees' })).toBeVisible();
    await userEvent.type(box(), 'Which?{Enter}');
    await expect.element(page.getByRole('button', { name: 'Send' })).toBeDisabled();
    expect(chat.state().messages).toEqual([]);
    await chat.room.load(SEEING.id);
    await userEvent.type(box(), '{Enter}');
    await expect.element(page.getByText('I see red.')).toBeVisible();
    expect(textOf(path()[0]!)).toBe('Which?');
  });

  test('from Pictures: a chat of its own with the picture in its composer', async () => {
    const file = await coloured('red.png', '#f00');
    const id = await chat.controller.pictures.open([{ file, name: 'red.png', imageId: 'kept' }]);
    await chat.controller.open(id);
    hide = showChat(chat);
    await until(() => thumbnails() === 1);
    expect(chat.state().active?.draftImages).toMatchObject([{ name: 'red.png', imageId: 'kept' }]);
    expect(
      await chat.controller.pictures.open([{ file: new Blob(['words']), name: 'a.txt' }]),
    ).toBeUndefined();
    expect(chat.notes.at(-1)).toContain('“a.txt” is no picture');
  });
});
