import { type ClipboardEvent, type DragEvent, type ReactNode, useRef, useState } from 'react';
import { classNames } from './class-names.ts';
import { droppedFiles, folderFiles } from './dropped-files.ts';
import styles from './file-drop.module.css';

export interface FileDropProps {
  readonly onFiles: (files: readonly File[]) => void;
  readonly children: ReactNode;
  /** Shown over the zone while files hover. */
  readonly hint?: string;
  readonly className?: string;
}

/** Word processors and spreadsheets copy a picture of the text along: in a text box the words are meant. */
function isWriting({ clipboardData: { types }, target }: ClipboardEvent): boolean {
  const isBox = target instanceof HTMLTextAreaElement || target instanceof HTMLInputElement;
  return isBox && types.includes('text/plain') && types.includes('text/html');
}

/** A zone that takes dropped and pasted files, and what is in dropped folders; its children offer a button for those who pick. */
export function FileDrop({ onFiles, children, hint = 'Drop to add', className }: FileDropProps) {
  const [isOver, setIsOver] = useState(false);
  const depth = useRef(0); // enter and leave fire for every child
  const hasFiles = (event: DragEvent) => event.dataTransfer.types.includes('Files');
  const take = (files: readonly File[]) => {
    if (files.length > 0) onFiles(files);
  };
  return (
    <section
      aria-label={hint}
      className={classNames(styles.zone, className)}
      onDragEnter={(event) => {
        if (!hasFiles(event)) return;
        depth.current += 1;
        setIsOver(true);
      }}
      onDragOver={(event) => hasFiles(event) && event.preventDefault()}
      onDragLeave={() => {
        depth.current = Math.max(0, depth.current - 1);
        if (depth.current === 0) setIsOver(false);
      }}
      onDrop={(event) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        depth.current = 0;
        setIsOver(false);
        const dropped = droppedFiles(event.dataTransfer);
        const plain = [...event.dataTransfer.files];
        // A folder that cannot be listed goes on as it is, and is refused by its name.
        if (dropped instanceof Promise) void dropped.then(take, () => take(plain));
        else take(dropped);
      }}
      onPaste={(event) => {
        if (event.clipboardData.files.length === 0 || isWriting(event)) return;
        event.preventDefault();
        take([...event.clipboardData.files]);
      }}
    >
      {children}
      {isOver ? <div className={styles.hint}>{hint}</div> : null}
    </section>
  );
}

export interface FilePickerProps {
  readonly onFiles: (files: readonly File[]) => void;
  /** Endings and media types, as `<input accept>`. */
  readonly accept?: string;
  readonly isMultiple?: boolean;
  /** Asks for a folder; its files come under their paths. */
  readonly isFolder?: boolean;
  /** Gets the function that opens the dialog. */
  readonly children: (open: () => void) => ReactNode;
  readonly label: string;
}

export function FilePicker({
  onFiles,
  accept,
  isMultiple = true,
  isFolder = false,
  children,
  label,
}: FilePickerProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input}
        type="file"
        hidden
        aria-label={label}
        multiple={isMultiple}
        {...(accept ? { accept } : {})}
        {...(isFolder ? { webkitdirectory: '' } : {})}
        onChange={(event) => {
          const files = folderFiles(event.target.files ?? []);
          event.target.value = ''; // the same file can be chosen again
          if (files.length > 0) onFiles(files);
        }}
      />
      {children(() => input.current?.click())}
    </>
  );
}
