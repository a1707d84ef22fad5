import { createTransformersEmbedder } from '#adapters/engine-transformers/index.ts';
import { openStoredFile, storedHash } from '#adapters/model-store-opfs/index.ts';
import { embedContract } from '#contracts/embed.ts';
import type { TextEmbedder } from '#core/ports/text-embedder.ts';
import type { Server } from '#rpc/contract.ts';
import type { Port, ToClient, ToServer } from '#rpc/messages.ts';
import { serve } from '#rpc/serve.ts';
import { transfer } from '#rpc/transfer.ts';

const embedder = createTransformersEmbedder({
  openFile: openStoredFile,
  hashOf: storedHash,
  onBroken: (error) => {
    // The page's handle hears an uncaught error and starts a fresh worker at the next call; close() would be silent.
    throw error;
  },
});

const server: Server<TextEmbedder> = {
  load: (input, { signal, progress }) => embedder.load(input, { signal, onProgress: progress }),
  async embed(input, { signal, progress }) {
    const embeddings = await embedder.embed(input, { signal, onProgress: progress });
    return transfer(embeddings, [embeddings.vectors.buffer]);
  },
  unload: (input) => embedder.unload(input),
};

serve(embedContract, server, self as unknown as Port<ToClient, ToServer>);
