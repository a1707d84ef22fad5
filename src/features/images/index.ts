export { createImagesController, type ImagesController } from './images-controller.ts';
export { ImagesScreen } from './images-screen.tsx';
export { PictureStrip } from './one-box/picture-strip.tsx';
