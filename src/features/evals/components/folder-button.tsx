import { FolderInput } from 'lucide-react';
import { useRef } from 'react';
import { Button, type ButtonProps } from '#ui/button.tsx';

export interface FolderButtonProps extends Pick<ButtonProps, 'variant' | 'disabled'> {
  readonly onFiles: (files: readonly File[]) => void;
}

/** Asks for a folder with a question set and hands over all files below it. */
export function FolderButton({ onFiles, variant = 'secondary', disabled = false }: FolderButtonProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={(element) => {
          input.current = element;
          if (element) element.webkitdirectory = true; // React does not know the attribute
        }}
        type="file"
        hidden
        aria-label="Folder with a question set"
        onChange={(event) => {
          const files = [...(event.target.files ?? [])];
          event.target.value = ''; // the same folder can be chosen again
          if (files.length > 0) onFiles(files);
        }}
      />
      <Button
        variant={variant}
        disabled={disabled}
        icon={<FolderInput />}
        onClick={() => input.current?.click()}
      >
        Import a question set
      </Button>
    </>
  );
}
