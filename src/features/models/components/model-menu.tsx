import { Server } from 'lucide-react';
import { shareOf } from '#shared/call.ts';
import { Button } from '#ui/button.tsx';
import { ErrorCard } from '#ui/error-card.tsx';
import { ProgressBar } from '#ui/progress-bar.tsx';
import { loadableModels } from '../loadable-models.ts';
import type { ModelsController } from '../models-controller.ts';
import type { ModelsState } from '../models-state.ts';
import { loadingWords } from '../progress-words.ts';
import styles from './model-switcher.module.css';
import type { ModelSwitcherProps } from './model-switcher.tsx';
import { TransferBar } from './transfer-bar.tsx';
import { useModels } from './use-models.ts';

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

/** What the switcher opens: what runs now, and the models to switch to. */
export function ModelMenu({ controller, onOpenModels }: ModelSwitcherProps) {
  const state = useModels(controller);
  const models = loadableModels(state);
  const readyId = state.engine.status === 'ready' ? state.engine.model.id : undefined;
  return (
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
                {model.id === readyId ? 'Loaded' : model.engine === 'openai' ? 'Server' : model.quantization}
              </span>
            </button>
          </li>
        ))}
      </ul>
      {models.length === 0 ? <p className={styles.hint}>No chat model is on this device yet.</p> : null}
      <Button size="small" onClick={onOpenModels}>
        All models…
      </Button>
    </div>
  );
}

/** The models on this device that see pictures, one click to load, and the way to more. */
export function SightedModels({ controller, onOpenModels }: ModelSwitcherProps) {
  const models = loadableModels(useModels(controller)).filter(({ seesImages }) => seesImages);
  return (
    <div className={styles.sighted}>
      {models.length === 0 ? <p>No model that sees pictures is on this device yet.</p> : null}
      {models.map(({ id, label }) => (
        <Button key={id} size="small" variant="primary" onClick={() => void controller.load(id)}>
          Load {label}
        </Button>
      ))}
      <Button size="small" onClick={onOpenModels}>
        {models.length === 0 ? 'Choose a model that sees' : 'Other models'}
      </Button>
    </div>
  );
}
