import { createTransformersImageEmbedder } from '#adapters/engine-transformers/index.ts';
import { openStoredFile, storedHash } from '#adapters/model-store-opfs/index.ts';
import { imageEmbedContract } from '#contracts/image-embed.ts';
import type { ImageEmbedder } from '#core/ports/image-embedder.ts';
import type { Server } from '#rpc/contract.ts';
import type { Port, ToClient, ToServer } from '#rpc/messages.ts';
import { serve } from '#rpc/serve.ts';
import { transfer } from '#rpc/transfer.ts';

const embedder = createTransformersImageEmbedder({
  openFile: openStoredFile,
  hashOf: storedHash,
  onBroken: (error) => {
    // The page's handle hears an uncaught error and starts a fresh worker at the next call; close() would be silent.
    throw error;
  },
});

const server: Server<ImageEmbedder> = {
  load: (input, { signal, progress }) => embedder.load(input, { signal, onProgress: progress }),
  async embedImages(input, { signal, progress }) {
    const embeddings = await embedder.embedImages(input, { signal, onProgress: progress });
    return transfer(embeddings, [embeddings.vectors.buffer]);
  },
  async embedTexts(input, { signal, progress }) {
    const embeddings = await embedder.embedTexts(input, { signal, onProgress: progress });
    return transfer(embeddings, [embeddings.vectors.buffer]);
  },
  unload: (input) => embedder.unload(input),
};

serve(imageEmbedContract, server, self as unknown as Port<ToClient, ToServer>);
