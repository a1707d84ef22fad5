import { expect, test } from 'vitest';
import { createStore } from 'zustand/vanilla';
import type { PictureResponse, PictureSearch } from '#core/ports/pictures.ts';
import { createImagesSearch } from './images-search.ts';
import { type ImagesDependencies, type ImagesState, initialState } from './images-state.ts';

/** A collection of so many pictures, of which every search finds all; each is answered when the test says so. */
function makeSearch(count: number) {
  const asked: { readonly input: PictureSearch; answer(): void }[] = [];
  const search = (input: PictureSearch): Promise<PictureResponse> =>
    new Promise((resolve) => {
      const hits = Array.from({ length: Math.min(count, input.limit) }, (_, i) => ({
        imageId: `${input.words} ${i}`,
        score: 1 - i / count,
      }));
      const answer = (): void => resolve({ hits, searched: count, timingsMs: { embed: 0, search: 0 } });
      asked.push({ input, answer });
    });
  const store = createStore<ImagesState>(() => initialState);
  const deps = {
    pictures: { search },
    embedder: async () => ({ id: 'any' }),
    fetchModel: async () => {},
  } as unknown as ImagesDependencies;
  const made = createImagesSearch(deps, store);
  /** Lets what was just answered be shown, and the next question come. */
  const answer = async (): Promise<void> => {
    asked.at(-1)?.answer();
    await new Promise((go) => setTimeout(go));
  };
  const shown = () => {
    const { status, hasMore, response } = store.getState().search;
    return [status, hasMore ?? false, response?.hits.length];
  };
  const limits = () => asked.map(({ input }) => `${input.words} ${input.limit}`);
  return { ...made, answer, shown, limits, begin: () => new Promise((go) => setTimeout(go)) };
}

test('the best hits are shown before all of them are fetched; asked again, the grid does not shrink', async () => {
  const search = makeSearch(1000);
  void search.ask({ words: 'red' });
  await search.begin();
  await search.answer();
  expect(search.shown()).toEqual(['searching', true, 300]);
  await search.answer();
  expect(search.shown()).toEqual(['done', false, 1000]);
  search.refresh();
  await search.begin();
  await search.answer();
  expect(search.shown()).toEqual(['done', false, 1000]);
  expect(search.limits()).toEqual(['red 300', 'red 30000', 'red 30000']);
});

test('what was typed on meanwhile: the rest of the former hits is not fetched', async () => {
  const search = makeSearch(1000);
  void search.ask({ words: 're' });
  await search.begin();
  void search.ask({ words: 'red' });
  await search.answer();
  await search.answer();
  await search.answer();
  expect(search.shown()).toEqual(['done', false, 1000]);
  expect(search.limits()).toEqual(['re 300', 'red 300', 'red 30000']);
});

test('few hits are all there are: they are asked for once', async () => {
  const search = makeSearch(299);
  void search.ask({ words: 'red' });
  await search.begin();
  await search.answer();
  expect(search.shown()).toEqual(['done', false, 299]);
  expect(search.limits()).toEqual(['red 300']);
});

test('a picture is read once: with one, all hits are asked for at once', async () => {
  const search = makeSearch(1000);
  void search.ask({ picture: { file: new Blob(['x']), name: 'x.png' } });
  await search.begin();
  await search.answer();
  expect(search.shown()).toEqual(['done', false, 1000]);
  expect(search.limits()).toEqual(['undefined 30000']);
});
