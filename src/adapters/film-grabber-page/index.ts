export { createPageFilmGrabber } from './film-grabber.ts';
