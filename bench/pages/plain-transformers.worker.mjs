// transformers.js by its documentation: a pipeline in a worker, one call for each text or for many.
import { env, pipeline } from '@huggingface/transformers';
import glueUrl from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs?url';
import wasmUrl from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url';

let extract;
let pooling;

async function load({ modelId, pooling: wanted, threads }) {
  const absolute = (url) => new URL(url, location.href).href;
  env.allowRemoteModels = false;
  env.allowLocalModels = true;
  env.localModelPath = '/models/';
  env.useBrowserCache = false;
  env.useWasmCache = false; // else its runtime is imported from a blob, which the policy forbids
  env.backends.onnx.wasm.wasmPaths = { wasm: absolute(wasmUrl), mjs: absolute(glueUrl) };
  env.backends.onnx.wasm.numThreads = threads;
  pooling = wanted;
  extract = await pipeline('feature-extraction', modelId, { dtype: 'q8', device: 'wasm' });
}

self.onmessage = async ({ data }) => {
  try {
    if (data.type === 'load') {
      await load(data);
      self.postMessage({ isLoaded: true });
      return;
    }
    const output = await extract(data.texts, { pooling, normalize: true });
    self.postMessage({ rows: output.tolist() });
  } catch (error) {
    self.postMessage({ error: String(error) });
  }
};
