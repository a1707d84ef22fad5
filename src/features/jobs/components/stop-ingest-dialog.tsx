import type { JobRecord } from '#core/ports/job-records.ts';
import type { IngestInput } from '#core/ports/library.ts';
import { Button } from '#ui/button.tsx';
import { Dialog } from '#ui/dialog.tsx';

export interface StopIngestDialogProps {
  readonly job: Pick<JobRecord, 'kind' | 'label' | 'input'>;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly onKeep: () => void;
  readonly onDiscard: () => void;
}

const FATES = {
  first:
    'Kept: what is indexed can be searched, the rest waits. Discarded: passages and vectors of this job’s documents go, the files stay in the library and wait.',
  pictures:
    'Kept: what is indexed is found, the rest waits. Discarded: what this job has indexed is found no more; the files stay among the pictures and wait. Pictures that were indexed before keep their new reading.',
  again:
    'Documents that were read again keep their new reading, the others answer as before, whatever you choose. Kept: a reading that was begun goes on the next time. Discarded: it is begun anew.',
};

/** A job that has indexed something: what is to become of that is the user's choice. */
export function StopIngestDialog({ job, open, onOpenChange, onKeep, onDiscard }: StopIngestDialogProps) {
  const choose = (act: () => void) => (): void => {
    onOpenChange(false);
    act();
  };
  const isPictures = job.kind === 'image-ingest';
  const isAgain = (job.input as Partial<IngestInput> | undefined)?.isAgain === true;
  return (
    <Dialog
      title={isAgain ? 'Stop re-indexing?' : 'Stop indexing?'}
      description={`“${job.label}” goes on until you choose. ${isPictures ? FATES.pictures : isAgain ? FATES.again : FATES.first}`}
      open={open}
      onOpenChange={onOpenChange}
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>Go on</Button>
          <Button variant="danger" onClick={choose(onDiscard)}>
            Stop and discard
          </Button>
          <Button variant="primary" onClick={choose(onKeep)}>
            Stop and keep
          </Button>
        </>
      }
    />
  );
}
