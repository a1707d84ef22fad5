export { openMicrophone } from './microphone.ts';
export { createSoundDecoder } from './sound-decoder.ts';
