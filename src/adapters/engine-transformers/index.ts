export { createTransformersEmbedder } from './text-embedder.ts';
