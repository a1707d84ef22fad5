import { createOpfsModelStore } from '#adapters/model-store-opfs/index.ts';
import { createWebLocks } from '#adapters/web-locks/index.ts';
import { modelStoreContract } from '#contracts/model-store.ts';
import type { ModelStore } from '#core/ports/model-store.ts';
import type { Server } from '#rpc/contract.ts';
import type { Port, ToClient, ToServer } from '#rpc/messages.ts';
import { serve } from '#rpc/serve.ts';
import { createRecordedFetch } from '#shared/egress.ts';

const store = createOpfsModelStore({
  fetch: createRecordedFetch('Model download'),
  locks: createWebLocks(),
  mirror: new URL('/models/', self.location.origin).href,
});

const server: Server<ModelStore> = {
  list: (input) => store.list(input),
  filesOf: (input, { signal }) => store.filesOf(input, { signal }),
  download: (input, { signal, progress }) => store.download(input, { signal, onProgress: progress }),
  importFile: (input, { signal, progress }) => store.importFile(input, { signal, onProgress: progress }),
  openFile: (input) => store.openFile(input),
  remove: (input) => store.remove(input),
};

serve(modelStoreContract, server, self as unknown as Port<ToClient, ToServer>);
