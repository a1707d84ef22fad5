export { createBm25Index } from './bm25-index.ts';
