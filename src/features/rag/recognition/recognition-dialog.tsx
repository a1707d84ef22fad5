import { ScanText } from 'lucide-react';
import { useCallback, useState } from 'react';
import { Button } from '#ui/button.tsx';
import { Dialog } from '#ui/dialog.tsx';
import { ErrorCard } from '#ui/error-card.tsx';
import { formatBytes, formatDuration, formatNumber } from '#ui/format.ts';
import { Select } from '#ui/select.tsx';
import { useLoaded } from '#ui/use-loaded.ts';
import type { LibraryController } from '../library-controller.ts';
import type { Recognition, RecognitionPlan, RecognitionTarget } from './create-recognition.ts';
import styles from './recognition.module.css';

interface RecognitionDialogProps {
  readonly controller: LibraryController;
  readonly target: RecognitionTarget;
  readonly onClose: () => void;
}

function nameOf(target: RecognitionTarget): string {
  if ('document' in target) return `“${target.document.name}”`;
  const [first] = target.pictures;
  return target.pictures.length === 1 && first
    ? `“${first.name}”`
    : `${formatNumber(target.pictures.length)} pictures`;
}

function pagesInWords({ pages }: RecognitionPlan, isPictures: boolean): string {
  if (pages === undefined) return 'those with pictures in them, which is seen when they are read';
  return `${formatNumber(pages)} ${isPictures ? (pages === 1 ? 'picture' : 'pictures') : pages === 1 ? 'page' : 'pages'}`;
}

function timeInWords({ pages, msPerPage }: RecognitionPlan): string {
  if (msPerPage === undefined)
    return 'Not known before the first pages are read: a page of print takes 1 to 20 seconds, and the time left is then shown.';
  const each = `${formatDuration(msPerPage)} a page, as measured on this device`;
  return pages === undefined ? each : `About ${formatDuration(msPerPage * pages)} (${each})`;
}

function Facts({
  plan,
  language,
  isPictures,
}: {
  readonly plan: RecognitionPlan;
  readonly language: string;
  readonly isPictures: boolean;
}) {
  const { engineBytes, languages } = plan;
  const { label = '', sizeBytes = 0 } = languages.find(({ id }) => id === language) ?? {};
  return (
    <dl className={styles.facts}>
      <dt>To read</dt>
      <dd>{pagesInWords(plan, isPictures)}</dd>
      <dt>To fetch, once</dt>
      <dd>
        {formatBytes(engineBytes + sizeBytes)} from this site: the engine ({formatBytes(engineBytes)}) and{' '}
        {label} ({formatBytes(sizeBytes)})
      </dd>
      <dt>Time</dt>
      <dd>{timeInWords(plan)}</dd>
    </dl>
  );
}

/** Says what reading pictures will take, and asks for the language; nothing happens before the answer. */
export function RecognitionDialog({ controller, target, onClose }: RecognitionDialogProps) {
  const [chosen, setChosen] = useState<string>();
  const loaded = useLoaded(
    useCallback(async (): Promise<{ recognition: Recognition; plan: RecognitionPlan }> => {
      const recognition = await controller.recognition();
      return { recognition, plan: await recognition.plan(target) };
    }, [controller, target]),
  );
  const plan = loaded.status === 'ready' ? loaded.value.plan : undefined;
  const language = chosen ?? plan?.languages[0]?.id ?? '';
  const start = (): void => {
    if (loaded.status === 'ready') void loaded.value.recognition.start(target, language);
    onClose();
  };
  return (
    <Dialog
      title="Read with OCR?"
      description={`The words in ${nameOf(target)} are recognized on this device; no page leaves it. They can then be searched and cited like any others. Recognition makes mistakes: how sure it was is shown with each page.`}
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" icon={<ScanText />} disabled={plan === undefined} onClick={start}>
            Read with OCR
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
          <Facts plan={plan} language={language} isPictures={'pictures' in target} />
        </div>
      ) : null}
    </Dialog>
  );
}

/** Opens the dialog. */
export function RecognizeButton({
  controller,
  target,
  label = 'Read with OCR…',
}: Omit<RecognitionDialogProps, 'onClose'> & { readonly label?: string }) {
  const [asked, setAsked] = useState<RecognitionTarget>();
  return (
    <>
      <Button size="small" icon={<ScanText />} onClick={() => setAsked(target)}>
        {label}
      </Button>
      {asked ? (
        <RecognitionDialog controller={controller} target={asked} onClose={() => setAsked(undefined)} />
      ) : null}
    </>
  );
}
