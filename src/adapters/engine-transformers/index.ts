export { createTransformersEmbedder, type TransformersEmbedderDeps } from './text-embedder.ts';
