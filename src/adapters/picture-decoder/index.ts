export { createPictureDecoder } from './picture-decoder.ts';
