import { hasUnseenFrames, type ImageRecord, isFilm } from '#core/ports/image-records.ts';
import type { DecodedPicture } from '#core/ports/picture-decoder.ts';
import type { Pictures } from '#core/ports/pictures.ts';
import { throwIfAborted } from '#shared/breathe.ts';
import type { CallOptions, Progress } from '#shared/call.ts';
import { AppError, isAbort, toAppError, toWire } from '#shared/errors.ts';
import { waitUnlessAborted } from '#shared/turns.ts';
import { differenceHash } from './duplicates.ts';
import { decodedOf, embed, type Item, namedError } from './embed-batch.ts';
import { ingestAnimation } from './ingest-animations.ts';
import { ingestFilm } from './ingest-films.ts';
import {
  createBusyClock,
  endsJob,
  type IngestPicturesPorts,
  inputOf,
  type PictureRun,
  THUMBNAIL_SIZE,
} from './ingest-run.ts';
import { mapAhead, runAhead } from './run-ahead.ts';

/** One call of the embedder and one transaction. */
const BATCH_PICTURES = 16;
/** Decoded batches that wait for the embedder: of each picture only the model's input and its thumbnail are held. */
const BATCHES_AHEAD = 2;
/** The browser decodes beside this thread. Large pictures, whose memory would add up, the decoder takes one at a time. */
const DECODES_AT_ONCE = 4;

/** Put aside until all others are found: one takes as long as many pictures. */
interface Moving {
  readonly films: ImageRecord[];
  /** Ids; their first frame is found with the other pictures. */
  readonly animations: string[];
}

/**
 * Pictures of the job that are not through yet: those that are, or were removed while they waited, are counted only. What
 * moves is put aside.
 */
async function* waitingOf(
  run: PictureRun,
  { films, animations }: Moving,
): AsyncGenerator<ImageRecord, void, void> {
  for (const id of new Set(run.input.imageIds)) {
    throwIfAborted(run.signal);
    const record = await run.repositories.images.get(id);
    if (record === undefined) run.tell(1);
    else if (record.status === 'ready' && record.spaceId === run.info.fingerprint) {
      run.ready.add(id);
      if (hasUnseenFrames(record)) animations.push(id);
      else run.tell(1);
    } else if (isFilm(record)) films.push(record);
    else yield record;
  }
}

async function decode(run: PictureRun, record: ImageRecord): Promise<Item> {
  const { repositories, decoder, info, signal } = run;
  try {
    throwIfAborted(signal);
    const file = await repositories.images.blob(`picture:${record.id}`);
    if (file === undefined)
      throw new AppError('storage/corrupt', 'The bytes of this picture are missing. Add the file again.');
    const request = { file, name: record.name, input: info.input, thumbnailSize: THUMBNAIL_SIZE };
    const decoding = decoder.decode(request, signal ? { signal } : {});
    return { record, decoded: await waitUnlessAborted(decoding, signal) };
  } catch (error) {
    const failure = toAppError(namedError(error, record.name));
    if (isAbort(failure) || endsJob(failure)) throw failure;
    return { record, failure };
  }
}

async function* batchesOf(run: PictureRun, moving: Moving): AsyncGenerator<readonly Item[], void, void> {
  let batch: Item[] = [];
  for await (const item of mapAhead(waitingOf(run, moving), DECODES_AT_ONCE, (record) =>
    decode(run, record),
  )) {
    batch.push(item);
    if (batch.length < BATCH_PICTURES) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

const isMoving = (item: Item): boolean => 'decoded' in item && item.decoded.isAnimated;

function readyChange(spaceId: string, decoded: DecodedPicture): Partial<ImageRecord> {
  const { mediaType, width, height, isAnimated, takenAt, camera, place } = decoded;
  return {
    status: 'ready',
    spaceId,
    mediaType,
    width,
    height,
    isAnimated,
    perceptualHash: differenceHash(decoded.luminances),
    ...(takenAt === undefined ? {} : { takenAt }),
    ...(camera === undefined ? {} : { camera }),
    ...(place === undefined ? {} : { place }),
  };
}

/** Records, thumbnails, vectors and the job's cursor: all of the batch or nothing. */
async function store(run: PictureRun, batch: readonly Item[], vectors: Float32Array): Promise<void> {
  const { fingerprint: spaceId, dimension } = run.info;
  const items = decodedOf(batch);
  const { ready, failed } = run;
  const cursor = {
    imageId: batch.at(-1)?.record.id,
    ready: ready.size + items.length,
    failed: failed.size + batch.length - items.length,
  };
  await run.repositories.images.commit({
    updates: batch.map((item) => ({
      id: item.record.id,
      // Not called for one that was removed meanwhile: it counts for neither.
      change: ({ error: _, ...stored }) => {
        if ('decoded' in item) {
          ready.add(stored.id);
          const { moments: _, ...still } = stored; // of another space, or of a reading that is done anew
          return { ...still, ...readyChange(spaceId, item.decoded) };
        }
        failed.add(stored.id);
        // One that answers already goes on answering with what it has.
        const status = stored.status === 'ready' ? 'ready' : 'failed';
        return { ...stored, status, error: toWire(item.failure) };
      },
    })),
    blobs: items.flatMap(({ record, decoded: { thumbnail } }) =>
      thumbnail ? [{ id: `thumbnail:${record.id}`, blob: thumbnail }] : [],
    ),
    ...(items.length === 0
      ? {}
      : { vectors: { spaceId, dimension, imageIds: items.map(({ record }) => record.id), vectors } }),
    job: {
      ...run.job,
      cursor,
      progress: run.tell(batch.filter((item) => !isMoving(item)).length),
      updatedAt: run.now(),
    },
  });
}

/** Embeds one batch while the next are decoded and the one before is written. Resolves with what moves, which is waiting. */
async function runBatches(whole: PictureRun): Promise<Moving> {
  const moving: Moving = { films: [], animations: [] };
  const stop = new AbortController();
  const signal = whole.signal ? AbortSignal.any([whole.signal, stop.signal]) : stop.signal;
  const run: PictureRun = { ...whole, signal };
  const batches = batchesOf(run, moving);
  let writing: Promise<void> = Promise.resolve();
  try {
    for await (const batch of runAhead(batches, BATCHES_AHEAD)) {
      const vectors = await embed(run, batch);
      await writing;
      throwIfAborted(signal);
      moving.animations.push(...batch.filter(isMoving).map(({ record }) => record.id));
      writing = store(run, batch, vectors);
      writing.catch(() => {});
    }
  } finally {
    stop.abort(); // what decodes ahead must not go on behind a job that has ended
    await Promise.allSettled([writing, batches.return()]);
  }
  await writing;
  return moving;
}

/** Former spaces go when nothing answers from them any more. */
async function dropFormerSpaces(
  { repositories: { images } }: IngestPicturesPorts,
  spaceId: string,
): Promise<void> {
  const isNeeded = (record: ImageRecord): boolean => record.status === 'ready' && record.spaceId !== spaceId;
  if (!(await images.list()).some(isNeeded)) await images.dropOtherSpaces(spaceId);
}

/** How many pictures are through, which never goes back; of a film that is being read, how much of it. */
function createTell(
  job: string,
  total: number,
  report: (event: Progress) => void,
): Pick<PictureRun, 'tell' | 'tellWithin'> {
  let done = 0;
  return {
    tell(more) {
      done += more;
      const event: Progress = { phase: 'embed', done, total, unit: 'items', label: job };
      report(event);
      return event;
    },
    tellWithin: (label, share) =>
      report({ phase: 'embed', done, total, share: (done + share) / total, unit: 'items', label }),
  };
}

/** The 'image-ingest' job: resumes from what is stored, which the cursor only names. */
export function createIngestPictures(ports: IngestPicturesPorts): Pictures['ingest'] {
  return async ({ jobId }, { signal, onProgress }: CallOptions = {}) => {
    throwIfAborted(signal);
    const { repositories, room } = ports;
    const job = await repositories.jobs.get(jobId);
    if (job === undefined) throw new AppError('job/interrupted', 'This job is no longer in the list.');
    const input = inputOf(job);
    const info = await room.load(input.embedder, {
      ...(signal ? { signal } : {}),
      ...(onProgress ? { onProgress } : {}),
    });
    await room.rememberModel(info.fingerprint, input.embedder);
    const busy = createBusyClock();
    const run: PictureRun = {
      ...ports,
      job,
      input,
      info,
      signal,
      busy,
      ...createTell(job.label, new Set(input.imageIds).size, onProgress ?? (() => {})),
      ready: new Set(),
      failed: new Set(),
    };
    const { films, animations } = await runBatches(run);
    for (const id of animations) await ingestAnimation(run, id);
    for (const film of films) await ingestFilm(run, film);
    await dropFormerSpaces(ports, info.fingerprint);
    const busyShare = busy.share();
    return {
      ready: run.ready.size,
      failed: run.failed.size,
      ...(busyShare === undefined ? {} : { busyShare }),
    };
  };
}
