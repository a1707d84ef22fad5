import { FolderPlus, ImagePlus } from 'lucide-react';
import { Button } from '#ui/button.tsx';
import { FilePicker } from '#ui/file-drop.tsx';
import { IconButton } from '#ui/icon-button.tsx';
import screen from '#ui/screen.module.css';
import type { ImagesController } from '../images-controller.ts';

/** Offered first by the dialog; what is chosen is judged by its content. */
const ACCEPTED = 'image/*,video/mp4,video/webm,video/quicktime,.heic,.heif,.avif,.svg';

interface AddProps {
  readonly controller: ImagesController;
  readonly isPrimary?: boolean;
}

/** Files of pictures from this computer. */
export function AddPicturesButton({ controller, isPrimary }: AddProps) {
  return (
    <FilePicker label="Picture files" accept={ACCEPTED} onFiles={(files) => void controller.addFiles(files)}>
      {(open) => (
        <Button variant={isPrimary ? 'primary' : 'secondary'} icon={<ImagePlus />} onClick={open}>
          <span className={screen.wideOnly}>Add pictures</span>
          <span className={screen.narrowOnly}>Add</span>
        </Button>
      )}
    </FilePicker>
  );
}

/** A folder with all that is below it; what in it is no picture is refused by name. */
export function AddPictureFolderButton({
  controller,
  isIcon = false,
}: AddProps & { readonly isIcon?: boolean }) {
  return (
    <FilePicker label="Picture folder" isFolder onFiles={(files) => void controller.addFiles(files)}>
      {(open) =>
        isIcon ? (
          <IconButton label="Add a folder of pictures" icon={<FolderPlus />} onClick={open} />
        ) : (
          <Button icon={<FolderPlus />} onClick={open}>
            Add a folder
          </Button>
        )
      }
    </FilePicker>
  );
}
