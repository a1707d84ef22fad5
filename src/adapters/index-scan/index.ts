export { createExactIndex } from './exact-index.ts';
export { createInt8Index } from './int8-index.ts';
