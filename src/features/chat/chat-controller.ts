import { createStore } from 'zustand/vanilla';
import {
  type CopyFormat,
  createThread,
  latestLeafUnder,
  loadAnswer,
  loadCopy,
  loadExchange,
  loadStar,
  pathTo,
  subtreeOf,
  textOf,
} from '#core/chat/index.ts';
import type { MessageRecord, SentenceSupport, ThreadRecord } from '#core/ports/chat-records.ts';
import type { PassageSet } from '#core/ports/library-insight.ts';
import { toAppError } from '#shared/errors.ts';
import { createId } from '#shared/ids.ts';
import { createAsking } from './asking.ts';
import { createChatPictures } from './chat-pictures.ts';
import { type ChatDependencies, type ChatState, initialState } from './chat-state.ts';
import { createContextMeter } from './context-meter.ts';
import { attachmentsOf } from './stored-pictures.ts';
import { createThreadStore } from './thread-store.ts';
import { createWholeDocument } from './whole-document.ts';

/** Everything the chat screen can do. Ports in, a store out; knows nothing of React. */
export function createChatController(deps: ChatDependencies) {
  const { repositories, engineRoom, notify, now = Date.now } = deps;
  const store = createStore<ChatState>(() => ({ ...initialState, engine: engineRoom.state() }));
  const threads = createThreadStore(deps, store);
  const asking = createAsking(deps, store, threads);
  const meter = createContextMeter(deps, store);
  const whole = createWholeDocument(deps, store, threads);
  const pictures = createChatPictures(deps, store, threads);
  const unsubscribeEngine = engineRoom.subscribe(() => store.setState({ engine: engineRoom.state() }));

  const setLeaf = (thread: ThreadRecord, leafId: string | null): Promise<void> =>
    threads.change(thread.id, (stored) => ({ ...stored, activeLeafId: leafId }));

  const undo = (restore: () => Promise<void>) => (): void => {
    restore().catch((error: unknown) => notify(`It could not be restored: ${toAppError(error).message}`));
  };

  return {
    store,
    /** The open chat is about one whole document. */
    whole,
    pictures,
    async start(): Promise<void> {
      await threads.start();
      await asking.recover();
      // Fetched before it is needed: the network may be gone by then.
      void loadAnswer().catch(() => undefined);
    },
    open: threads.open,
    setDraft: threads.setDraft,
    send: asking.send,
    regenerate: asking.regenerate,
    continueAnswer: asking.continueAnswer,
    edit: asking.edit,
    async stop(): Promise<void> {
      const { active } = store.getState();
      if (active) await asking.stop(active.id);
    },
    async showSibling(messageId: string): Promise<void> {
      const { active, messages } = store.getState();
      if (active) await setLeaf(active, latestLeafUnder(messages, messageId));
    },
    async removeMessage(messageId: string): Promise<void> {
      const { active } = store.getState();
      if (!active) return;
      await asking.settle(active.id);
      await threads.reloadMessages();
      const { messages } = store.getState();
      const message = messages.find(({ id }) => id === messageId);
      if (!message) return;
      const gone = subtreeOf(messages, messageId);
      const sibling = messages.findLast(
        ({ parentId, id }) => parentId === message.parentId && id !== messageId,
      );
      const attachments = await repositories.threads.removeMessages(gone.map(({ id }) => id));
      await setLeaf(active, sibling ? latestLeafUnder(messages, sibling.id) : message.parentId);
      await threads.reloadMessages();
      const restore = async (): Promise<void> => {
        await repositories.threads.save({ messages: gone, attachments });
        await setLeaf(active, active.activeLeafId);
        await threads.reloadMessages();
      };
      notify('Message deleted', { label: 'Undo', onSelect: undo(restore), onGone: () => {} });
    },
    async removeThread(id: string): Promise<void> {
      const wasOpen = store.getState().active?.id === id;
      await asking.settle(id);
      if (wasOpen) await threads.close();
      await repositories.threads.update(id, (thread) => ({ ...thread, deletedAt: now() }));
      if (wasOpen) await threads.open(undefined);
      const restore = async (): Promise<void> => {
        await repositories.threads.update(id, ({ deletedAt: _, ...thread }) => thread);
        if (wasOpen) await threads.open(id);
      };
      notify('Chat deleted', {
        label: 'Undo',
        onSelect: undo(restore),
        // What cannot be removed now is removed at the next start.
        onGone: () => void repositories.threads.purge(id).catch(() => undefined),
      });
    },
    rename: (id: string, title: string) =>
      threads.change(id, (thread) => ({
        ...thread,
        title: title.trim() || thread.title,
        hasAutoTitle: false,
      })),
    togglePin: (id: string) => threads.change(id, (thread) => ({ ...thread, isPinned: !thread.isPinned })),
    /** The open thread answers from whole collections again. */
    async leaveWithin(): Promise<void> {
      const { active } = store.getState();
      if (active) await threads.change(active.id, ({ within: _, ...thread }) => thread);
    },
    /** System prompt, sampling, documents of the open thread. */
    async configure(
      change: Partial<Pick<ThreadRecord, 'systemPrompt' | 'sampling' | 'collectionIds' | 'searchAids'>>,
    ): Promise<void> {
      const { active } = store.getState();
      if (active) await threads.change(active.id, (thread) => ({ ...thread, ...change }));
    },
    /** A new chat that answers from these passages only. */
    async openWithin(within: readonly PassageSet[]): Promise<string> {
      const created = createThread(createId(now()), now());
      const thread = { ...created, ...deps.newChat?.(), title: 'Passages from the map', within };
      await repositories.threads.save({ thread });
      return thread.id;
    },
    async search(query: string): Promise<void> {
      store.setState({ query });
      const hits = query.trim() === '' ? undefined : await repositories.threads.search(query);
      if (store.getState().query === query) store.setState({ hits });
    },
    async exportThread(
      id: string,
      format: 'markdown' | 'json',
    ): Promise<{ name: string; text: string } | undefined> {
      const thread = await repositories.threads.get(id);
      if (thread === undefined) return undefined;
      const [messages, { exportJson, exportMarkdown, picturesOf }] = await Promise.all([
        repositories.threads.messages(id),
        loadExchange(),
      ]);
      const base = thread.title.replace(/[^\p{L}\p{N} _-]/gu, '').trim() || 'chat';
      if (format === 'markdown')
        return { name: `${base}.md`, text: exportMarkdown(thread, pathTo(messages, thread.activeLeafId)) };
      const attachments = await attachmentsOf(repositories.threads, picturesOf(thread, messages));
      return { name: `${base}.json`, text: await exportJson({ thread, messages, attachments }) };
    },
    /** Adds a thread from a file that `exportThread` made; returns its id. Throws input/invalid. */
    async importThread(text: string): Promise<string> {
      const exchange = await loadExchange();
      const imported = await exchange.importThread(text, () => createId(now()), now());
      const { thread, messages, attachments } = imported;
      // Documents of another browser are not here: a chat that searched them would find nothing, forever.
      const here = new Set((await repositories.library.collections()).map(({ id }) => id));
      const collectionIds = thread.collectionIds.filter((id) => here.has(id));
      await repositories.threads.save({ thread: { ...thread, collectionIds }, messages, attachments });
      return thread.id;
    },
    lastAnswer(): string {
      const { active, messages } = store.getState();
      const path = active ? pathTo(messages, active.activeLeafId) : [];
      const last = path.findLast(({ role }) => role === 'assistant');
      return last ? textOf(last) : '';
    },
    /** The answer with its references; '' when there is nothing to copy: then that was said. */
    async copyOf(messageId: string, format: CopyFormat): Promise<string> {
      const message = store.getState().messages.find(({ id }) => id === messageId);
      const text = message ? (await loadCopy()).copyAnswer(message, format) : '';
      if (text === '') notify('This answer cites nothing.');
      return text;
    },
    /** Keeps what was asked and what the answer cites as a question for evaluation. */
    async star(messageId: string): Promise<void> {
      const { messages } = store.getState();
      const message = messages.find(({ id }) => id === messageId);
      const { questionOf, starQuestion, unstarQuestion } = await loadStar();
      const question = message && questionOf(message, messages);
      if (!question) return notify('This answer cites nothing: there is no passage to look for.');
      await starQuestion(repositories.datasets, question, now());
      notify('Added to the question set “Starred answers” in Evaluate.', {
        label: 'Undo',
        onSelect: undo(() => unstarQuestion(repositories.datasets, question.id, now())),
        onGone: () => {},
      });
    },
    check(checkedId: string | undefined): void {
      const { checkCount } = store.getState();
      store.setState({ checkedId, checkCount: checkedId === undefined ? checkCount : checkCount + 1 });
    },
    /** As they were found when it was answered; an answer that was stopped before is aligned now. */
    async supportsOf({ parts }: MessageRecord, signal: AbortSignal): Promise<readonly SentenceSupport[]> {
      const known = parts.find((part) => part.type === 'supports');
      if (known) return known.sentences;
      const embedder = await deps.embedder();
      const passages = parts.flatMap((part) => (part.type === 'sources' ? part.passages : []));
      const input = { answer: textOf({ parts }), passages, ...(embedder ? { embedder } : {}) };
      return deps.library.align(input, { signal });
    },
    setInspectorOpen: (isInspectorOpen: boolean) => store.setState({ isInspectorOpen }),
    dispose(): void {
      asking.dispose();
      threads.saveDraft().catch(() => undefined); // the page is going: nobody is left to tell
      threads.dispose();
      meter.dispose();
      whole.dispose();
      unsubscribeEngine();
    },
  };
}

export type ChatController = ReturnType<typeof createChatController>;
