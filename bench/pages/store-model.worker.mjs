// Puts a model into the product's own store, the way every model goes: by the record, hashes checked.
import { createOpfsModelStore } from '#adapters/model-store-opfs/index.ts';
import { createWebLocks } from '#adapters/web-locks/index.ts';

self.onmessage = async ({ data: { model, path } }) => {
  const store = createOpfsModelStore({
    locks: createWebLocks(),
    mirror: new URL(path, location.href).href,
  });
  try {
    self.postMessage(await store.download({ model }));
  } catch (error) {
    self.postMessage({ error: String(error) });
  }
};
