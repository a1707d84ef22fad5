export { createPictureDecoder } from './picture-decoder.ts';
export { asPlainPicture } from './plain-picture.ts';
export { createPromptPictures } from './prompt-picture.ts';
