import { Button } from '#ui/button.tsx';
import { Dialog } from '#ui/dialog.tsx';
import type { ModelsController } from '../models-controller.ts';
import styles from './dialogs.module.css';
import { useModels } from './use-models.ts';

/** A load failed and something smaller may work: nothing of it happens without a yes. */
export function StepDownDialog({ controller }: { readonly controller: ModelsController }) {
  const { stepDown } = useModels(controller);
  if (stepDown === undefined) return null;
  const { failed, error, words, next } = stepDown;
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && controller.answerStepDown(false)}
      title={`${failed.model.label} could not be loaded`}
      description={error.message}
      footer={
        <>
          <Button onClick={() => controller.answerStepDown(false)}>Leave it</Button>
          <Button variant="primary" onClick={() => controller.answerStepDown(true)}>
            {stepDown.kind === 'smaller-model' ? `Load ${next.model.label}` : 'Try that'}
          </Button>
        </>
      }
    >
      <p className={styles.proposal}>{words}</p>
    </Dialog>
  );
}
