import { Button } from '#ui/button.tsx';
import { loadableModels } from '../loadable-models.ts';
import type { ModelSwitcherProps } from './model-switcher.tsx';
import styles from './sighted-models.module.css';
import { useModels } from './use-models.ts';

/** The models on this device that see pictures, one click to load, and the way to more. */
export function SightedModels({ controller, onOpenModels }: ModelSwitcherProps) {
  const state = useModels(controller);
  const models = loadableModels(state).filter(({ seesImages }) => seesImages);
  return (
    <div className={styles.sighted}>
      {models.length === 0 ? <p>No model that sees pictures is on this device yet.</p> : null}
      <div className={styles.actions}>
        {models.map(({ id, label }) => (
          <Button key={id} size="small" variant="primary" onClick={() => void controller.load(id)}>
            Load {label}
          </Button>
        ))}
        <Button size="small" onClick={onOpenModels}>
          {models.length === 0 ? 'Choose a model that sees' : 'Other models'}
        </Button>
      </div>
    </div>
  );
}
