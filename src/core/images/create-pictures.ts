import type { AnimationReader, FrameReader } from '#core/ports/frame-reader.ts';
import { hasUnseenFrames, type ImageRecord, isFilm } from '#core/ports/image-records.ts';
import type { CreateLexicalIndex } from '#core/ports/lexical-index.ts';
import type { Locks } from '#core/ports/locks.ts';
import type { ModelSpec } from '#core/ports/model.ts';
import type { PictureDecoder } from '#core/ports/picture-decoder.ts';
import type { Pictures } from '#core/ports/pictures.ts';
import type { Repositories } from '#core/ports/repositories.ts';
import type { CreateVectorIndex } from '#core/ports/vector-index.ts';
import { principalPlane } from '#core/rag/index.ts';
import type { CallOptions } from '#shared/call.ts';
import { createAddPictures } from './add-pictures.ts';
import { createAlbumNames } from './album-names.ts';
import { makeAlbums } from './albums.ts';
import { captionedPictures } from './captioned-pictures.ts';
import { createImageRoom, type ImageRoomPorts } from './image-room.ts';
import { frameOf } from './ingest-animations.ts';
import { createIngestPictures } from './ingest-pictures.ts';
import { bestLabels, cosinesOf, createLabelVectors, labelScores } from './labels.ts';
import { groupPictures } from './picture-groups.ts';
import { createPictureIndex } from './picture-index.ts';
import { createKeptProjections } from './projection.ts';
import { createReadTexts, type ReadPictureText } from './read-texts.ts';
import { packRows } from './read-vectors.ts';
import { createSearchPictures } from './search-pictures.ts';
import { probeTag } from './tag-probe.ts';
import { rowOf } from './vector-math.ts';

export interface PicturesPorts extends Omit<ImageRoomPorts, 'settings'> {
  readonly repositories: Repositories;
  readonly decoder: PictureDecoder;
  /** Without one, films are refused. */
  readonly films?: FrameReader;
  /** Without one, of an animated picture only the first frame is embedded. */
  readonly animations?: AnimationReader;
  readonly createVectorIndex: CreateVectorIndex;
  readonly createLexicalIndex: CreateLexicalIndex;
  /** Without it, text in pictures cannot be read. */
  readonly readText?: ReadPictureText;
  readonly locks: Locks;
  /** SHA-256 of a file as hex, streamed. */
  sha256(file: Blob, options?: CallOptions): Promise<string>;
  readonly now: () => number;
  /** Told whenever the embedder's worker has ended: what it had loaded is gone. */
  onEmbedderEnd?(listener: () => void): void;
}

/** The pictures' back end over its ports: it stores, embeds, finds, names and groups. */
export function createPictures(ports: PicturesPorts): Pictures {
  const { repositories, decoder, films, animations, embedder, locks, now } = ports;
  const { createVectorIndex, createLexicalIndex } = ports;
  const reader = films === undefined ? {} : { films };
  const frames = animations === undefined ? {} : { animations };
  const { images, changes, settings } = repositories;
  const room = createImageRoom({ embedder, placement: () => ports.placement(), settings });
  ports.onEmbedderEnd?.(room.forgetLoaded);
  const index = createPictureIndex({ images, changes, createVectorIndex, createLexicalIndex });
  const labelVectors = createLabelVectors(room);
  const albumNames = createAlbumNames(settings);

  /** Everything that a model has embedded, newest first, in step with storage. */
  async function embedded(
    model: ModelSpec,
    { signal }: CallOptions,
    isWanted: (record: ImageRecord) => boolean = () => true,
  ) {
    const info = await room.load(model, signal ? { signal } : {});
    await index.sync(signal);
    const records: ImageRecord[] = [...index.records().values()]
      .filter(
        (record) => record.status === 'ready' && record.spaceId === info.fingerprint && isWanted(record),
      )
      .sort((a, b) => b.addedAt - a.addedAt || (a.id < b.id ? -1 : 1));
    const rows = await index.vectors(
      info.fingerprint,
      records.map(({ id }) => id),
      signal,
    );
    const { items, ...packed } = packRows(records, rows);
    return { info, records: items, imageIds: items.map(({ id }) => id), ...packed };
  }

  return {
    add: createAddPictures({
      images,
      decoder,
      ...reader,
      locks,
      now,
      sha256: (file, options) => ports.sha256(file, options),
    }),
    ingest: createIngestPictures({ repositories, decoder, ...reader, ...frames, room, now }),
    ...createSearchPictures({ images, decoder, room, index, learned: createKeptProjections(settings) }),
    readTexts: createReadTexts({
      repositories,
      now,
      ...(ports.readText ? { readText: ports.readText } : {}),
    }),

    async stale({ embedder: model }) {
      const loaded = await room.loadedSpace(model.id);
      const models = await room.models();
      const isHere = (spaceId = ''): boolean =>
        loaded === undefined ? models[spaceId]?.id === model.id : spaceId === loaded;
      const all = await images.list();
      const isRead = ({ status, spaceId }: ImageRecord): boolean => status === 'ready' && isHere(spaceId);
      const stale = all.filter(
        (record) =>
          record.status === 'queued' ||
          (record.status === 'ready' && (!isRead(record) || hasUnseenFrames(record))),
      );
      const firstFrameIds = stale.filter(isRead).map(({ id }) => id);
      return {
        imageIds: stale.map(({ id }) => id),
        ...(firstFrameIds.length > 0 ? { firstFrameIds } : {}),
      };
    },

    frame: (input, options) => frameOf({ images, ...frames }, input, options),

    async labels({ embedder: model, imageIds, labels, limit }, { signal } = {}) {
      const options = signal ? { signal } : {};
      const { fingerprint, logits } = await room.load(model, options);
      await index.sync(signal);
      const names = labelVectors.clean(labels);
      const texts = await labelVectors.of(model, fingerprint, names, options);
      const { vectors, dimension, has } = await index.vectors(fingerprint, imageIds, signal);
      return imageIds.map((_, row) =>
        has(row)
          ? bestLabels(names, labelScores(cosinesOf(rowOf(vectors, row, dimension), texts), logits), limit)
          : [],
      );
    },

    async groups({ embedder: model }, options = {}) {
      const { records, vectors, dimension } = await embedded(model, options, (record) => !isFilm(record));
      const traits = records.map(({ id, perceptualHash, width = 0, height = 0, addedAt }) => ({
        id,
        pixels: width * height,
        addedAt,
        ...(perceptualHash === undefined ? {} : { hash: perceptualHash }),
      }));
      return groupPictures(traits, { vectors, dimension }, options.signal);
    },

    async map({ embedder: model }, options = {}) {
      const { imageIds, vectors, dimension } = await embedded(model, options);
      const { points } = await principalPlane(vectors, dimension, options.signal);
      return { imageIds, points };
    },

    async albums({ embedder: model, count, labels }, options = {}) {
      const { info, ...pictures } = await embedded(model, options);
      const names = labelVectors.clean(labels);
      const call = options.signal ? { signal: options.signal } : {};
      const texts = await labelVectors.of(model, info.fingerprint, names, call);
      const scoresOf = (vector: Float32Array) => labelScores(cosinesOf(vector, texts), info.logits);
      const albums = await makeAlbums(pictures, count, { labels: names, scoresOf }, options.signal);
      return albumNames.apply(info.fingerprint, albums);
    },

    async renameAlbum({ embedder: model, centre, name }, { signal } = {}) {
      const { fingerprint } = await room.load(model, signal ? { signal } : {});
      await albumNames.rename(fingerprint, centre, name);
    },

    async learnTag({ embedder: model, tag, positive, negative }, options = {}) {
      const examples = { tag, positive: new Set(positive), negative: new Set(negative) };
      return probeTag(await embedded(model, options), examples, options.signal);
    },

    async captioned({ embedder: model }, options = {}) {
      return captionedPictures(await embedded(model, options), room, model, options);
    },

    forget({ imageIds }) {
      index.forget(imageIds);
      return Promise.resolve();
    },
  };
}
