import { useEffect, useState } from 'react';
import type { Folders } from './folders/create-folders.ts';
import type { LibraryController } from './library-controller.ts';

/** Undefined until that part of the page is fetched; files of a folder can be added without it. */
export function useFolders(controller: LibraryController): Folders | undefined {
  const [folders, setFolders] = useState<Folders>();
  useEffect(() => {
    let isShown = true;
    controller.folders().then(
      (each) => isShown && setFolders(each),
      () => {}, // offline and not cached: folders are added as before, and fetched with the next visit
    );
    return () => {
      isShown = false;
    };
  }, [controller]);
  return folders;
}
