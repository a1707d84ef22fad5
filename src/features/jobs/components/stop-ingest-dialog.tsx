import { Button } from '#ui/button.tsx';
import { Dialog } from '#ui/dialog.tsx';

export interface StopIngestDialogProps {
  readonly label: string;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly onKeep: () => void;
  readonly onDiscard: () => void;
}

/** A job that has indexed something: what is to become of that is the user's choice. */
export function StopIngestDialog({ label, open, onOpenChange, onKeep, onDiscard }: StopIngestDialogProps) {
  const choose = (act: () => void) => (): void => {
    onOpenChange(false);
    act();
  };
  return (
    <Dialog
      title="Stop indexing?"
      description={`“${label}” goes on until you choose. Kept: what is indexed can be searched, the rest waits. Discarded: passages and vectors of this job's documents go, the files stay in the library and wait.`}
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
