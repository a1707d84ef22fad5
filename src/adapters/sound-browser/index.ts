export { createSoundDecoder } from './sound-decoder.ts';
