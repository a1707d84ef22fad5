import type { ImageEmbedder } from '#core/ports/image-embedder.ts';
import type { Contract } from '#rpc/contract.ts';

export const imageEmbedContract: Contract<ImageEmbedder> = {
  load: 'unary',
  embedImages: 'unary',
  embedTexts: 'unary',
  unload: 'unary',
};
