import type { ImageRecord } from '#core/ports/image-records.ts';
import type { DecodedPicture } from '#core/ports/picture-decoder.ts';
import type { Pictures } from '#core/ports/pictures.ts';
import { throwIfAborted } from '#shared/breathe.ts';
import type { CallOptions, Progress } from '#shared/call.ts';
import { AppError, isAbort, toAppError, toWire } from '#shared/errors.ts';
import { waitUnlessAborted } from '#shared/turns.ts';
import { differenceHash } from './duplicates.ts';
import {
  createBusyClock,
  endsJob,
  type IngestPicturesPorts,
  inputOf,
  type PictureRun,
} from './ingest-run.ts';
import { mapAhead, runAhead } from './run-ahead.ts';

/** One call of the embedder and one transaction. */
const BATCH_PICTURES = 16;
/** Decoded batches that wait for the embedder: of each picture only the model's input and its thumbnail are held. */
const BATCHES_AHEAD = 2;
/** The browser decodes beside this thread. Large pictures, whose memory would add up, the decoder takes one at a time. */
const DECODES_AT_ONCE = 4;
const THUMBNAIL_SIZE = 320;

type Item = { readonly record: ImageRecord } & (
  | { readonly decoded: DecodedPicture }
  | { readonly failure: AppError }
);

/** Pictures of the job that are not through yet: those that are, or were removed while they waited, are counted only. */
async function* waitingOf(run: PictureRun): AsyncGenerator<ImageRecord, void, void> {
  for (const id of new Set(run.input.imageIds)) {
    throwIfAborted(run.signal);
    const record = await run.repositories.images.get(id);
    if (record === undefined) run.tell(1);
    else if (record.status === 'ready' && record.spaceId === run.info.fingerprint) {
      run.ready.add(id);
      run.tell(1);
    } else yield record;
  }
}

/** What a file that is no longer as it was when it was opened throws. */
function namedError(error: unknown, name: string): unknown {
  if (!(error instanceof DOMException) || !/^Not(?:Readable|Found)Error$/.test(error.name)) return error;
  return new AppError(
    'input/invalid',
    `“${name}” was changed or moved while it was read. Add the file again.`,
    { cause: error },
  );
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

async function* batchesOf(run: PictureRun): AsyncGenerator<readonly Item[], void, void> {
  let batch: Item[] = [];
  for await (const item of mapAhead(waitingOf(run), DECODES_AT_ONCE, (record) => decode(run, record))) {
    batch.push(item);
    if (batch.length < BATCH_PICTURES) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

const decodedOf = (batch: readonly Item[]) => batch.flatMap((item) => ('decoded' in item ? [item] : []));

/** Names the picture that the embedder made no vector of. */
function named(batch: readonly Item[], error: unknown): unknown {
  if (!(error instanceof AppError) || typeof error.details.row !== 'number') return error;
  const record = decodedOf(batch)[error.details.row]?.record;
  if (record === undefined) return error;
  return new AppError(
    error.code,
    `The model gave ${error.details.what} for “${record.name}”; nothing of its batch was stored. Try again; if it happens again, choose another model.`,
    { details: { ...error.details, imageId: record.id }, cause: error },
  );
}

async function embed(run: PictureRun, batch: readonly Item[]): Promise<Float32Array> {
  const items = decodedOf(batch);
  if (items.length === 0) return new Float32Array(0);
  const size = run.info.input.width * run.info.input.height * 3;
  const pixels = new Uint8Array(items.length * size);
  for (const [i, { decoded }] of items.entries()) pixels.set(decoded.pixels, i * size);
  const model = run.input.embedder;
  try {
    const { vectors } = await run.busy.during(() =>
      run.room.embedImages(model, { pixels, count: items.length }, run.signal ? { signal: run.signal } : {}),
    );
    // It may have been lost and loaded again meanwhile, with other files than before.
    if ((await run.room.load(model)).fingerprint !== run.info.fingerprint)
      throw new AppError(
        'job/interrupted',
        'The model was changed while it was at work. Start the job again.',
      );
    return vectors;
  } catch (error) {
    throw named(batch, error);
  }
}

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
          return { ...stored, ...readyChange(spaceId, item.decoded) };
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
      progress: run.tell(batch.length),
      updatedAt: run.now(),
    },
  });
}

/** Embeds one batch while the next are decoded and the one before is written. */
async function runBatches(whole: PictureRun): Promise<void> {
  const stop = new AbortController();
  const signal = whole.signal ? AbortSignal.any([whole.signal, stop.signal]) : stop.signal;
  const run: PictureRun = { ...whole, signal };
  const batches = batchesOf(run);
  let writing: Promise<void> = Promise.resolve();
  try {
    for await (const batch of runAhead(batches, BATCHES_AHEAD)) {
      const vectors = await embed(run, batch);
      await writing;
      throwIfAborted(signal);
      writing = store(run, batch, vectors);
      writing.catch(() => {});
    }
  } finally {
    stop.abort(); // what decodes ahead must not go on behind a job that has ended
    await Promise.allSettled([writing, batches.return()]);
  }
  await writing;
}

/** Former spaces go when nothing answers from them any more. */
async function dropFormerSpaces(
  { repositories: { images } }: IngestPicturesPorts,
  spaceId: string,
): Promise<void> {
  const isNeeded = (record: ImageRecord): boolean => record.status === 'ready' && record.spaceId !== spaceId;
  if (!(await images.list()).some(isNeeded)) await images.dropOtherSpaces(spaceId);
}

/** How many pictures are through, which never goes back. */
function createTell(job: string, total: number, report: (event: Progress) => void): PictureRun['tell'] {
  let done = 0;
  return (more) => {
    done += more;
    const event: Progress = { phase: 'embed', done, total, unit: 'items', label: job };
    report(event);
    return event;
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
      tell: createTell(job.label, new Set(input.imageIds).size, onProgress ?? (() => {})),
      ready: new Set(),
      failed: new Set(),
    };
    await runBatches(run);
    await dropFormerSpaces(ports, info.fingerprint);
    const busyShare = busy.share();
    return {
      ready: run.ready.size,
      failed: run.failed.size,
      ...(busyShare === undefined ? {} : { busyShare }),
    };
  };
}
