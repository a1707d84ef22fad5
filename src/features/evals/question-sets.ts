import type { StoreApi } from 'zustand/vanilla';
import { checkDataset, datasetOf, judgedQueries, type NamedChunk } from '#core/evals/index.ts';
import type { SourcePassage } from '#core/ports/chat-records.ts';
import type { DatasetRecord, QuestionRecord } from '#core/ports/eval-records.ts';
import { AppError, toAppError, toWire } from '#shared/errors.ts';
import { createId } from '#shared/ids.ts';
import { createTurns } from '#shared/turns.ts';
import type { EvalsDependencies, EvalsState } from './evals-state.ts';
import { createUndoOffer } from './undo-offer.ts';

const PASSAGES_OFFERED = 12;
const NOTHING = { dataset: undefined, problems: undefined } as const;

/** Question sets of the user: made here, stored, and evaluated over the library as it is. */
export function createQuestionSets(deps: EvalsDependencies, store: StoreApi<EvalsState>) {
  const { repositories, library, now = Date.now } = deps;
  const { datasets } = repositories;
  const offerUndo = createUndoOffer(deps.notify);
  const takeTurn = createTurns();
  /** The set that was chosen last; what is read of another one, or came late, is not shown. */
  let chosenId: string | undefined;

  /** One reading after the other: what is shown last was read last. */
  async function inTurn<T>(read: () => Promise<T>): Promise<T> {
    const endTurn = await takeTurn();
    try {
      return await read();
    } finally {
      endTurn();
    }
  }

  async function reload(): Promise<void> {
    const shown = await inTurn(readSets);
    // Another tab has changed it. While it is asked, it stays as it was.
    if (shown !== undefined && store.getState().phase === 'idle') await show(shown);
  }

  /** Resolves with the id of the open set where it is not as it is stored. */
  async function readSets(): Promise<string | undefined> {
    const [sets, collections] = await Promise.all([datasets.list(), repositories.library.collections()]);
    const open = store.getState().set;
    const set = open && sets.find(({ id }) => id === open.id);
    const isGone = open !== undefined && set === undefined;
    store.setState({ sets, collections });
    if (isGone) leave();
    return open && set && set.questions.length !== open.questions.length ? set.id : undefined;
  }

  function leave(): void {
    chosenId = undefined;
    store.setState({ set: undefined, ...NOTHING, result: undefined, drafts: [] });
  }

  /** Failures are shown where those of an evaluation are. */
  async function told(body: () => Promise<void>): Promise<boolean> {
    try {
      await body();
      return true;
    } catch (error) {
      store.setState({ error: toWire(toAppError(error)) });
      return false;
    }
  }

  async function passagesOf({ collectionIds }: DatasetRecord): Promise<readonly NamedChunk[]> {
    const documents = (await repositories.library.documents()).filter(
      (document) =>
        document.status === 'ready' &&
        (collectionIds.length === 0 || document.collectionIds.some((id) => collectionIds.includes(id))),
    );
    const passages: NamedChunk[] = [];
    for (const { id, name } of documents)
      for (const chunk of await repositories.library.chunks(id)) passages.push({ chunk, documentName: name });
    return passages;
  }

  /** The set over the library as it is now; a set without answers cannot be evaluated yet. */
  const show = (id: string): Promise<void> =>
    inTurn(async () => {
      const set = id === chosenId ? await datasets.get(id) : undefined;
      if (set === undefined) return;
      const passages = await passagesOf(set);
      if (id === chosenId) showOver(set, passages);
    });

  function showOver(set: DatasetRecord, passages: readonly NamedChunk[]): void {
    const dataset = datasetOf(set, passages);
    const hasAnswers = judgedQueries(dataset).length > 0;
    const shown = hasAnswers ? { dataset, problems: checkDataset(dataset) } : NOTHING;
    const isOther = store.getState().set?.id !== set.id;
    store.setState({
      set,
      ...shown,
      corpus: undefined,
      result: undefined,
      ...(isOther ? { drafts: [] } : {}),
    });
  }

  type Questions = DatasetRecord['questions'];

  async function change(id: string, questions: (old: Questions) => Questions): Promise<void> {
    await datasets.update(id, (stored) => ({
      ...stored,
      updatedAt: now(),
      questions: questions(stored.questions),
    }));
    await show(id);
  }

  /** Resolves with whether it is in the set now. */
  const add = (
    text: string,
    answers: QuestionRecord['answers'],
    origin: QuestionRecord['origin'],
  ): Promise<boolean> =>
    told(async () => {
      if (text.trim() === '' || answers.length === 0)
        throw new AppError('input/invalid', 'Write a question and choose a passage that answers it.');
      const { set } = store.getState();
      const question = { id: createId(), text: text.trim(), origin, answers };
      if (set) await change(set.id, (old) => [...old, question]);
    });

  const unsubscribe = repositories.changes.subscribe(({ store: name }) => {
    if (name === 'datasets' || name === 'collections') void told(reload);
  });
  void told(reload);

  return {
    show,
    add,
    leave,
    actions: {
      createSet: (name: string, collectionIds: readonly string[]): Promise<boolean> =>
        told(async () => {
          const at = now();
          const trimmed = name.trim() || 'My questions';
          const stamp = { createdAt: at, updatedAt: at };
          const set = { id: createId(), name: trimmed, collectionIds, ...stamp, questions: [] };
          await datasets.save(set);
          chosenId = set.id;
          await show(set.id);
          await reload();
        }),
      openSet: (id: string): Promise<boolean> =>
        told(() => {
          chosenId = id;
          return show(id);
        }),
      closeSet: leave,
      removeSet: (id: string): Promise<boolean> =>
        told(async () => {
          await datasets.remove(id);
          await reload();
        }),
      /** What may answer a question, from the documents of the open set. */
      findPassages: async (query: string, signal: AbortSignal): Promise<readonly SourcePassage[]> => {
        const { set } = store.getState();
        const embedder = await deps.embedder();
        const { passages } = await library.search(
          {
            query,
            collectionIds: set?.collectionIds ?? [],
            limit: PASSAGES_OFFERED,
            ranking: { hasFloor: false },
            ...(embedder ? { embedder } : { mode: 'lexical' as const }),
          },
          { signal },
        );
        return passages;
      },
      addQuestion: (text: string, answers: QuestionRecord['answers']): Promise<boolean> =>
        add(text, answers, 'hand'),
      removeQuestion: (id: string): Promise<boolean> =>
        told(async () => {
          const { set } = store.getState();
          const at = set?.questions.findIndex((question) => question.id === id) ?? -1;
          const question = set?.questions[at];
          if (!set || !question) return;
          await change(set.id, (old) => old.filter((other) => other.id !== id));
          const putBack = (old: Questions): Questions =>
            old.some((other) => other.id === id) ? old : old.toSpliced(at, 0, question);
          offerUndo(`Removed “${question.text}”.`, () => change(set.id, putBack));
        }),
    },
    dispose: unsubscribe,
  };
}
