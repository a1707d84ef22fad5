export { createFrameReader } from './frame-reader.ts';
