/** What the browser lets us do with a folder; asked through here so that a refusal can be tried out. */
export interface FolderAccess {
  /** Opens the dialog; undefined = the user closed it. Must be called in a click. */
  pick(): Promise<FileSystemDirectoryHandle | undefined>;
  /** Whether the folder may be read now; nobody is asked. */
  query(folder: FileSystemDirectoryHandle): Promise<PermissionState>;
  /** Asks the user. Must be called in a click. */
  request(folder: FileSystemDirectoryHandle): Promise<PermissionState>;
}

// Not in TypeScript's DOM: Chromium only.
interface Picking {
  readonly showDirectoryPicker?: (options: {
    readonly id: string;
    readonly mode: 'read';
  }) => Promise<FileSystemDirectoryHandle>;
}
interface Permitting {
  readonly queryPermission?: (options: { readonly mode: 'read' }) => Promise<PermissionState>;
  readonly requestPermission?: (options: { readonly mode: 'read' }) => Promise<PermissionState>;
}

/** Undefined where the browser cannot hand out a folder that lasts. */
export function browserFolderAccess(): FolderAccess | undefined {
  const page = globalThis as Picking;
  if (page.showDirectoryPicker === undefined) return undefined;
  return {
    async pick() {
      try {
        return await page.showDirectoryPicker?.({ id: 'library', mode: 'read' });
      } catch (error) {
        if (error instanceof DOMException && error.name === 'AbortError') return undefined;
        throw error;
      }
    },
    query: async (folder) => (await (folder as Permitting).queryPermission?.({ mode: 'read' })) ?? 'granted',
    request: async (folder) =>
      (await (folder as Permitting).requestPermission?.({ mode: 'read' })) ?? 'granted',
  };
}
