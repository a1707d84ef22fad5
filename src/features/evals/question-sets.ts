import type { StoreApi } from 'zustand/vanilla';
import { checkDataset, datasetOf, judgedQueries, type NamedChunk } from '#core/evals/index.ts';
import type { SourcePassage } from '#core/ports/chat-records.ts';
import type { DatasetRecord, QuestionRecord } from '#core/ports/eval-records.ts';
import { AppError, toAppError, toWire } from '#shared/errors.ts';
import { createId } from '#shared/ids.ts';
import type { EvalsDependencies, EvalsState } from './evals-state.ts';

const PASSAGES_OFFERED = 12;
const NOTHING = { dataset: undefined, problems: undefined } as const;

/** Question sets of the user: made here, stored, and evaluated over the library as it is. */
export function createQuestionSets(deps: EvalsDependencies, store: StoreApi<EvalsState>) {
  const { repositories, library, now = Date.now } = deps;
  const { datasets } = repositories;

  async function reload(): Promise<void> {
    const [sets, collections] = await Promise.all([datasets.list(), repositories.library.collections()]);
    const open = store.getState().set;
    const set = open && sets.find(({ id }) => id === open.id);
    const isGone = open !== undefined && set === undefined;
    store.setState({ sets, collections, ...(isGone ? { set, ...NOTHING, result: undefined } : {}) });
    // Another tab has changed it. While it is asked, it stays as it was.
    const isIdle = store.getState().phase === 'idle';
    if (open && set && isIdle && set.questions.length !== open.questions.length) await show(set);
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
  async function show(set: DatasetRecord): Promise<void> {
    const dataset = datasetOf(set, await passagesOf(set));
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

  async function change(questions: (old: DatasetRecord['questions']) => DatasetRecord['questions']) {
    const { set } = store.getState();
    if (!set) return;
    const changed = await datasets.update(set.id, (stored) => ({
      ...stored,
      updatedAt: now(),
      questions: questions(stored.questions),
    }));
    if (changed) await show(changed);
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
      await change((old) => [...old, { id: createId(), text: text.trim(), origin, answers }]);
    });

  const unsubscribe = repositories.changes.subscribe(({ store: name }) => {
    if (name === 'datasets' || name === 'collections') void told(reload);
  });
  void told(reload);

  return {
    show,
    add,
    actions: {
      reloadSets: (): Promise<boolean> => told(reload),
      createSet: (name: string, collectionIds: readonly string[]): Promise<boolean> =>
        told(async () => {
          const at = now();
          const trimmed = name.trim() || 'My questions';
          const stamp = { createdAt: at, updatedAt: at };
          const set = { id: createId(), name: trimmed, collectionIds, ...stamp, questions: [] };
          await datasets.save(set);
          await show(set);
          await reload();
        }),
      openSet: (id: string): Promise<boolean> =>
        told(async () => {
          const set = await datasets.get(id);
          if (set) await show(set);
        }),
      closeSet: (): void => store.setState({ set: undefined, ...NOTHING, result: undefined, drafts: [] }),
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
        told(() => change((old) => old.filter((question) => question.id !== id))),
    },
    dispose: unsubscribe,
  };
}
