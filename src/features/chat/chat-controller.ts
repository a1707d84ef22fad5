import { createStore } from 'zustand/vanilla';
import {
  type CopyFormat,
  createThread,
  latestLeafUnder,
  loadAnswer,
  loadCopy,
  pathTo,
  textOf,
} from '#core/chat/index.ts';
import type { MessageRecord, SentenceSupport, ThreadRecord } from '#core/ports/chat-records.ts';
import type { PassageSet } from '#core/ports/library-insight.ts';
import { createId } from '#shared/ids.ts';
import { createAsking, loadRun } from './asking.ts';
import { createChatPictures } from './chat-pictures.ts';
import { type ChatDependencies, type ChatState, initialState } from './chat-state.ts';
import { createContextMeter } from './context-meter.ts';
import type { ThreadFile } from './thread-files.ts';
import { createThreadStore } from './thread-store.ts';
import { createWholeDocument } from './whole-document.ts';

const threadFiles = () => import('./thread-files.ts');

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

  const removal = async () => (await import('./removal.ts')).createRemoval(deps, store, { threads, asking });
  return {
    store,
    /** The open chat is about one whole document. */
    whole,
    pictures,
    async start(): Promise<void> {
      await threads.start();
      await asking.recover();
      // Fetched before it is needed: the network may be gone by then.
      void Promise.all([loadAnswer(), loadRun()]).catch(() => undefined);
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
      if (!active) return;
      const activeLeafId = latestLeafUnder(messages, messageId);
      await threads.change(active.id, (stored) => ({ ...stored, activeLeafId }));
    },
    removeMessage: async (id: string): Promise<void> => (await removal()).removeMessage(id),
    removeThread: async (id: string): Promise<void> => (await removal()).removeThread(id),
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
    exportThread: async (id: string, format: 'markdown' | 'json'): Promise<ThreadFile | undefined> =>
      (await threadFiles()).exportThread(deps, id, format),
    /** Adds a thread from a file that `exportThread` made; returns its id. Throws input/invalid. */
    importThread: async (text: string): Promise<string> => (await threadFiles()).importThread(deps, text),
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
    star: async (id: string): Promise<void> => (await import('./starring.ts')).star(deps, store, id),
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
