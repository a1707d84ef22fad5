import { createOpfsModelStore } from '#adapters/model-store-opfs/index.ts';
import { createWebLocks } from '#adapters/web-locks/index.ts';
import { modelStoreContract } from '#contracts/model-store.ts';
import { createModelServer } from '#core/ports/model-server.test-support.ts';
import type { Server } from '#rpc/contract.ts';
import type { Port, ToClient, ToServer } from '#rpc/messages.ts';
import { serve } from '#rpc/serve.ts';
import { controlContract, MIRROR, type StoreControl } from './store-control.test-support.ts';

/** The real store on the real disk of this browser, with a server in memory and a disk that can be made full. */
const server = createModelServer();
const newStore = () =>
  createOpfsModelStore({ fetch: server.fetch, locks: createWebLocks(), mirror: MIRROR, retryWaitMs: 1 });

let roomBytes: number | undefined;
let isRoomKnown = false;

interface SyncHandle {
  write(bytes: Uint8Array, options: { readonly at: number }): number;
}
const handles = (self as unknown as { FileSystemSyncAccessHandle: { prototype: SyncHandle } })
  .FileSystemSyncAccessHandle;
const realWrite = handles.prototype.write;
handles.prototype.write = function write(this: SyncHandle, bytes, options) {
  if (roomBytes === undefined) return realWrite.call(this, bytes, options);
  if (bytes.byteLength > roomBytes) throw new DOMException('The disk is full', 'QuotaExceededError');
  roomBytes -= bytes.byteLength;
  return realWrite.call(this, bytes, options);
};
const realEstimate = navigator.storage.estimate.bind(navigator.storage);
navigator.storage.estimate = async () =>
  isRoomKnown && roomBytes !== undefined ? { quota: roomBytes, usage: 0 } : realEstimate();

const control: Server<StoreControl> = {
  serve: (input) => server.serve(input),
  requests: () => server.requests(null),
  async limitDisk(input) {
    roomBytes = input.bytes;
    isRoomKnown = input.isKnown;
  },
};

function serveStore(port: Port<ToClient, ToServer>): void {
  const store = newStore();
  serve(
    modelStoreContract,
    {
      list: () => store.list(null),
      filesOf: (input, { signal }) => store.filesOf(input, { signal }),
      download: (input, { signal, progress }) => store.download(input, { signal, onProgress: progress }),
      importFile: (input, { signal, progress }) => store.importFile(input, { signal, onProgress: progress }),
      openFile: (input) => store.openFile(input),
      remove: (input) => store.remove(input),
    },
    port,
  );
}

serve(controlContract, control, self as unknown as Port<ToClient, ToServer>);
addEventListener('message', ({ ports }) => {
  for (const port of ports) {
    serveStore(port);
    port.start();
  }
});
