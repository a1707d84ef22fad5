import { FlaskConical } from 'lucide-react';
import { useStore } from 'zustand';
import { shareOf } from '#shared/call.ts';
import { Button } from '#ui/button.tsx';
import { EmptyState } from '#ui/empty-state.tsx';
import { ErrorCard } from '#ui/error-card.tsx';
import { formatNumber } from '#ui/format.ts';
import { ProgressBar } from '#ui/progress-bar.tsx';
import { Screen } from '#ui/screen.tsx';
import { DatasetFacts } from './components/dataset-facts.tsx';
import { EarlierRuns } from './components/earlier-runs.tsx';
import { FolderButton } from './components/folder-button.tsx';
import { GridForm } from './components/grid-form.tsx';
import { QuestionEditor } from './components/question-editor.tsx';
import { Results } from './components/results.tsx';
import { SetList } from './components/set-list.tsx';
import { documents } from './counted.ts';
import styles from './evals.module.css';
import type { EvalsController } from './evals-controller.ts';
import type { EvalsState } from './evals-state.ts';

export interface EvalsScreenProps {
  readonly controller: EvalsController;
  /** Opens the place where an embedding model is chosen. */
  readonly onGetEmbedder: () => void;
}

const PHASES: Readonly<Record<EvalsState['phase'], string>> = {
  idle: '',
  reading: 'Reading',
  adding: 'Taking the documents in',
  indexing: 'Indexing',
  asking: 'Asking',
  drafting: 'Letting the chat model write questions',
};

/** 'Asking, Hybrid · 34 of 120'. */
function inWords({ phase, progress, asking }: EvalsState): string {
  const what = [PHASES[phase], asking].filter(Boolean).join(', ');
  if (progress === undefined || progress.unit === 'bytes' || progress.unit === 'fraction') return `${what}…`;
  const total = progress.total === undefined ? '' : ` of ${formatNumber(progress.total)}`;
  return `${what} · ${formatNumber(progress.done)}${total}`;
}

function Running({
  controller,
  state,
}: {
  readonly controller: EvalsController;
  readonly state: EvalsState;
}) {
  const { progress, phase } = state;
  if (phase === 'idle') return null;
  return (
    <div className={styles.running}>
      <p data-testid="eval-status" role="status" aria-live="off">
        {inWords(state)}
      </p>
      <ProgressBar label={PHASES[phase]} value={shareOf(progress)} />
      <Button size="small" onClick={controller.stop}>
        Stop
      </Button>
    </div>
  );
}

function Actions({
  controller,
  state,
}: {
  readonly controller: EvalsController;
  readonly state: EvalsState;
}) {
  const { corpus, phase, grid, isEmbedderMissing } = state;
  const isBusy = phase !== 'idle';
  return (
    <div className={styles.actions}>
      <Button
        variant="primary"
        disabled={isBusy || grid.modes.length === 0 || isEmbedderMissing}
        onClick={() => void controller.run()}
      >
        Evaluate
      </Button>
      <Button variant="quiet" onClick={controller.downloadDataset}>
        Export the set (BEIR)
      </Button>
      {corpus ? (
        <Button variant="quiet" disabled={isBusy} onClick={() => void controller.removeCorpus()}>
          Remove its {documents(corpus.documents)} from the library
        </Button>
      ) : null}
    </div>
  );
}

function EmbedderNote({ onGetEmbedder }: Pick<EvalsScreenProps, 'onGetEmbedder'>) {
  return (
    <div className={styles.running}>
      <p>Documents are indexed with an embedding model, and none is on this device.</p>
      <Button size="small" onClick={onGetEmbedder}>
        Choose a model
      </Button>
    </div>
  );
}

/** Question sets, the settings to compare, and what comes of it. */
export function EvalsScreen({ controller, onGetEmbedder }: EvalsScreenProps) {
  const state = useStore(controller.store);
  const { dataset, problems, corpus, grid, phase, result, error, isEmbedderMissing, set } = state;
  const take = (files: readonly File[]): void => void controller.importFolder(files);
  const isBusy = phase !== 'idle';
  return (
    <Screen
      toolbar={
        <>
          <h1 className={styles.title}>Evaluate retrieval</h1>
          {dataset ? <FolderButton onFiles={take} disabled={isBusy} /> : null}
        </>
      }
    >
      <div className={styles.scroller}>
        <div className={styles.column}>
          {error ? (
            <ErrorCard
              error={error}
              actions={
                <Button size="small" onClick={controller.dismissError}>
                  Dismiss
                </Button>
              }
            />
          ) : null}
          {isEmbedderMissing ? <EmbedderNote onGetEmbedder={onGetEmbedder} /> : null}
          <Running controller={controller} state={state} />
          {set ? (
            <QuestionEditor
              key={set.id}
              controller={controller}
              set={set}
              drafts={state.drafts}
              disabled={isBusy}
            />
          ) : (
            <SetList
              controller={controller}
              sets={state.sets}
              collections={state.collections}
              disabled={isBusy}
            />
          )}
          {dataset ? (
            <>
              <div className={styles.panels}>
                <DatasetFacts
                  isOwn={set !== undefined}
                  dataset={dataset}
                  problems={problems}
                  corpus={corpus}
                />
                <GridForm
                  controller={controller}
                  grid={grid}
                  disabled={isBusy}
                  hasReranker={state.hasReranker}
                />
              </div>
              <Actions controller={controller} state={state} />
              {result ? <Results controller={controller} result={result} dataset={dataset} /> : null}
            </>
          ) : set ? null : (
            <EmptyState
              icon={<FlaskConical />}
              title="Does the search find the right passage?"
              text="Write questions to your own documents, or import a folder in BEIR layout (corpus.jsonl, queries.jsonl, qrels/test.tsv). Its documents go into the library, its questions are asked, and the settings are compared."
              actions={<FolderButton variant="primary" onFiles={take} disabled={isBusy} />}
            />
          )}
          {set ? <EarlierRuns key={`runs ${set.id}`} controller={controller} runs={state.earlier} /> : null}
        </div>
      </div>
    </Screen>
  );
}
