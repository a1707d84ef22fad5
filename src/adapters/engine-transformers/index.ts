export { createTransformersReranker } from './reranker.ts';
export { createTransformersEmbedder } from './text-embedder.ts';
