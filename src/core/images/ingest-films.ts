import type { FilmFrame, OpenFilm } from '#core/ports/frame-reader.ts';
import { type ImageRecord, rowIdsOf } from '#core/ports/image-records.ts';
import type { DecodedPicture } from '#core/ports/picture-decoder.ts';
import { throwIfAborted } from '#shared/breathe.ts';
import { AppError, isAbort, toAppError, toWire } from '#shared/errors.ts';
import { waitUnlessAborted } from '#shared/turns.ts';
import { embed, namedError } from './embed-batch.ts';
import { type FilmProgress, filmProgressBlob, filmProgressId, readFilmProgress } from './film-progress.ts';
import { endsJob, type PictureRun, THUMBNAIL_SIZE } from './ingest-run.ts';
import { runAhead } from './run-ahead.ts';
import { createSceneChoice, liveliness, sampleTimes } from './scenes.ts';
import { joined } from './vector-math.ts';

/** Frames a call of the embedder; while it is at work the next ones are read. */
const BATCH_FRAMES = 16;
/** The poster is the liveliest of that many: films begin with black. */
const POSTER_CHOICES = 5;

interface Scene {
  readonly milliseconds: number;
  readonly frame: Pick<FilmFrame, 'seconds' | 'colours'>;
  readonly decoded: DecodedPicture;
}

/** What a film comes down to. */
interface FilmReading {
  readonly facts: Pick<ImageRecord, 'width' | 'height' | 'durationSeconds' | 'moments'>;
  readonly vectors: Float32Array;
}

const clock = (seconds: number): string =>
  `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;

/**
 * One frame a scene, decoded as any picture is: so film and picture are alike to the model. What was embedded before the job
 * was cut off is not read again.
 */
async function* scenesOf(
  run: PictureRun,
  { name }: ImageRecord,
  film: OpenFilm,
  before: FilmProgress | undefined,
): AsyncGenerator<readonly Scene[], void, void> {
  const { decoder, info, signal } = run;
  const { durationSeconds } = film;
  const options = signal ? { signal } : {};
  const isScene = createSceneChoice(durationSeconds, before ? { last: before.last } : {});
  const times = sampleTimes(durationSeconds).filter((seconds) => seconds > (before?.last.seconds ?? -1));
  let count = before?.moments.length ?? 0;
  let batch: Scene[] = [];
  for await (const frame of film.frames(times, options)) {
    const at = `${name}, ${clock(frame.seconds)} of ${clock(durationSeconds)}`;
    run.tellWithin(at, Math.min(1, frame.seconds / durationSeconds));
    if (!isScene(frame)) continue;
    const file = await frame.picture();
    const thumbnail = count++ < POSTER_CHOICES ? { thumbnailSize: THUMBNAIL_SIZE } : {};
    const decoded = await decoder.decode({ file, name, input: info.input, ...thumbnail }, options);
    const { seconds, colours } = frame;
    batch.push({ milliseconds: Math.round(seconds * 1000), frame: { seconds, colours }, decoded });
    if (batch.length < BATCH_FRAMES) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** The liveliest of those that have a thumbnail, which are the first. */
function posterOf(scenes: readonly Scene[]): Blob | undefined {
  let best: Scene | undefined;
  for (const scene of scenes)
    if (
      scene.decoded.thumbnail &&
      (best === undefined || liveliness(scene.frame.colours) > liveliness(best.frame.colours))
    )
      best = scene;
  return best?.decoded.thumbnail;
}

/** What is embedded so far, with the poster and the job: all of it or nothing. */
async function keepProgress(
  run: PictureRun,
  record: ImageRecord,
  progress: FilmProgress,
  batch: readonly Scene[],
): Promise<void> {
  const poster = posterOf(batch);
  await run.repositories.images.commit({
    // One that was removed meanwhile stays away.
    updates: [{ id: record.id, change: (stored) => stored }],
    blobs: [
      filmProgressBlob(record.id, progress),
      ...(poster ? [{ id: `thumbnail:${record.id}`, blob: poster }] : []),
    ],
    job: {
      ...run.job,
      cursor: {
        imageId: record.id,
        frames: progress.moments.length,
        ready: run.ready.size,
        failed: run.failed.size,
      },
      updatedAt: run.now(),
    },
  });
}

/** What could not be written is no fault of the film's. */
interface Keeping {
  error?: unknown;
}

async function read(
  run: PictureRun,
  record: ImageRecord,
  film: OpenFilm,
  keeping: Keeping,
): Promise<FilmReading> {
  const { images } = run.repositories;
  const { fingerprint: spaceId, dimension } = run.info;
  const scenes: AsyncGenerator<readonly Scene[], void, void>[] = [];
  let progress = await readFilmProgress(images, record.id, { spaceId, dimension });
  try {
    const source = scenesOf(run, record, film, progress);
    scenes.push(source);
    for await (const batch of runAhead(source, 1)) {
      const items = batch.map(({ decoded }) => ({ record, decoded }));
      const vectors = await waitUnlessAborted(embed(run, items), run.signal);
      const last = batch.at(-1)?.frame;
      if (last === undefined) continue;
      progress = {
        spaceId,
        moments: [...(progress?.moments ?? []), ...batch.map(({ milliseconds }) => milliseconds)],
        vectors: joined([...(progress ? [progress.vectors] : []), vectors]),
        last,
      };
      await keepProgress(run, record, progress, batch).catch((error: unknown) => {
        keeping.error = error;
        throw error;
      });
      throwIfAborted(run.signal);
    }
  } finally {
    film.close(); // what is read ahead ends, too
    await Promise.allSettled(scenes.map((source) => source.return()));
  }
  if (progress === undefined)
    throw new AppError('input/invalid', `“${record.name}” shows nothing: no picture of it could be read.`);
  const { width, height, durationSeconds } = film;
  const { moments, vectors } = progress;
  return { facts: { width, height, durationSeconds, moments }, vectors };
}

async function readOrFail(run: PictureRun, record: ImageRecord): Promise<FilmReading | AppError> {
  const { repositories, films, signal } = run;
  const keeping: Keeping = {};
  try {
    throwIfAborted(signal);
    if (films === undefined) throw new AppError('input/unsupported', 'Films cannot be read here.');
    const file = await repositories.images.blob(`picture:${record.id}`);
    if (file === undefined)
      throw new AppError('storage/corrupt', 'The bytes of this film are missing. Add the file again.');
    const film = await films.open({ file, name: record.name }, signal ? { signal } : {});
    return await read(run, record, film, keeping);
  } catch (error) {
    throwIfAborted(signal);
    if (keeping.error !== undefined) throw keeping.error;
    const failure = toAppError(namedError(error, record.name));
    if (isAbort(failure) || endsJob(failure)) throw failure;
    return failure;
  }
}

/**
 * One film of an 'image-ingest' job. Its frames become rows in one transaction, when all are there; until then they are kept
 * aside, and a job that was cut off goes on behind them.
 */
export async function ingestFilm(run: PictureRun, record: ImageRecord): Promise<void> {
  const { repositories, info, ready, failed } = run;
  const { fingerprint: spaceId, dimension } = info;
  const reading = await readOrFail(run, record);
  throwIfAborted(run.signal);
  const isRead = !(reading instanceof AppError);
  const change = ({ error: _, ...stored }: ImageRecord): ImageRecord => {
    if (isRead) {
      ready.add(stored.id);
      return { ...stored, ...reading.facts, status: 'ready', spaceId };
    }
    failed.add(stored.id);
    // One that answers already goes on answering with what it has.
    const status = stored.status === 'ready' ? 'ready' : 'failed';
    return { ...stored, status, error: toWire(reading) };
  };
  const cursor = {
    imageId: record.id,
    ready: ready.size + (isRead ? 1 : 0),
    failed: failed.size + (isRead ? 0 : 1),
  };
  await repositories.images.commit({
    updates: [{ id: record.id, change }],
    goneBlobs: [filmProgressId(record.id)],
    ...(isRead
      ? {
          vectors: {
            spaceId,
            dimension,
            imageIds: rowIdsOf({ ...record, ...reading.facts }),
            vectors: reading.vectors,
          },
        }
      : {}),
    job: { ...run.job, cursor, progress: run.tell(1), updatedAt: run.now() },
  });
}
