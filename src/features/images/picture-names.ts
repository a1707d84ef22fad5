/** 'beach.jpg' of 'holiday/beach.jpg'. */
export const baseName = (name: string): string => name.slice(name.lastIndexOf('/') + 1);

/** 'holiday' of 'holiday/beach.jpg'; '' of a picture that came alone. */
export const folderOf = (name: string): string => name.slice(0, Math.max(0, name.lastIndexOf('/')));

/** Every folder that holds a picture, itself or below it, in order of name. */
export function foldersOf(names: Iterable<string>): readonly string[] {
  const folders = new Set<string>();
  for (const name of names) {
    let folder = folderOf(name);
    while (folder !== '' && !folders.has(folder)) {
      folders.add(folder);
      folder = folderOf(folder);
    }
  }
  return [...folders].sort((a, b) => a.localeCompare(b));
}
