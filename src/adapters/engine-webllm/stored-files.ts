import { AppError } from '#shared/errors.ts';

export type OpenFile = (modelId: string, path: string) => Promise<File>;

export interface StoredModelFiles {
  /** What the library is told as the model's address. `.invalid` never resolves: nothing can be asked for on a network. */
  readonly baseUrl: string;
  url(path: string): string;
}

const HOST = 'https://stored-model.invalid/';

export function storedModelFiles(modelId: string): StoredModelFiles {
  const baseUrl = `${HOST}${encodeURIComponent(modelId)}/resolve/main/`;
  return { baseUrl, url: (path) => baseUrl + path.split('/').map(encodeURIComponent).join('/') };
}

export interface Serving {
  readonly files: StoredModelFiles;
  /** Paths of all files that the library may ask for. */
  readonly paths: readonly string[];
  readonly open: (path: string) => Promise<File>;
  readonly onRead: (path: string, bytes: number) => void;
  readonly signal: AbortSignal | undefined;
}

/**
 * Runs `work` while this thread's Cache API answers from the model store. The library reads its model through
 * `caches.open(scope)`, and nowhere else; with this in place it finds every file as "already cached", so that nothing
 * is downloaded or stored a second time.
 */
export async function withStoredFiles<T>(serving: Serving, work: () => Promise<T>): Promise<T> {
  const before = Object.getOwnPropertyDescriptor(globalThis, 'caches');
  const cache = createReadOnlyCache(serving);
  Object.defineProperty(globalThis, 'caches', { configurable: true, value: { open: async () => cache } });
  try {
    return await work();
  } finally {
    if (before === undefined) Reflect.deleteProperty(globalThis, 'caches');
    else Object.defineProperty(globalThis, 'caches', before);
  }
}

function createReadOnlyCache({ files, paths, open, onRead, signal }: Serving) {
  const byUrl = new Map(paths.map((path) => [files.url(path), path]));
  return {
    async match(request: Request): Promise<Response | undefined> {
      signal?.throwIfAborted();
      const path = byUrl.get(request.url);
      if (path === undefined) return undefined;
      const file = await open(path);
      const response = new Response(file);
      const arrayBuffer = async (): Promise<ArrayBuffer> => {
        const bytes = await file.arrayBuffer();
        onRead(path, bytes.byteLength);
        return bytes;
      };
      return Object.assign(response, { arrayBuffer });
    },
    async add(request: Request): Promise<void> {
      throw new AppError(
        'model/not-found',
        `A file of this model is not on this machine: ${request.url.slice(files.baseUrl.length)}. Download the model again.`,
      );
    },
    keys: async (): Promise<readonly Request[]> => [...byUrl.keys()].map((url) => new Request(url)),
  };
}
