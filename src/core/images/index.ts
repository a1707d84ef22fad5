export { createCaptionPictures } from './caption-pictures.ts';
export { cleanCaptions, matchCaptions, parseCaptionsFile } from './captions-file.ts';
export { createPictureTeacher, ENOUGH_CAPTIONS, FEWEST_CAPTIONED } from './contrastive-fit.ts';
export { createPictures, type PicturesPorts } from './create-pictures.ts';
export { passes } from './picture-filter.ts';
export { createKeptProjections, type KeptProjection, projectionKey } from './projection.ts';
export type { ReadPictureText } from './read-texts.ts';
export { captionPace, readTextPace } from './text-pace.ts';
