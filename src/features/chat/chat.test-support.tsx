import { sha256Of } from '#adapters/hash-stream/index.ts';
import { createPromptPictures } from '#adapters/picture-decoder/index.ts';
import { openRepositories } from '#adapters/storage-idb/index.ts';
import { createPageSvgRasterizer } from '#adapters/svg-rasterizer-page/index.ts';
import { createWebLocks } from '#adapters/web-locks/index.ts';
import { createBigramEngine } from '#core/models/bigram-engine.test-support.ts';
import { createEngineRoom, planFit } from '#core/models/index.ts';
import { RECORDED } from '#core/models/recorded-machines.test-support.ts';
import { SMOLLM2_135M, SMOLLM2_360M } from '#core/models/sample-catalog.test-support.ts';
import type { ChatEngine } from '#core/ports/chat-engine.ts';
import type { MessageRecord } from '#core/ports/chat-records.ts';
import type { EngineRoom } from '#core/ports/engine-room.ts';
import type { Library } from '#core/ports/library.ts';
import type { PromptPictures } from '#core/ports/prompt-pictures.ts';
import { until } from '#shared/until.test-support.ts';
import '#ui/base.css';
import { textOf } from '#core/chat/index.ts';
import { mountScreen } from '#ui/mount.test-support.tsx';
import { toast } from '#ui/toast.tsx';
import { createChatController } from './chat-controller.ts';
import { ChatScreen, type ChatScreenProps } from './chat-screen.tsx';

export { SMOLLM2_135M, SMOLLM2_360M };

/** Words that lead in a ring: the bigram engine never stops by itself. */
export const ENDLESS = 'the cat saw the dog and the cat ran from the';
/** As the words before, each as wide as a phone. */
export const ENDLESS_LINES = ENDLESS.replace(/\w+/g, (word) => word.padEnd(34, word));
/** Four words are asked for: 'red green blue end.' */
export const FINITE = 'go red green blue end. Now go';

/** As real tokenizers have it: the space belongs to the word after it. */
function withLeadingSpaces(engine: ChatEngine): ChatEngine {
  return {
    ...engine,
    async *generate(input, options) {
      let isFirst = !input.continues;
      for await (const event of engine.generate(input, options)) {
        if (event.type !== 'text-delta') yield event;
        else yield { ...event, text: `${isFirst ? '' : ' '}${event.text.trimEnd()}` };
        isFirst = false;
      }
    },
  };
}

export function makeRoom(options: { readonly contextTokens?: number } = {}) {
  const worker = createBigramEngine({ gpuBytes: 6e9, cpuBytes: 4e9 });
  const machine = RECORDED.find(([label]) => label.startsWith('NVIDIA RTX 3060'))?.[1];
  if (!machine) throw new Error('no such machine');
  const settings = new Map<string, unknown>();
  const models = [SMOLLM2_135M, SMOLLM2_360M];
  const room: EngineRoom = createEngineRoom({
    engine: withLeadingSpaces(worker),
    models: async (id) => models.find((model) => model.id === id),
    isStored: async () => true,
    plan: async (model, wish) => planFit(model, machine, { ...wish, ...options }),
    settings: {
      get: async (key) => settings.get(key),
      set: async (key, value) => void settings.set(key, value),
    },
    onStepDown: async () => false,
  });
  return { room };
}

export interface ChatSetup {
  readonly databaseName?: string;
  readonly library?: Library;
  readonly engine?: { readonly room: EngineRoom };
  readonly preparePicture?: PromptPictures['prepare'];
}

export const preparePicture = createPromptPictures({
  rasterizer: createPageSvgRasterizer(),
  sha256: sha256Of,
}).prepare;

const noLibrary = new Proxy({} as Library, {
  get: () => () => Promise.reject(new Error('This chat has no documents')),
});

/** One tab: a chat over a real database, the browser's locks, and an engine that computes each word. */
export async function makeChat(setup: ChatSetup = {}) {
  const databaseName = setup.databaseName ?? `chat-test-${crypto.randomUUID()}`;
  const repositories = await openRepositories({ name: databaseName });
  const { room } = setup.engine ?? makeRoom();
  const notes: string[] = [];
  let undo: (() => void) | undefined;
  let forget: (() => void) | undefined;
  const controller = createChatController({
    repositories,
    engineRoom: room,
    library: setup.library ?? noLibrary,
    locks: createWebLocks(databaseName),
    embedder: async () => undefined,
    reranker: async () => undefined,
    preparePicture: setup.preparePicture ?? preparePicture,
    notify: (message, action) => {
      notes.push(message);
      undo = action?.onSelect;
      forget = action?.onGone;
      toast({ message, ...(action ? { action } : {}) });
    },
  });
  await controller.start();
  await controller.open(undefined);
  const state = () => controller.store.getState();
  async function limit(maxTokens: number): Promise<void> {
    const { active } = state();
    if (active) await controller.configure({ sampling: { ...active.sampling, maxTokens } });
  }
  await limit(4);
  return {
    databaseName,
    repositories,
    controller,
    room,
    notes,
    state,
    undo: () => undo?.(),
    /** The time for undo is over. */
    forget: () => forget?.(),
    /** Any question but the endless ones is answered with four words. */
    async ask(question: string): Promise<void> {
      await limit(question.startsWith('the') ? 0 : 4);
      controller.setDraft(question);
      await controller.send();
    },
    /** The answers of the shown path as they stand now, live text included. */
    answers(): readonly MessageRecord[] {
      const { messages, live } = state();
      return messages
        .filter(({ role }) => role === 'assistant')
        .map((message) => ({ ...message, parts: live[message.id] ?? message.parts }));
    },
    async dispose(): Promise<void> {
      controller.dispose();
      await until(() => Object.keys(state().running).length === 0);
      repositories.close();
    },
  };
}

export type TestChat = Awaited<ReturnType<typeof makeChat>>;
export const textsOf = (messages: readonly MessageRecord[]): readonly string[] => messages.map(textOf);

export function showChat(chat: TestChat, props: Partial<ChatScreenProps> = {}): () => void {
  const screen = mountScreen(null);
  const draw = (threadId: string | undefined): void =>
    screen.set(
      <ChatScreen
        controller={chat.controller}
        threadId={threadId}
        onOpenThread={draw}
        onOpenSource={() => {}}
        onOpenLibrary={() => {}}
        onFiles={() => {}}
        onDownload={() => {}}
        onNotify={(message) => toast({ message })}
        modelSwitcher={null}
        emptyState={<p>Ask a question.</p>}
        errorActions={(_, retry) => (
          <button type="button" onClick={retry}>
            Try again
          </button>
        )}
        {...props}
      />,
    );
  draw(chat.state().active?.id);
  return screen.hide;
}
