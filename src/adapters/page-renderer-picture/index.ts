export { createPicturePageRenderer, isPicture } from './picture-pages.ts';
