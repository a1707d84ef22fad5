import { FolderInput } from 'lucide-react';
import { Button, type ButtonProps } from '#ui/button.tsx';
import { FilePicker } from '#ui/file-drop.tsx';

export interface FolderButtonProps extends Pick<ButtonProps, 'variant' | 'disabled'> {
  readonly onFiles: (files: readonly File[]) => void;
}

/** Asks for a folder with a question set and hands over all files below it. */
export function FolderButton({ onFiles, variant = 'secondary', disabled = false }: FolderButtonProps) {
  return (
    <FilePicker label="Folder with a question set" isFolder onFiles={onFiles}>
      {(open) => (
        <Button variant={variant} disabled={disabled} icon={<FolderInput />} onClick={open}>
          Import a question set
        </Button>
      )}
    </FilePicker>
  );
}
