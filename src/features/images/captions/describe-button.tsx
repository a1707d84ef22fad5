import { Captions } from 'lucide-react';
import { useCallback, useState } from 'react';
import { Button } from '#ui/button.tsx';
import { Dialog } from '#ui/dialog.tsx';
import { ErrorCard } from '#ui/error-card.tsx';
import { formatDuration, formatNumber } from '#ui/format.ts';
import { IconButton } from '#ui/icon-button.tsx';
import { Select } from '#ui/select.tsx';
import { useLoaded } from '#ui/use-loaded.ts';
import type { ImagesController } from '../images-controller.ts';
import type { DescriptionPlan } from './create-descriptions.ts';
import styles from './descriptions.module.css';

export interface DescribeButtonProps {
  readonly controller: ImagesController;
  /** The pictures that are to be described. */
  readonly ids: readonly string[];
  readonly isIcon?: boolean;
}

function amountInWords({ msPerPicture }: DescriptionPlan, count: number): string {
  const pictures = count === 1 ? '1 picture' : `${formatNumber(count)} pictures`;
  return msPerPicture === undefined
    ? `${pictures}. How long that takes is not known before the first: seconds each with a graphics card, up to a minute without.`
    : `${pictures}, about ${formatDuration(msPerPicture * count)} (${formatDuration(msPerPicture)} each, as measured on this device).`;
}

function DescribeDialog({
  controller,
  ids,
  onClose,
}: DescribeButtonProps & { readonly onClose: () => void }) {
  const { descriptions } = controller;
  const [chosen, setChosen] = useState<string>();
  const loaded = useLoaded(useCallback(() => descriptions.plan(), [descriptions]));
  const plan = loaded.status === 'ready' ? loaded.value : undefined;
  const modelId = chosen ?? plan?.models[0]?.id;
  const isMissing = plan !== undefined && plan.models.length === 0;
  return (
    <Dialog
      title="Have pictures described?"
      description="A chat model that sees writes what each picture shows, on this device. Its words find the picture, are shown as the model’s, and can be wrong. An answer in a chat waits for the picture in hand."
      open
      onOpenChange={(open) => open || onClose()}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          {isMissing ? (
            <Button variant="primary" onClick={descriptions.openModels}>
              Choose a model that sees
            </Button>
          ) : (
            <Button
              variant="primary"
              icon={<Captions />}
              disabled={modelId === undefined}
              onClick={() => {
                if (modelId !== undefined) void descriptions.start(ids, modelId);
                onClose();
              }}
            >
              Describe
            </Button>
          )}
        </>
      }
    >
      {loaded.status === 'failed' ? <ErrorCard error={loaded.error} /> : null}
      {isMissing ? <p>No chat model that sees pictures is on this device yet.</p> : null}
      {plan && modelId !== undefined ? (
        <div className={styles.plan}>
          <Select
            label="Model"
            value={modelId}
            onChange={setChosen}
            options={plan.models.map(({ id, label }) => ({ value: id, label }))}
          />
          <p className={styles.quiet}>{amountInWords(plan, ids.length)}</p>
        </div>
      ) : null}
    </Dialog>
  );
}

/** Opens the question; what is to be described is what it was when it was asked. */
export function DescribeButton({ controller, ids, isIcon = false }: DescribeButtonProps) {
  const [asked, setAsked] = useState<readonly string[]>();
  const open = (): void => setAsked(ids);
  return (
    <>
      {isIcon ? (
        <IconButton label="Have pictures described…" icon={<Captions />} onClick={open} />
      ) : (
        <Button size="small" icon={<Captions />} onClick={open}>
          Describe…
        </Button>
      )}
      {asked ? (
        <DescribeDialog controller={controller} ids={asked} onClose={() => setAsked(undefined)} />
      ) : null}
    </>
  );
}
