import { ScanText } from 'lucide-react';
import { useCallback, useState } from 'react';
import { Button } from '#ui/button.tsx';
import { Dialog } from '#ui/dialog.tsx';
import { ErrorCard } from '#ui/error-card.tsx';
import { formatBytes, formatDuration, formatNumber } from '#ui/format.ts';
import { IconButton } from '#ui/icon-button.tsx';
import { Select } from '#ui/select.tsx';
import { useLoaded } from '#ui/use-loaded.ts';
import type { ImagesController } from '../images-controller.ts';
import type { PictureTextPlan } from './create-picture-texts.ts';
import styles from './text.module.css';

export interface ReadTextButtonProps {
  readonly controller: ImagesController;
  /** The pictures that are to be read. */
  readonly ids: readonly string[];
  readonly isIcon?: boolean;
}

const pictures = (n: number): string => (n === 1 ? '1 picture' : `${formatNumber(n)} pictures`);

function timeInWords({ msPerPicture }: PictureTextPlan, count: number): string {
  return msPerPicture === undefined
    ? 'Not known before the first is read: a picture takes 1 to 20 seconds, and the time left is then shown.'
    : `About ${formatDuration(msPerPicture * count)} (${formatDuration(msPerPicture)} a picture, as measured on this device)`;
}

function Facts({
  plan,
  language,
  count,
}: {
  readonly plan: PictureTextPlan;
  readonly language: string;
  readonly count: number;
}) {
  const { engineBytes, languages } = plan;
  const { label = '', sizeBytes = 0 } = languages.find(({ id }) => id === language) ?? {};
  return (
    <dl className={styles.facts}>
      <dt>To read</dt>
      <dd>{pictures(count)}</dd>
      <dt>To fetch, once</dt>
      <dd>
        {formatBytes(engineBytes + sizeBytes)} from this site: the engine ({formatBytes(engineBytes)}) and{' '}
        {label} ({formatBytes(sizeBytes)})
      </dd>
      <dt>Time</dt>
      <dd>{timeInWords(plan, count)}</dd>
    </dl>
  );
}

/** Says what reading will take, and asks for the language; nothing happens before the answer. */
function ReadTextDialog({
  controller,
  ids,
  onClose,
}: ReadTextButtonProps & { readonly onClose: () => void }) {
  const [chosen, setChosen] = useState<string>();
  const loaded = useLoaded(useCallback(() => controller.textPlan(), [controller]));
  const plan = loaded.status === 'ready' ? loaded.value : undefined;
  const language = chosen ?? plan?.languages[0]?.id ?? '';
  return (
    <Dialog
      title="Read the text in pictures?"
      description="The words in them are recognized on this device; no picture leaves it. They are then kept with their picture and find it. Recognition makes mistakes: how sure it was is shown with each."
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            variant="primary"
            icon={<ScanText />}
            disabled={plan === undefined}
            onClick={() => {
              void controller.readTexts(ids, language);
              onClose();
            }}
          >
            Read the text
          </Button>
        </>
      }
    >
      {loaded.status === 'failed' ? <ErrorCard error={loaded.error} /> : null}
      {plan ? (
        <div className={styles.body}>
          <Select
            label="Language of the text"
            value={language}
            onChange={setChosen}
            options={plan.languages.map(({ id, label }) => ({ value: id, label }))}
          />
          <Facts plan={plan} language={language} count={ids.length} />
        </div>
      ) : null}
    </Dialog>
  );
}

/** Opens the question; what is to be read is what it was when it was asked. */
export function ReadTextButton({ controller, ids, isIcon = false }: ReadTextButtonProps) {
  const [asked, setAsked] = useState<readonly string[]>();
  const open = (): void => setAsked(ids);
  return (
    <>
      {isIcon ? (
        <IconButton label="Read the text in pictures…" icon={<ScanText />} onClick={open} />
      ) : (
        <Button size="small" icon={<ScanText />} onClick={open}>
          Read its text…
        </Button>
      )}
      {asked ? (
        <ReadTextDialog controller={controller} ids={asked} onClose={() => setAsked(undefined)} />
      ) : null}
    </>
  );
}
