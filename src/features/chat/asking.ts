import { imagesOf, pathTo, textOf, titleFrom } from '#core/chat/index.ts';
import type { ImagePart, MessageRecord, ThreadRecord } from '#core/ports/chat-records.ts';
import { createId } from '#shared/ids.ts';
import type { ChatDependencies, ChatState, ChatStore } from './chat-state.ts';
import { createOtherTabs, isBeingWritten, lockOf } from './other-tabs.ts';
import { sightOf, withoutPictures } from './sight.ts';
import type { ThreadStore } from './thread-store.ts';

interface Running {
  readonly messageId: string;
  readonly abort: AbortController;
  readonly done: Promise<void>;
}

interface RunInput {
  readonly thread: ThreadRecord;
  readonly message: MessageRecord;
  /** Stores what the answer needs and gives its path; undefined: there is nothing to answer any more. */
  readonly prepare: () => Promise<readonly MessageRecord[] | undefined>;
  readonly continues?: boolean;
  readonly isAgain?: boolean;
}

interface Question {
  readonly text: string;
  readonly images: readonly ImagePart[];
  /** As it stands in the composer. */
  readonly isDraft?: boolean;
}

/** What is asked when somebody sends pictures and no word. */
const questionAbout = ({ length }: readonly ImagePart[]): string =>
  length === 1 ? 'What does this picture show?' : 'What do these pictures show?';

/** How an answer is run; needed with the first question. */
export const loadRun = () => import('./answer-run.ts');

/** An answer as it is before its first word. */
function blank(message: MessageRecord): MessageRecord {
  const { error: _e, usage: _u, finishReason: _f, modelId: _m, repeats: _r, ...kept } = message;
  return { ...kept, parts: [], status: 'waiting' };
}

/** An answer that goes on: what was said about its first half is said anew at its end. */
function resumed(message: MessageRecord): MessageRecord {
  const { error: _e, finishReason: _f, repeats: _r, ...kept } = message;
  return { ...kept, parts: kept.parts.filter(({ type }) => type !== 'supports' && type !== 'notice') };
}

/** Questions and their answers: at most one running answer a thread, whichever tab writes it. */
export function createAsking(deps: ChatDependencies, store: ChatStore, threads: ThreadStore) {
  const { repositories, locks, notify, now = Date.now } = deps;
  const running = new Map<string, Running>();
  const otherTabs = createOtherTabs(deps, store, {
    isOwn: (messageId) => [...running.values()].some((own) => own.messageId === messageId),
    onStopWanted(messageId) {
      for (const own of running.values()) if (own.messageId === messageId) own.abort.abort();
    },
    onAbandoned: (thread, message) => void runWaiting(thread, message),
  });

  function setLive(messageId: string, parts: ChatState['live'][string] | undefined): void {
    const { [messageId]: _, ...rest } = store.getState().live;
    store.setState({ live: parts ? { ...rest, [messageId]: parts } : rest });
  }

  function newMessage(
    thread: ThreadRecord,
    parentId: string | null,
    role: 'user' | 'assistant',
    text: string,
    images: readonly ImagePart[] = [],
  ): MessageRecord {
    return {
      id: createId(now()),
      threadId: thread.id,
      parentId,
      role,
      parts: [...images, ...(text === '' ? [] : [{ type: 'text' as const, text }])],
      createdAt: now(),
      status: role === 'user' ? 'complete' : 'waiting',
    };
  }

  async function write(
    { thread, message, prepare, continues = false, isAgain = false }: RunInput,
    signal: AbortSignal,
  ) {
    // First: where it cannot be fetched, nothing is stored, and the question stays in the composer.
    const { runAnswer } = await loadRun();
    const path = await prepare();
    if (path === undefined) return;
    const onParts = (parts: ChatState['live'][string]): void => setLive(message.id, parts);
    const done = await runAnswer(deps, { thread, path, message, continues, isAgain, signal, onParts });
    const { messages, active } = store.getState();
    if (active?.id === thread.id)
      store.setState({ messages: messages.map((other) => (other.id === done.id ? done : other)) });
  }

  /** Runs only while holding the answer's lock: other tabs see that it is alive, and that it is this tab's. */
  function run(input: RunInput): Promise<void> {
    const { thread, message } = input;
    const abort = new AbortController();
    const done = locks
      .tryHold(lockOf(message.id), () => write(input, abort.signal))
      .then(() => undefined)
      .finally(() => {
        running.delete(thread.id);
        const { [thread.id]: _, ...rest } = store.getState().running;
        store.setState({ running: rest });
        setLive(message.id, undefined);
      });
    running.set(thread.id, { messageId: message.id, abort, done });
    store.setState({ running: { ...store.getState().running, [thread.id]: message.id } });
    return done;
  }

  /** A question that was asked before a model was ready, in a page that is gone. */
  async function runWaiting(thread: ThreadRecord, message: MessageRecord): Promise<void> {
    if (running.has(thread.id)) return;
    const prepare = async () => {
      const messages = await repositories.threads.messages(thread.id);
      const stored = messages.find(({ id }) => id === message.id);
      return stored?.status === 'waiting' ? pathTo(messages, stored.parentId) : undefined;
    };
    await run({ thread, message, prepare }).catch(() => undefined); // it waits for the next start
  }

  /** Pictures alone are a question, too. */
  async function ask(
    thread: ThreadRecord,
    parentId: string | null,
    { text, images, isDraft = false }: Question,
  ): Promise<void> {
    const question = text === '' ? questionAbout(images) : text;
    const user = newMessage(thread, parentId, 'user', question, images);
    const reply = { ...newMessage(thread, user.id, 'assistant', ''), createdAt: user.createdAt + 1 };
    const isFirst = thread.hasAutoTitle && thread.activeLeafId === null;
    const path = pathTo([...store.getState().messages, user], user.id);
    const prepare = async () => {
      const title = isFirst ? { title: titleFrom(question) } : {};
      // Out of the draft in the moment in which they are in the question.
      const change = (stored: ThreadRecord) => ({
        ...(isDraft ? withoutPictures(stored, images) : stored),
        activeLeafId: reply.id,
        ...title,
      });
      await threads.save(thread, change, [user, reply]);
      return path;
    };
    await run({ thread, message: reply, prepare });
  }

  /** Says what went wrong before an answer could even be stored: a full disk, a closed database. */
  async function orSay(work: Promise<void>): Promise<boolean> {
    try {
      await work;
      return true;
    } catch (error) {
      notify(error instanceof Error ? error.message : String(error));
      return false;
    }
  }

  async function stop(threadId: string): Promise<void> {
    const own = running.get(threadId);
    if (own) own.abort.abort();
    else await otherTabs.stop(threadId);
  }

  /** Stops what is being written in a thread, here or in another tab, and waits until it has let go. */
  async function settle(threadId: string): Promise<void> {
    const own = running.get(threadId);
    await stop(threadId);
    if (own) await own.done.catch(() => undefined);
    else await otherTabs.settled(threadId);
  }

  const find = (id: string): MessageRecord | undefined =>
    store.getState().messages.find((message) => message.id === id);
  const isBusy = (threadId: string): boolean =>
    running.has(threadId) || store.getState().messages.some(isBeingWritten);

  return {
    stop,
    settle,
    async send(): Promise<void> {
      const { active } = store.getState();
      const text = active?.draft.trim() ?? '';
      const images = active?.draftImages ?? [];
      if (active === undefined || (text === '' && images.length === 0) || isBusy(active.id)) return;
      if (images.length > 0 && sightOf(store.getState()) === 'blind') return; // the composer says so
      threads.setDraft('');
      store.setState({ refusedPictures: [] }); // they were refused for this question
      const question = { text, images, isDraft: true };
      const isAsked = await orSay(ask({ ...active, draft: '' }, active.activeLeafId, question));
      const { active: shown } = store.getState();
      if (!isAsked && shown?.id === active.id && shown.draft === '') threads.setDraft(text);
    },
    /** Another answer to the same question, as a sibling; in its place if it has no word yet. */
    async regenerate(messageId: string): Promise<void> {
      const { active } = store.getState();
      if (!active) return;
      await settle(active.id);
      const old = find(messageId);
      if (old?.role !== 'assistant' || old.parentId === null) return;
      const reply = textOf(old) === '' ? blank(old) : newMessage(active, old.parentId, 'assistant', '');
      const path = pathTo(store.getState().messages, old.parentId);
      const prepare = async () => {
        await threads.save(active, (stored) => ({ ...stored, activeLeafId: reply.id }), [reply]);
        return path;
      };
      await orSay(run({ thread: active, message: reply, prepare, isAgain: textOf(old) !== '' }));
    },
    /** Goes on where an answer ended or was cut off, in the same message. */
    async continueAnswer(messageId: string): Promise<void> {
      const { active, messages } = store.getState();
      const message = find(messageId);
      if (!active || message?.role !== 'assistant' || isBusy(active.id)) return;
      const path = pathTo(messages, messageId);
      await orSay(
        run({ thread: active, message: resumed(message), prepare: async () => path, continues: true }),
      );
    },
    /** Asks a changed question about the same pictures on a new branch; the old one stays beside it. */
    async edit(messageId: string, question: string): Promise<void> {
      const { active } = store.getState();
      const text = question.trim();
      const images = imagesOf(find(messageId) ?? { parts: [] });
      if (!active || (text === '' && images.length === 0)) return;
      await settle(active.id);
      const message = find(messageId);
      if (message?.role === 'user') await orSay(ask(active, message.parentId, { text, images }));
    },
    /** Answers that no living tab is writing: a waiting question is asked again, a cut answer is marked. */
    async recover(): Promise<void> {
      for (const thread of await repositories.threads.list()) {
        const left = (await repositories.threads.messages(thread.id)).filter(isBeingWritten);
        const waiting: MessageRecord[] = [];
        for (const message of left) {
          if (await locks.isHeld(lockOf(message.id))) continue;
          if (message.status === 'waiting') waiting.push(message);
          else await repositories.threads.save({ messages: [{ ...message, status: 'interrupted' }] });
        }
        void (async () => {
          for (const message of waiting) await runWaiting(thread, message);
        })();
      }
    },
    dispose(): void {
      otherTabs.dispose();
      for (const { abort } of running.values()) abort.abort();
    },
  };
}

export type Asking = ReturnType<typeof createAsking>;
