import { rowIdsOf } from '#core/ports/image-records.ts';
import type { ModelSpec } from '#core/ports/model.ts';
import type { PictureDecoder, PictureRegion } from '#core/ports/picture-decoder.ts';
import type { FilmMoment, PictureResponse, PictureSearch, Pictures } from '#core/ports/pictures.ts';
import type { ImageRepository } from '#core/ports/repositories.ts';
import type { Embeddings } from '#core/ports/text-embedder.ts';
import type { CallOptions } from '#shared/call.ts';
import { AppError, isAbort } from '#shared/errors.ts';
import type { ImageRoom } from './image-room.ts';
import { createMatchFloor } from './match-floor.ts';
import type { PictureIndex } from './picture-index.ts';
import { parsePictureQuery } from './picture-query.ts';
import type { KeptProjections } from './projection.ts';
import { rankPictures, type SpaceQuery } from './rank-pictures.ts';
import { findWords, fuseWords } from './search-words.ts';
import { dot, normalised, rowOf, weightedSum } from './vector-math.ts';

export interface SearchPicturesPorts {
  readonly images: ImageRepository;
  readonly decoder: PictureDecoder;
  readonly room: ImageRoom;
  readonly index: PictureIndex;
  /** What was learned from captions; it moves words, so stored vectors need not change. */
  readonly learned: Pick<KeptProjections, 'apply'>;
}

/**
 * How much of a minus word is taken away: relevance feedback (Rocchio 1971) with one example of what is not wanted. Measured
 * with emoji-clip on its 120 pictures: of 'keyword -keyword' the mean average precision is 0.421 without, 0.443 at 0.3, 0.439
 * at 0.4 and 0.339 at 1; of 'keyword -name' the named picture is among the first five in 27 of 100 without, in 6 at 0.3, in 4
 * at 0.4. At 1 the rest of the query is lost.
 */
const MINUS_WEIGHT = 0.4;

/** Words to a vector: what is wanted, less what is not. Undefined for no words. */
async function ofWords(
  words: string,
  embed: (texts: readonly string[]) => Promise<Embeddings>,
): Promise<Float32Array | undefined> {
  const { plus, minus } = parsePictureQuery(words);
  const texts = [...(plus === undefined ? [] : [plus]), ...minus];
  if (texts.length === 0) return undefined;
  const { vectors, dimension } = await embed(texts);
  const parts = texts.map((_, i) => ({
    weight: i === 0 && plus !== undefined ? 1 : -MINUS_WEIGHT,
    vector: rowOf(vectors, i, dimension),
  }));
  return normalised(weightedSum(parts, dimension));
}

/** Pictures and films by words, by a picture, or by both. */
export function createSearchPictures({
  images,
  decoder,
  room,
  index,
  learned,
}: SearchPicturesPorts): Pick<Pictures, 'search' | 'moments'> {
  const above = createMatchFloor({ room, index, learned });
  /** The newest words, in one space: whoever asks for the first hits asks for all of them next. */
  let newest: { readonly key: string; readonly embedded: Embeddings } | undefined;

  function ofWordsOnce(model: ModelSpec, spaceId: string, words: string, options: CallOptions) {
    return ofWords(words, async (texts) => {
      const key = `${spaceId} ${words}`;
      if (newest?.key !== key) newest = { key, embedded: await room.embedTexts(model, texts, options) };
      // What was learned may be switched on or off in between.
      return learned.apply(spaceId, newest.embedded);
    });
  }

  async function ofFile(
    model: ModelSpec,
    { file, name, region }: { readonly file: Blob; readonly name: string; readonly region?: PictureRegion },
    options: CallOptions,
  ): Promise<Float32Array> {
    const { input } = await room.load(model, options);
    const { pixels } = await decoder.decode(
      { file, name, input, ...(region === undefined ? {} : { region }) },
      options,
    );
    const { vectors } = await room.embedImages(model, { pixels, count: 1 }, options);
    return vectors;
  }

  async function ofPicture(
    model: ModelSpec,
    spaceId: string,
    picture: NonNullable<PictureSearch['picture']>,
    options: CallOptions,
  ): Promise<Float32Array> {
    const { region } = picture;
    const part = region === undefined ? {} : { region };
    if ('file' in picture) {
      const name = picture.file instanceof File ? picture.file.name : 'picture';
      return ofFile(model, { file: picture.file, name, ...part }, options);
    }
    const { imageId } = picture;
    const stored = region === undefined ? await index.vectors(spaceId, [imageId]) : undefined;
    if (stored?.has(0)) return stored.vectors;
    const file = await images.blob(`picture:${imageId}`);
    if (file === undefined)
      throw new AppError('input/invalid', 'The picture to search by was removed. Choose another one.');
    const name = index.records().get(imageId)?.name ?? 'picture';
    return ofFile(model, { file, name, ...part }, options);
  }

  async function vectorOf(
    search: Pick<PictureSearch, 'words' | 'picture' | 'balance'>,
    model: ModelSpec,
    spaceId: string,
    options: CallOptions,
  ): Promise<Float32Array | undefined> {
    const { words = '', picture, balance = 0.5 } = search;
    const text = await ofWordsOnce(model, spaceId, words, options);
    const seen = picture && (await ofPicture(model, spaceId, picture, options));
    if (text === undefined || seen === undefined) return text ?? seen;
    const parts = [
      { weight: 1 - balance, vector: text },
      { weight: balance, vector: seen },
    ];
    return normalised(weightedSum(parts, text.length));
  }

  /** The chosen model's space, and former ones whose pictures were not embedded again yet, each by its own model. */
  async function queries(search: PictureSearch, options: CallOptions) {
    const asked: SpaceQuery[] = [];
    const askedModels = new Map<string, ModelSpec>();
    const unasked: string[] = [];
    const { fingerprint } = await room.load(search.embedder, options);
    const add = async (spaceId: string, model: ModelSpec): Promise<void> => {
      const vector = await vectorOf(search, model, spaceId, options);
      const space = index.space(spaceId);
      askedModels.set(spaceId, model);
      if (vector && space)
        asked.push({ index: space, vector, accepts: index.accepts(spaceId, search.filter) });
    };
    await add(fingerprint, search.embedder);
    const hasFormer = index.spaceIds().some((id) => id !== fingerprint);
    const models = hasFormer ? await room.models() : {};
    for (const spaceId of index.spaceIds()) {
      if (spaceId === fingerprint || index.accepts(spaceId, search.filter).size === 0) continue;
      const model = models[spaceId];
      try {
        if (model && (await room.load(model, options)).fingerprint === spaceId) await add(spaceId, model);
        else unasked.push(model?.id ?? spaceId); // its files have changed since, or nobody knows it any more
      } catch (error) {
        if (isAbort(error)) throw error;
        unasked.push(model?.id ?? spaceId);
      }
    }
    return { asked, askedModels, unasked };
  }

  async function search(request: PictureSearch, { signal }: CallOptions = {}): Promise<PictureResponse> {
    const options = signal ? { signal } : {};
    await index.sync(signal);
    const start = performance.now();
    const { asked, askedModels, unasked } = await queries(request, options);
    const embedded = performance.now();
    const own = request.picture && 'imageId' in request.picture ? request.picture.imageId : undefined;
    const matches = findWords(index, request);
    // Where words have a say, a picture may come up from any place.
    const limit = matches.size > 0 ? index.records().size : request.limit + (own === undefined ? 0 : 1);
    const ranked = fuseWords(await rankPictures(asked, limit, index.idOf, options), matches, request);
    const hits = ranked.filter(({ imageId }) => imageId !== own).slice(0, request.limit);
    return {
      hits: request.onlyMatches ? await above(hits, askedModels, options) : hits,
      searched: asked.reduce((sum, { accepts }) => sum + index.countOf(accepts), 0),
      ...(unasked.length === 0 ? {} : { unaskedModels: unasked }),
      timingsMs: { embed: embedded - start, search: performance.now() - embedded },
    };
  }

  async function modelOf(spaceId: string, embedder: ModelSpec, options: CallOptions) {
    if ((await room.load(embedder, options)).fingerprint === spaceId) return embedder;
    const former = (await room.models())[spaceId];
    return former && (await room.load(former, options)).fingerprint === spaceId ? former : undefined;
  }

  async function moments(
    { imageId, embedder, ...query }: Parameters<Pictures['moments']>[0],
    { signal }: CallOptions = {},
  ): Promise<readonly FilmMoment[]> {
    const options = signal ? { signal } : {};
    await index.sync(signal);
    const film = index.records().get(imageId);
    if (film?.spaceId === undefined || film.moments === undefined) return [];
    const model = await modelOf(film.spaceId, embedder, options);
    const vector = model && (await vectorOf(query, model, film.spaceId, options));
    if (vector === undefined) return [];
    const { vectors, dimension, has } = await index.rows(film.spaceId, rowIdsOf(film), signal);
    return film.moments.flatMap((milliseconds, row) =>
      has(row) ? [{ seconds: milliseconds / 1000, score: dot(rowOf(vectors, row, dimension), vector) }] : [],
    );
  }

  return { search, moments };
}
