export { createVoyIndex } from './voy-index.ts';
