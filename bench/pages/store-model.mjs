/** Puts a model into the product's store; `path` is the folder on this server that has its files. */
export function storeModel(model, path) {
  const worker = new Worker(new URL('./store-model.worker.mjs', import.meta.url), { type: 'module' });
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => (data.error ? reject(new Error(data.error)) : resolve(data));
    worker.onerror = (event) => reject(new Error(event.message));
    worker.postMessage({ model, path });
  }).finally(() => worker.terminate());
}
