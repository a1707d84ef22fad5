import { latestLeafUnder, subtreeOf } from '#core/chat/index.ts';
import type { ThreadRecord } from '#core/ports/chat-records.ts';
import { toAppError } from '#shared/errors.ts';
import type { Asking } from './asking.ts';
import type { ChatDependencies, ChatStore } from './chat-state.ts';
import type { ThreadStore } from './thread-store.ts';

/** Takes messages and chats away so that they can be put back. Fetched with the first. */
export function createRemoval(
  deps: ChatDependencies,
  store: ChatStore,
  { threads, asking }: { readonly threads: ThreadStore; readonly asking: Pick<Asking, 'settle'> },
) {
  const { repositories, notify, now = Date.now } = deps;

  const setLeaf = (thread: ThreadRecord, leafId: string | null): Promise<void> =>
    threads.change(thread.id, (stored) => ({ ...stored, activeLeafId: leafId }));

  const undo = (restore: () => Promise<void>) => (): void => {
    restore().catch((error: unknown) => notify(`It could not be restored: ${toAppError(error).message}`));
  };

  return {
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
  };
}
