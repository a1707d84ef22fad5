import type { OpenFilm } from '#core/ports/frame-reader.ts';
import { type ImageRecord, rowIdsOf } from '#core/ports/image-records.ts';
import type { DecodedPicture } from '#core/ports/picture-decoder.ts';
import { throwIfAborted } from '#shared/breathe.ts';
import { AppError, isAbort, toAppError, toWire } from '#shared/errors.ts';
import { waitUnlessAborted } from '#shared/turns.ts';
import { embed, namedError } from './embed-batch.ts';
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
  readonly liveliness: number;
  readonly decoded: DecodedPicture;
}

/** What a film comes down to. */
interface FilmReading {
  readonly facts: Pick<ImageRecord, 'width' | 'height' | 'durationSeconds' | 'moments'>;
  readonly poster: Blob | undefined;
  readonly vectors: Float32Array;
}

const clock = (seconds: number): string =>
  `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;

/** One frame a scene, decoded as any picture is: so film and picture are alike to the model. */
async function* scenesOf(
  run: PictureRun,
  { name }: ImageRecord,
  film: OpenFilm,
): AsyncGenerator<readonly Scene[], void, void> {
  const { decoder, info, signal } = run;
  const { durationSeconds } = film;
  const options = signal ? { signal } : {};
  const isScene = createSceneChoice(durationSeconds);
  let count = 0;
  let batch: Scene[] = [];
  for await (const frame of film.frames(sampleTimes(durationSeconds), options)) {
    const at = `${name}, ${clock(frame.seconds)} of ${clock(durationSeconds)}`;
    run.tellWithin(at, Math.min(1, frame.seconds / durationSeconds));
    if (!isScene(frame)) continue;
    const file = await frame.picture();
    const thumbnail = count++ < POSTER_CHOICES ? { thumbnailSize: THUMBNAIL_SIZE } : {};
    const decoded = await decoder.decode({ file, name, input: info.input, ...thumbnail }, options);
    batch.push({
      milliseconds: Math.round(frame.seconds * 1000),
      liveliness: liveliness(frame.colours),
      decoded,
    });
    if (batch.length < BATCH_FRAMES) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

async function read(run: PictureRun, record: ImageRecord, film: OpenFilm): Promise<FilmReading> {
  const scenes = scenesOf(run, record, film);
  const parts: Float32Array[] = [];
  const moments: number[] = [];
  let poster: Scene | undefined;
  try {
    for await (const batch of runAhead(scenes, 1)) {
      const items = batch.map(({ decoded }) => ({ record, decoded }));
      parts.push(await waitUnlessAborted(embed(run, items), run.signal));
      for (const scene of batch) {
        moments.push(scene.milliseconds);
        const isBetter = poster === undefined || scene.liveliness > poster.liveliness;
        if (scene.decoded.thumbnail && isBetter) poster = scene;
      }
    }
  } finally {
    film.close(); // what is read ahead ends, too
    await Promise.allSettled([scenes.return()]);
  }
  if (moments.length === 0)
    throw new AppError('input/invalid', `“${record.name}” shows nothing: no picture of it could be read.`);
  const { width, height, durationSeconds } = film;
  return {
    facts: { width, height, durationSeconds, moments },
    poster: poster?.decoded.thumbnail,
    vectors: joined(parts),
  };
}

async function readOrFail(run: PictureRun, record: ImageRecord): Promise<FilmReading | AppError> {
  const { repositories, films, signal } = run;
  try {
    throwIfAborted(signal);
    if (films === undefined) throw new AppError('input/unsupported', 'Films cannot be read here.');
    const file = await repositories.images.blob(`picture:${record.id}`);
    if (file === undefined)
      throw new AppError('storage/corrupt', 'The bytes of this film are missing. Add the file again.');
    return await read(run, record, await films.open({ file, name: record.name }, signal ? { signal } : {}));
  } catch (error) {
    throwIfAborted(signal);
    const failure = toAppError(namedError(error, record.name));
    if (isAbort(failure) || endsJob(failure)) throw failure;
    return failure;
  }
}

/**
 * One film of an 'image-ingest' job. All its frames are stored in one transaction: a job that was killed reads the film again
 * and stores each frame once.
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
    ...(isRead && reading.poster ? { blobs: [{ id: `thumbnail:${record.id}`, blob: reading.poster }] } : {}),
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
