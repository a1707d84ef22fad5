import type { StoreApi } from 'zustand/vanilla';
import type { SourcePassage } from '#core/ports/chat-records.ts';
import { AppError } from '#shared/errors.ts';
import { createId } from '#shared/ids.ts';
import type { EvalsDependencies, EvalsState, QuestionDraft } from './evals-state.ts';
import type { createQuestionSets } from './question-sets.ts';

/** Questions that the chat model writes; none of them is in the set before the user has taken it. */
export function createQuestionDrafts(
  { draftQuestion }: Pick<EvalsDependencies, 'draftQuestion'>,
  store: StoreApi<EvalsState>,
  questionSets: ReturnType<typeof createQuestionSets>,
) {
  const drop = (id: string): void =>
    store.setState({ drafts: store.getState().drafts.filter((draft) => draft.id !== id) });

  return {
    /** One for each passage; what is written so far stays when it is stopped. */
    async write(
      passages: readonly SourcePassage[],
      { signal, onProgress }: Parameters<EvalsDependencies['draftQuestion']>[1],
    ): Promise<void> {
      const setId = store.getState().set?.id;
      let unwritten = 0;
      for (const [i, passage] of passages.entries()) {
        const text = await draftQuestion(passage.text, signal ? { signal } : {});
        if (store.getState().set?.id !== setId) return;
        const draft = { id: createId(), text: text ?? '', passage };
        if (text === undefined) unwritten += 1;
        else store.setState({ drafts: [...store.getState().drafts, draft] });
        const done = i + 1;
        onProgress?.({
          phase: 'process',
          done,
          total: passages.length,
          unit: 'items',
          label: passage.documentName,
        });
      }
      if (unwritten > 0)
        throw new AppError(
          'input/invalid',
          `The chat model wrote no question for ${unwritten} of ${passages.length} passages. Try again, or load a larger model.`,
        );
    },
    actions: {
      /** Into the set, as the user has left it. */
      async acceptDraft({ id, passage }: QuestionDraft, text: string): Promise<void> {
        const { documentId, start, end } = passage;
        if (await questionSets.add(text, [{ documentId, start, end }], 'drafted')) drop(id);
      },
      rejectDraft: drop,
    },
  };
}
