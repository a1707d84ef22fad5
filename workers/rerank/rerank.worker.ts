import { createTransformersReranker } from '#adapters/engine-transformers/index.ts';
import { openStoredFile } from '#adapters/model-store-opfs/index.ts';
import { rerankContract } from '#contracts/rerank.ts';
import type { Reranker } from '#core/ports/reranker.ts';
import type { Server } from '#rpc/contract.ts';
import type { Port, ToClient, ToServer } from '#rpc/messages.ts';
import { serve } from '#rpc/serve.ts';

const reranker = createTransformersReranker({
  openFile: openStoredFile,
  onBroken: (error) => {
    // As in the embedder's worker: the handle hears it and starts a fresh worker at the next call.
    throw error;
  },
});

const server: Server<Reranker> = {
  load: (input, { signal, progress }) => reranker.load(input, { signal, onProgress: progress }),
  rerank: (input, { signal, progress }) => reranker.rerank(input, { signal, onProgress: progress }),
  unload: (input) => reranker.unload(input),
};

serve(rerankContract, server, self as unknown as Port<ToClient, ToServer>);
