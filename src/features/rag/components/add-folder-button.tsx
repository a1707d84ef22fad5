import { FolderUp } from 'lucide-react';
import { Button } from '#ui/button.tsx';
import { FilePicker } from '#ui/file-drop.tsx';
import { IconButton } from '#ui/icon-button.tsx';
import type { Folders } from '../folders/create-folders.ts';
import type { LibraryController } from '../library-controller.ts';

interface AddFolderButtonProps {
  readonly controller: LibraryController;
  /** Undefined until they are fetched. */
  readonly folders: Folders | undefined;
  readonly isIcon?: boolean;
}

/** A folder that is remembered where the browser can do that, else its files once. */
export function AddFolderButton({ controller, folders, isIcon = false }: AddFolderButtonProps) {
  const button = (open: () => void) =>
    isIcon ? (
      <IconButton label="Add a folder" icon={<FolderUp />} onClick={open} />
    ) : (
      <Button icon={<FolderUp />} onClick={open}>
        Add a folder
      </Button>
    );
  if (folders?.canRemember) return button(() => void folders.add());
  return (
    <FilePicker isFolder label="Folder to add" onFiles={(files) => void controller.addFiles(files)}>
      {button}
    </FilePicker>
  );
}
