import { ScanText } from 'lucide-react';
import { useCallback, useState } from 'react';
import { Button } from '#ui/button.tsx';
import { formatDuration, formatNumber } from '#ui/format.ts';
import { IconButton } from '#ui/icon-button.tsx';
import { ReadTextDialog } from '#ui/read-text-dialog.tsx';
import { useLoaded } from '#ui/use-loaded.ts';
import type { ImagesController } from '../images-controller.ts';
import type { PictureTextPlan } from './create-picture-texts.ts';

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

function ReadDialog({ controller, ids, onClose }: ReadTextButtonProps & { readonly onClose: () => void }) {
  return (
    <ReadTextDialog
      title="Read the text in pictures?"
      description="The words in them are recognized on this device; no picture leaves it. They are then kept with their picture and find it. Recognition makes mistakes: how sure it was is shown with each."
      startLabel="Read the text"
      loaded={useLoaded(useCallback(() => controller.textPlan(), [controller]))}
      amountOf={() => pictures(ids.length)}
      timeOf={(plan) => timeInWords(plan, ids.length)}
      onStart={(language) => void controller.readTexts(ids, language)}
      onClose={onClose}
    />
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
      {asked ? <ReadDialog controller={controller} ids={asked} onClose={() => setAsked(undefined)} /> : null}
    </>
  );
}
