import { ScanText } from 'lucide-react';
import { useCallback, useState } from 'react';
import { Button } from '#ui/button.tsx';
import { formatDuration, formatNumber } from '#ui/format.ts';
import { ReadTextDialog } from '#ui/read-text-dialog.tsx';
import { useLoaded } from '#ui/use-loaded.ts';
import type { LibraryController } from '../library-controller.ts';
import type { Recognition, RecognitionPlan, RecognitionTarget } from './create-recognition.ts';

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

/** Says what reading pictures will take, and asks for the language; nothing happens before the answer. */
export function RecognitionDialog({ controller, target, onClose }: RecognitionDialogProps) {
  const loaded = useLoaded(
    useCallback(async (): Promise<RecognitionPlan & { readonly recognition: Recognition }> => {
      const recognition = await controller.recognition();
      return { recognition, ...(await recognition.plan(target)) };
    }, [controller, target]),
  );
  return (
    <ReadTextDialog
      title="Read with OCR?"
      description={`The words in ${nameOf(target)} are recognized on this device; no page leaves it. They can then be searched and cited like any others. Recognition makes mistakes: how sure it was is shown with each page.`}
      startLabel="Read with OCR"
      loaded={loaded}
      amountOf={(plan) => pagesInWords(plan, 'pictures' in target)}
      timeOf={timeInWords}
      onStart={(language, { recognition }) => void recognition.start(target, language)}
      onClose={onClose}
    />
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
