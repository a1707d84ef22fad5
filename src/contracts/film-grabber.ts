import type { FilmGrabber } from '#core/ports/film-grabber.ts';
import type { Contract } from '#rpc/contract.ts';

/** Served by the page, called by a worker. */
export const filmGrabberContract: Contract<FilmGrabber> = { measure: 'unary', grab: 'stream' };
