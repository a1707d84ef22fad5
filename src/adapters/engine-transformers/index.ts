export { createTransformersImageEmbedder } from './image-embedder.ts';
export { createTransformersReranker } from './reranker.ts';
export { createTransformersEmbedder } from './text-embedder.ts';
