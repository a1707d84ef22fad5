import { loadStar } from '#core/chat/index.ts';
import { toAppError } from '#shared/errors.ts';
import type { ChatDependencies, ChatStore } from './chat-state.ts';

/** Keeps what was asked and what the answer cites as a question for evaluation. */
export async function star(deps: ChatDependencies, store: ChatStore, messageId: string): Promise<void> {
  const { repositories, notify, now = Date.now } = deps;
  const { messages } = store.getState();
  const message = messages.find(({ id }) => id === messageId);
  const { questionOf, starQuestion, unstarQuestion } = await loadStar();
  const question = message && questionOf(message, messages);
  if (!question) return notify('This answer cites nothing: there is no passage to look for.');
  await starQuestion(repositories.datasets, question, now());
  notify('Added to the question set “Starred answers” in Evaluate.', {
    label: 'Undo',
    onSelect: () =>
      void unstarQuestion(repositories.datasets, question.id, now()).catch((error: unknown) =>
        notify(`It could not be restored: ${toAppError(error).message}`),
      ),
    onGone: () => {},
  });
}
