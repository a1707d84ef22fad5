import { modelStoreContract } from '#contracts/model-store.ts';
import { describeModelStore } from '#core/ports/model-store.conformance.ts';
import type { ModelStore } from '#core/ports/model-store.ts';
import { connect } from '#rpc/connect.ts';
import { controlContract, MIRROR, type StoreControl } from './store-control.test-support.ts';

describeModelStore('model-store-opfs', async () => {
  const worker = new Worker(new URL('./model-store.test-worker.ts', import.meta.url), { type: 'module' });
  const { client: control } = connect<StoreControl>(controlContract, worker);
  function openStore(): ModelStore {
    const { port1, port2 } = new MessageChannel();
    worker.postMessage({ t: 'store' }, [port2]);
    port1.start();
    return connect<ModelStore>(modelStoreContract, port1).client;
  }
  await control.requests(null); // its script has run: the ports that follow are heard
  return {
    store: openStore(),
    otherTab: openStore(),
    server: control,
    mirrorUrl: (modelId, path) => `${MIRROR}${modelId}/${path}`,
    hubUrl: (repo, path) => `https://huggingface.co/${repo}/resolve/main/${path}`,
    treeUrl: (repo) => `https://huggingface.co/api/models/${repo}/tree/main?recursive=true`,
    limitDisk: (input) => control.limitDisk(input),
  };
});
