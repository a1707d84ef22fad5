/** A file under the path that it has in its folder: what is dropped or chosen as a folder keeps its order there. */
function withPath(file: File, path: string): File {
  return new File([file], path, { type: file.type, lastModified: file.lastModified });
}

function children(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  return new Promise((resolve, reject) => {
    // A reader gives a hundred at a time, and none when it is at its end.
    const next = (): void =>
      reader.readEntries((entries) => {
        if (entries.length === 0) return resolve(all);
        all.push(...entries);
        next();
      }, reject);
    next();
  });
}

async function filesBelow(entry: FileSystemEntry): Promise<File[]> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => {
      (entry as FileSystemFileEntry).file(resolve, reject);
    });
    return [withPath(file, entry.fullPath.replace(/^\//, ''))];
  }
  const files: File[] = [];
  for (const child of await children(entry as FileSystemDirectoryEntry))
    files.push(...(await filesBelow(child)));
  return files;
}

/**
 * The files of a drop, those in folders under their paths; at once when no folder is among them. Must be called in the
 * event itself: afterwards its data is gone.
 */
export function droppedFiles(data: DataTransfer): readonly File[] | Promise<readonly File[]> {
  const entries = [...data.items].map((item) => (item.kind === 'file' ? item.webkitGetAsEntry() : null));
  const files = [...data.files];
  if (!entries.some((entry) => entry?.isDirectory)) return files;
  return (async () => {
    const found: File[] = [];
    for (const entry of entries) if (entry) found.push(...(await filesBelow(entry)));
    return found;
  })();
}

/** The files of a chosen folder under their paths. */
export function folderFiles(list: Iterable<File>): File[] {
  return [...list].map((file) => (file.webkitRelativePath ? withPath(file, file.webkitRelativePath) : file));
}
