export { createPictures, type PicturesPorts } from './create-pictures.ts';
