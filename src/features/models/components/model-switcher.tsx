import { ChevronsUpDown } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { shareOf } from '#shared/call.ts';
import { Popover } from '#ui/popover.tsx';
import type { ModelsController } from '../models-controller.ts';
import type { ModelsState } from '../models-state.ts';
import { loadingWords } from '../progress-words.ts';
import styles from './model-switcher.module.css';
import { useModels } from './use-models.ts';

const Menu = lazy(() => import('./model-menu.tsx').then(({ ModelMenu }) => ({ default: ModelMenu })));

export interface ModelSwitcherProps {
  readonly controller: ModelsController;
  readonly onOpenModels: () => void;
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

/** Which model answers and where it runs; switches between those that are here. */
export function ModelSwitcher({ controller, onOpenModels }: ModelSwitcherProps) {
  const state = useModels(controller);
  const [isOpen, setOpen] = useState(false);
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
      <Suspense fallback={null}>
        <Menu
          controller={controller}
          onOpenModels={() => {
            setOpen(false);
            onOpenModels();
          }}
        />
      </Suspense>
    </Popover>
  );
}
