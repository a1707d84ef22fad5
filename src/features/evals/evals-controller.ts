import { createStore } from 'zustand/vanilla';
import {
  checkDataset,
  type EvalDataset,
  judgedQueries,
  reportOf,
  runSetting,
  type SettingRun,
  settingLabel,
  settingsOf,
} from '#core/evals/index.ts';
import type { SourcePassage } from '#core/ports/chat-records.ts';
import type { CallOptions } from '#shared/call.ts';
import { AppError, isAbort, toAppError, toWire } from '#shared/errors.ts';
import { createId } from '#shared/ids.ts';
import { createCorpusIntake } from './corpus-intake.ts';
import { searchIn, searchPassages } from './dataset-search.ts';
import { createEarlierRuns } from './earlier-runs.ts';
import {
  type EvalResult,
  type EvalsDependencies,
  type EvalsState,
  type GridChoice,
  initialState,
  type StoredCorpus,
} from './evals-state.ts';
import { beirFilesOf, passageLines, resultJson, trecRuns } from './export-result.ts';
import { createQuestionDrafts } from './question-drafts.ts';
import { createQuestionSets } from './question-sets.ts';
import { readBeirFolder } from './read-folder.ts';
import { prepareHelp } from './search-help.ts';
import { storedResult } from './stored-run.ts';

export type EvalsController = ReturnType<typeof createEvalsController>;

const IDLE = { phase: 'idle', progress: undefined, asking: undefined } as const;

/** Everything the evaluation screen can do. An imported set lives as long as the tab; those of the user are stored. */
export function createEvalsController(deps: EvalsDependencies) {
  const { repositories, library, download, nowMs = () => performance.now(), now = Date.now } = deps;
  const store = createStore<EvalsState>(() => initialState);
  const intake = createCorpusIntake(deps);
  const questionSets = createQuestionSets(deps, store);
  const earlier = createEarlierRuns(deps, store);
  const drafts = createQuestionDrafts(deps, store, questionSets);
  let running: AbortController | undefined;

  /** Of two looks that overlap the younger one counts. */
  let looks = 0;
  async function noteModels(): Promise<void> {
    const mine = ++looks;
    const [embedder, reranker] = await Promise.all([deps.embedder(), deps.reranker()]);
    if (mine !== looks) return;
    store.setState({ isEmbedderMissing: embedder === undefined, hasReranker: reranker !== undefined });
  }
  const stopModels = deps.onModels(() => void noteModels());
  void noteModels();

  /** One act at a time; what goes wrong is shown, a stop is not. */
  async function act(
    phase: EvalsState['phase'],
    body: (options: Required<CallOptions>) => Promise<void>,
  ): Promise<void> {
    if (running) return;
    const abort = new AbortController();
    running = abort;
    store.setState({ phase, progress: undefined, error: undefined });
    try {
      await body({ signal: abort.signal, onProgress: (progress) => store.setState({ progress }) });
    } catch (error) {
      if (!isAbort(error)) store.setState({ error: toWire(toAppError(error)) });
    } finally {
      running = undefined;
      store.setState(IDLE);
    }
  }

  async function resultOf(
    dataset: EvalDataset,
    corpus: Pick<StoredCorpus, 'chunks' | 'chunkerVersion' | 'unread'>,
    runs: readonly SettingRun[],
    embedder: EvalResult['embedder'],
    helpers: EvalResult['helpers'],
    options: CallOptions,
  ): Promise<EvalResult> {
    return {
      dataset: {
        name: dataset.name,
        documents: dataset.documents.length,
        chunks: corpus.chunks,
        queries: dataset.queries.length,
        judged: judgedQueries(dataset).length,
        unread: corpus.unread,
        missingDocuments: store.getState().problems?.missingDocuments ?? [],
        ...(store.getState().set ? { isOfPassages: true as const } : {}),
      },
      embedder,
      helpers,
      chunkerVersion: corpus.chunkerVersion,
      report: await reportOf(runs, undefined, options),
      runs,
    };
  }

  async function evaluate(dataset: EvalDataset, options: Required<CallOptions>): Promise<void> {
    const embedder = await deps.embedder();
    if (embedder === undefined)
      throw new AppError(
        'model/not-found',
        'Documents are indexed with an embedding model. Download one in Models.',
      );
    const settings = settingsOf(store.getState().grid);
    if (settings.length === 0) throw new AppError('input/invalid', 'Choose at least one mode to measure.');
    const { set } = store.getState();
    const corpus = set
      ? undefined
      : await intake.take(dataset, embedder, {
          ...options,
          onPhase: (phase) => store.setState({ phase, progress: undefined }),
        });
    store.setState({ corpus, phase: 'asking', progress: undefined });
    const { modelId, dimension, dtype, runsOn, fingerprint } = await library.warm({ embedder }, options);
    const help = await prepareHelp(deps, dataset, settings, {
      ...options,
      onAsking: (asking) => store.setState({ asking }),
    });
    const search = corpus
      ? searchIn(library, corpus, embedder, help.of)
      : searchPassages(library, set?.collectionIds ?? [], embedder, help.of);
    const facts = corpus ?? { chunks: dataset.documents.length, chunkerVersion: undefined, unread: [] };
    const runs: SettingRun[] = [];
    for (const setting of settings) {
      store.setState({ asking: settingLabel(setting) });
      runs.push(await runSetting({ search, nowMs }, dataset, setting, options));
      const info = { modelId, dimension, dtype, runsOn, fingerprint };
      store.setState({ result: await resultOf(dataset, facts, [...runs], info, help.models, options) });
    }
    const { result } = store.getState();
    if (set && result)
      await repositories.datasets.saveRun({
        id: createId(),
        datasetId: set.id,
        createdAt: now(),
        result: storedResult(result),
      });
  }

  return {
    store,
    ...questionSets.actions,
    ...drafts.actions,
    ...earlier.actions,
    /** Lets the chat model write a question for each passage, for the user to look at. */
    draftQuestions: (passages: readonly SourcePassage[]): Promise<void> =>
      act('drafting', (options) => drafts.write(passages, options)),

    /** A folder in BEIR layout. */
    importFolder: (files: readonly File[]): Promise<void> =>
      act('reading', async () => {
        const dataset = await readBeirFolder(files);
        questionSets.leave();
        store.setState({ dataset, problems: checkDataset(dataset), corpus: undefined });
      }),

    setGrid(change: Partial<GridChoice>): void {
      store.setState({ grid: { ...store.getState().grid, ...change } });
    },

    /** Takes the corpus in and asks every judged question in every setting. */
    run: (): Promise<void> =>
      act('adding', async (options) => {
        const { set } = store.getState();
        if (set) await questionSets.show(set.id); // the library may have changed
        const { dataset } = store.getState();
        if (dataset) await evaluate(dataset, options);
      }),

    stop: (): void => running?.abort(),

    dismissError: (): void => store.setState({ error: undefined }),

    /** Out of the library again; set and results stay on screen. */
    removeCorpus: (): Promise<void> =>
      act('reading', async () => {
        const { corpus, dataset } = store.getState();
        if (corpus && dataset) await intake.remove(corpus, dataset.name);
        store.setState({ corpus: undefined });
      }),

    downloadResult(): void {
      const { result } = store.getState();
      if (result) download(`${result.dataset.name}-retrieval.json`, resultJson(result));
    },

    /** Rankings as trec_eval reads them. */
    downloadRuns(): void {
      const { result } = store.getState();
      if (result) download(`${result.dataset.name}-runs.txt`, trecRuns(result));
    },

    /** The set in BEIR layout, one file each. */
    downloadDataset(): void {
      const { dataset } = store.getState();
      if (dataset) for (const [name, text] of beirFilesOf(dataset)) download(name, text);
    },

    /** The passages as they were embedded, for the same embedder in another program. */
    downloadPassages: (): Promise<void> =>
      act('reading', async ({ signal }) => {
        const { corpus, dataset } = store.getState();
        if (!corpus || !dataset) return;
        download(`${dataset.name}-passages.jsonl`, await passageLines(repositories.library, corpus, signal));
      }),

    dispose(): void {
      running?.abort();
      looks += 1;
      stopModels();
      earlier.dispose();
      questionSets.dispose();
    },
  };
}
