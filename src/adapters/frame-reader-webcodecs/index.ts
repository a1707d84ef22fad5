export { createAnimationReader } from './animation-reader.ts';
export { createFrameReader } from './frame-reader.ts';
export { openRecording } from './open-recording.ts';
