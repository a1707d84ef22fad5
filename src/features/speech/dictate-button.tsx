import { Mic } from 'lucide-react';
import { type RefObject, useState } from 'react';
import { IconButton } from '#ui/icon-button.tsx';
import type { DictationDependencies } from './create-dictation.ts';
import { DictationDialog } from './dictation-dialog.tsx';
import { insertText } from './insert-text.ts';

export interface DictateButtonProps {
  readonly dependencies: DictationDependencies;
  /** Where what is said is written. */
  readonly box: RefObject<HTMLTextAreaElement | null>;
  readonly onOpenModels: () => void;
}

/** Opens the microphone, once a speech model is there; else it says how to get one. */
export function DictateButton({ dependencies, box, onOpenModels }: DictateButtonProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <IconButton label="Dictate" icon={<Mic />} onClick={() => setOpen(true)} />
      {isOpen ? (
        <DictationDialog
          dependencies={dependencies}
          onText={(text) => {
            setOpen(false);
            // After the dialog has given the focus back.
            if (box.current) requestAnimationFrame(() => box.current && insertText(box.current, text));
          }}
          onClose={() => setOpen(false)}
          onOpenModels={() => {
            setOpen(false);
            onOpenModels();
          }}
        />
      ) : null}
    </>
  );
}
