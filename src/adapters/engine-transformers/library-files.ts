import { env, LogLevel } from '@huggingface/transformers';

let opened = 0;

/**
 * Lets the library read a model's files by its own loaders, under the name that `work` is given; a file that is not there
 * is none to it. Nothing comes from a network, nothing is kept: its settings are those of the whole thread, and whatever
 * it asks for outside of `work` is refused.
 */
export async function withLibraryFiles<T>(
  files: ReadonlyMap<string, Blob>,
  work: (name: string) => Promise<T>,
): Promise<T> {
  opened += 1;
  const name = `stored-${opened}`; // the library remembers by name what it found
  const folder = `/benchtop-files/`;
  Object.assign(env, {
    allowRemoteModels: false,
    allowLocalModels: true,
    localModelPath: folder,
    useBrowserCache: false,
    useCustomCache: false,
    useWasmCache: false,
    logLevel: LogLevel.NONE,
    fetch: async (url: string | URL): Promise<Response> => {
      const path = String(url);
      const file = path.startsWith(`${folder}${name}/`)
        ? files.get(path.slice(folder.length + name.length + 1))
        : undefined;
      return file === undefined
        ? new Response(null, { status: 404 })
        : new Response(file, { headers: { 'content-length': String(file.size) } });
    },
  });
  try {
    return await work(name);
  } finally {
    env.fetch = refuse;
  }
}

async function refuse(url: string | URL): Promise<Response> {
  throw new Error(`The library asked for ${url} outside of a load`);
}
