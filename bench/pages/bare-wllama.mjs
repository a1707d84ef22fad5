// The library as its README uses it: on the page, nothing of Benchtop around it.
import { Wllama } from '@wllama/wllama/esm/index.js';
import wasmUrl from '@wllama/wllama/esm/wasm/wllama.wasm?url';
import { installTrustedTypes } from '#app/trusted-types.ts';

installTrustedTypes(); // the page's policy lets workers start only through this

let wllama;

async function load(modelUrl, params) {
  const blob = await (await fetch(modelUrl)).blob();
  wllama = new Wllama({ default: new URL(wasmUrl, location.href).href });
  wllama.setCompat(null); // else a script from elsewhere is looked for
  await wllama.loadModel([blob], params);
  return { threads: wllama.getNumThreads() };
}

/** One streamed completion. Times are of this page's clock. */
async function complete(params) {
  const sentMs = performance.now();
  let firstTextMs;
  let text = '';
  let timings;
  await wllama.createChatCompletion({
    ...params,
    stream: true,
    onData(chunk) {
      const delta = chunk.choices[0]?.delta?.content;
      if (delta) {
        firstTextMs ??= performance.now();
        text += delta;
      }
      if (chunk.timings) timings = chunk.timings;
    },
  });
  return { sentMs, firstTextMs, endMs: performance.now(), text, timings };
}

globalThis.bare = { load, complete };
