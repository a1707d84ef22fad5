import { expect, test } from 'vitest';
import type { Album } from '#core/ports/pictures.ts';
import { createAlbumNames } from './album-names.ts';

function createNames() {
  const kept = new Map<string, unknown>();
  return createAlbumNames({
    get: async (key) => structuredClone(kept.get(key)),
    set: async (key, value) => void kept.set(key, structuredClone(value)),
  });
}

/** On a circle. */
const at = (degrees: number): Float32Array =>
  new Float32Array([Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)]);
const albumsAt = (...degrees: readonly number[]): readonly Album[] =>
  degrees.map((angle) => ({ name: `Label ${angle}`, centre: at(angle), imageIds: [`${angle}`] }));

test('a name goes with the centre, not with the place or the number of albums', async () => {
  const names = createNames();
  await names.rename('s', at(0), ' Holiday ');
  const later = await names.apply('s', albumsAt(180, 90, 10));
  expect(later.map(({ name }) => name)).toEqual(['Label 180', 'Label 90', 'Holiday']);
  expect(later[2]?.suggestion).toBe('Label 10');
  expect((await names.apply('s', albumsAt(60, 200))).map(({ name }) => name)).toEqual([
    'Label 60',
    'Label 200',
  ]);
  expect((await names.apply('other model', albumsAt(0)))[0]?.name).toBe('Label 0');
});

test('of two albums near the one that was named the nearer has the name, and only that', async () => {
  const names = createNames();
  await names.rename('s', at(0), 'Holiday');
  expect((await names.apply('s', albumsAt(20, 5))).map(({ name }) => name)).toEqual(['Label 20', 'Holiday']);
});

test('renamed again the newer name stands; without a name the suggestion is back', async () => {
  const names = createNames();
  await names.rename('s', at(0), 'Holiday');
  await names.rename('s', at(5), 'Beach');
  expect((await names.apply('s', albumsAt(2)))[0]?.name).toBe('Beach');
  await names.rename('s', at(5), '');
  expect((await names.apply('s', albumsAt(2)))[0]).toEqual(albumsAt(2)[0]);
});
