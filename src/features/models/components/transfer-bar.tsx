import { Pause, Play, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { shareOf } from '#shared/call.ts';
import { Button } from '#ui/button.tsx';
import { ErrorCard } from '#ui/error-card.tsx';
import { IconButton } from '#ui/icon-button.tsx';
import { ProgressBar } from '#ui/progress-bar.tsx';
import { transferWords } from '../model-words.ts';
import type { ModelsController } from '../models-controller.ts';
import type { Transfer } from '../models-state.ts';
import styles from './transfer-bar.module.css';

/** Real bytes, speed, time left; pause, go on, stop. A failure says what happened and offers the next step. */
export function TransferBar({
  transfer,
  controller,
  nextStep,
}: {
  readonly transfer: Transfer;
  readonly controller: ModelsController;
  /** Beside "Try again", where it failed. */
  readonly nextStep?: ReactNode;
}) {
  const { state, label, progress, jobId, kind } = transfer;
  if (state === 'failed') {
    const error = transfer.error ?? {
      code: 'internal/unexpected',
      message: 'It stopped without saying why.',
    };
    // A file that is no model, or that the page no longer holds, is not better the second time.
    const isChangedAtHub = error.code === 'model/integrity' && error.details?.stated !== undefined;
    const canRetry = !isChangedAtHub && !/^(?:job|input)\//.test(error.code);
    return (
      <ErrorCard
        error={error}
        actions={
          <>
            {canRetry ? (
              <Button size="small" onClick={() => void controller.resume(jobId)}>
                Try again
              </Button>
            ) : null}
            {isChangedAtHub ? (
              <Button size="small" onClick={() => void controller.takeNewFiles(transfer)}>
                Take the new files
              </Button>
            ) : null}
            {nextStep}
            <Button size="small" variant="quiet" onClick={() => void controller.dismiss(transfer)}>
              Dismiss
            </Button>
          </>
        }
      />
    );
  }
  const isPaused = state === 'paused';
  const share = shareOf(progress);
  const verb = kind === 'model-import' ? 'importing' : 'downloading';
  return (
    <div className={styles.bar} data-testid="transfer" data-state={state}>
      <span className={styles.words}>{transferWords(transfer)}</span>
      <ProgressBar value={isPaused ? (share ?? 0) : share} label={`${verb} ${label}`} />
      <span className={styles.actions}>
        {kind === 'model-import' ? null : isPaused ? (
          <IconButton
            label={`Resume ${label}`}
            icon={<Play />}
            onClick={() => void controller.resume(jobId)}
          />
        ) : (
          <IconButton
            label={`Pause ${label}`}
            icon={<Pause />}
            onClick={() => void controller.pause(jobId)}
          />
        )}
        <IconButton label={`Stop ${label}`} icon={<X />} onClick={() => void controller.stop(transfer)} />
      </span>
    </div>
  );
}
