export { createTransformersChatEngine } from './chat-engine.ts';
export { createTransformersImageEmbedder } from './image-embedder.ts';
export { createTransformersReranker } from './reranker.ts';
export { createTransformersSpeechRecognizer } from './speech-recognizer.ts';
export { createTransformersEmbedder } from './text-embedder.ts';
