import { expect, test } from 'vitest';
import type { ImageRecord } from '#core/ports/image-records.ts';
import type { PictureFilter } from '#core/ports/pictures.ts';
import { NO_QUERY } from './images-state.ts';
import { startOfDay, startOfNextDay } from './picture-dates.ts';
import { foldersOf } from './picture-names.ts';
import { shownPictures } from './shown-pictures.ts';

const image = (id: string, rest: Partial<ImageRecord> = {}): ImageRecord => ({
  id,
  name: `${id}.png`,
  mediaType: 'image/png',
  sizeBytes: 1,
  addedAt: startOfDay('2026-11-26'),
  status: 'ready',
  tags: [],
  ...rest,
});

const images = [
  image('new', { width: 4000, height: 500 }),
  image('old', { takenAt: startOfNextDay('2020-02-28'), name: 'trips/sea/old.png', width: 900, height: 900 }),
  image('tagged', { tags: ['sea'], name: 'trips-2/tagged.png' }),
  image('broken', { status: 'failed' }),
  image('queued', { status: 'queued' }),
];
const idsOf = (filter: PictureFilter, response?: { readonly imageId: string; readonly score: number }[]) =>
  shownPictures({
    images,
    filter,
    query: response ? { ...NO_QUERY, words: 'sea' } : NO_QUERY,
    search: {
      status: 'done',
      ...(response ? { response: { hits: response, searched: 3, timingsMs: { embed: 1, search: 1 } } } : {}),
    },
  }).map((shown) => shown.image.id);

test('all that are not broken, in their order', () => {
  expect(idsOf({})).toEqual(['new', 'old', 'tagged', 'queued']);
});

test('filters by date taken, else added; by the shorter side, the folder with all below it, the tag', () => {
  expect(idsOf({ before: startOfNextDay('2020-02-29') })).toEqual(['old']);
  expect(idsOf({ from: startOfDay('2020-02-29'), before: startOfNextDay('2020-02-29') })).toEqual(['old']);
  expect(idsOf({ from: startOfDay('2026-11-26') })).toEqual(['new', 'tagged', 'queued']);
  expect(idsOf({ minSide: 600 })).toEqual(['old']);
  expect(idsOf({ folder: 'trips' })).toEqual(['old']);
  expect(idsOf({ tag: 'sea' })).toEqual(['tagged']);
});

test('hits in their order; one that was removed meanwhile is left out', () => {
  const hits = ['tagged', 'gone', 'new'].map((imageId, i) => ({ imageId, score: 1 - i / 10 }));
  expect(idsOf({}, hits)).toEqual(['tagged', 'new']);
});

test('every folder above a picture can be chosen', () => {
  expect(foldersOf(images.map(({ name }) => name))).toEqual(['trips', 'trips-2', 'trips/sea']);
});
