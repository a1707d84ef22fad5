export { createPictureTeacher, ENOUGH_CAPTIONS, FEWEST_CAPTIONED } from './contrastive-fit.ts';
export { createPictures, type PicturesPorts } from './create-pictures.ts';
