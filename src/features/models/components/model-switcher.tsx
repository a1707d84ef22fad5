import { ChevronsUpDown, Server } from 'lucide-react';
import { useState } from 'react';
import type { ModelSpec } from '#core/ports/model.ts';
import { Button } from '#ui/button.tsx';
import { ErrorCard } from '#ui/error-card.tsx';
import { Popover } from '#ui/popover.tsx';
import { ProgressBar } from '#ui/progress-bar.tsx';
import { knownModels } from '../model-shelf.ts';
import { loadingWords, shareOf } from '../model-words.ts';
import type { ModelsController } from '../models-controller.ts';
import type { ModelsState } from '../models-state.ts';
import styles from './model-switcher.module.css';
import { TransferBar } from './transfer-bar.tsx';
import { useModels } from './use-models.ts';

export interface ModelSwitcherProps {
  readonly controller: ModelsController;
  readonly onOpenModels: () => void;
}

/** Chat models that can be loaded at once, and the servers. */
export function loadableModels(
  { stored, added }: ModelsState,
  catalog: readonly ModelSpec[],
): readonly ModelSpec[] {
  const known = knownModels(added, catalog);
  const here = stored.flatMap(({ modelId, isComplete }) => {
    const model = isComplete ? known.get(modelId) : undefined;
    return model?.task === 'chat' ? [model] : [];
  });
  return [...here, ...added.filter(({ engine }) => engine === 'openai')];
}

function Trigger({ state }: { readonly state: ModelsState }) {
  const { engine, transfers } = state;
  const coming = transfers.find(({ loadsAfter, state: now }) => loadsAfter && now === 'running');
  if (engine.status === 'ready')
    return (
      <>
        <span className={styles.name}>{engine.model.label}</span>
        <span className={styles.place} data-remote={engine.loaded.runsOn === 'remote' || undefined}>
          {engine.loaded.placeLabel}
        </span>
      </>
    );
  if (engine.status === 'loading')
    return (
      <>
        <span className={styles.name}>{engine.model.label}</span>
        <span className={styles.place}>{loadingWords(engine.progress)}</span>
      </>
    );
  if (engine.status === 'failed') return <span className={styles.name}>{engine.model.label} failed</span>;
  if (coming) {
    const share = shareOf(coming.progress);
    return (
      <>
        <span className={styles.name}>{coming.label}</span>
        <span className={styles.place}>
          Downloading{share === undefined ? '' : ` ${Math.round(share * 100)} %`}
        </span>
      </>
    );
  }
  return <span className={styles.name}>Choose a model</span>;
}

function Now({ controller, state }: { readonly controller: ModelsController; readonly state: ModelsState }) {
  const { engine, transfers } = state;
  if (engine.status === 'loading')
    return (
      <div className={styles.now}>
        <p>{loadingWords(engine.progress)}</p>
        <ProgressBar value={shareOf(engine.progress)} label={`Loading ${engine.model.label}`} />
        <Button size="small" onClick={() => void controller.cancelLoad()}>
          Cancel
        </Button>
      </div>
    );
  if (engine.status === 'failed')
    return (
      <ErrorCard
        error={engine.error}
        actions={
          <Button size="small" onClick={() => void controller.load(engine.model.id)}>
            Try again
          </Button>
        }
      />
    );
  if (engine.status === 'ready')
    return (
      <div className={styles.now}>
        <p>
          {engine.model.label} · {engine.loaded.placeLabel} · {engine.loaded.contextTokens} tokens of context
        </p>
        {engine.loaded.runsOn === 'remote' ? (
          <p className={styles.leaves}>What you write is sent to this server.</p>
        ) : null}
        <Button size="small" onClick={() => void controller.unload()}>
          Unload
        </Button>
      </div>
    );
  const coming = transfers.find(({ loadsAfter }) => loadsAfter);
  return coming ? <TransferBar transfer={coming} controller={controller} /> : null;
}

/** Which model answers and where it runs; switches between those that are here. */
export function ModelSwitcher({ controller, onOpenModels }: ModelSwitcherProps) {
  const state = useModels(controller);
  const [isOpen, setOpen] = useState(false);
  const models = loadableModels(state, controller.catalog);
  const readyId = state.engine.status === 'ready' ? state.engine.model.id : undefined;
  return (
    <Popover
      label="Model"
      open={isOpen}
      onOpenChange={setOpen}
      trigger={
        <button
          type="button"
          className={styles.trigger}
          data-testid="model-switcher"
          data-status={state.engine.status}
        >
          <Trigger state={state} />
          <ChevronsUpDown aria-hidden />
        </button>
      }
    >
      <div className={styles.menu}>
        <Now controller={controller} state={state} />
        <ul className={styles.list} aria-label="Models to switch to">
          {models.map((model) => (
            <li key={model.id}>
              <button
                type="button"
                className={styles.model}
                {...(model.id === readyId ? { 'aria-current': true } : {})}
                onClick={() => {
                  if (model.id !== readyId) void controller.load(model.id);
                }}
              >
                <span className={styles.name}>{model.label}</span>
                {model.engine === 'openai' ? <Server aria-hidden /> : null}
                <span className={styles.place}>
                  {model.id === readyId
                    ? 'Loaded'
                    : model.engine === 'openai'
                      ? 'Server'
                      : model.quantization}
                </span>
              </button>
            </li>
          ))}
        </ul>
        {models.length === 0 ? <p className={styles.hint}>No chat model is on this device yet.</p> : null}
        <Button
          size="small"
          onClick={() => {
            setOpen(false);
            onOpenModels();
          }}
        >
          All models…
        </Button>
      </div>
    </Popover>
  );
}
