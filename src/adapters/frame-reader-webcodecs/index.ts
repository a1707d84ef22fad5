export { createAnimationReader } from './animation-reader.ts';
export { createFrameReader } from './frame-reader.ts';
