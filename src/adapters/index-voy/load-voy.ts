/// <reference path="./voy-search-bg.d.ts" />
import * as glue from 'voy-search/voy_search_bg.js';
import wasmUrl from 'voy-search/voy_search_bg.wasm?url';
import { AppError } from '#shared/errors.ts';

export interface VoyLibrary {
  readonly create: () => glue.Voy;
  /** Of all trees together; it never shrinks. */
  readonly memory: WebAssembly.Memory;
}

let loading: Promise<VoyLibrary> | undefined;

async function load(): Promise<VoyLibrary> {
  const response = await fetch(wasmUrl);
  if (!response.ok)
    throw new AppError('network/offline', 'The search library "voy" could not be loaded. Go online once.', {
      details: { status: response.status },
    });
  const imports = { './voy_search_bg.js': { ...glue } as unknown as WebAssembly.ModuleImports };
  const { instance } = await WebAssembly.instantiate(await response.arrayBuffer(), imports);
  glue.__wbg_set_wasm(instance.exports);
  return {
    create: () => new glue.Voy({ embeddings: [] }),
    memory: instance.exports.memory as WebAssembly.Memory,
  };
}

/** The package's own entry adds its glue to `document`: here the parts are put together, so that a worker can. */
export function loadVoy(): Promise<VoyLibrary> {
  loading ??= load();
  loading.catch(() => {
    loading = undefined;
  });
  return loading;
}
