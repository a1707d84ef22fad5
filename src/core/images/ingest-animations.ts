import type { AnimationReader, FilmFrame } from '#core/ports/frame-reader.ts';
import { hasUnseenFrames, type ImageRecord, rowIdsOf } from '#core/ports/image-records.ts';
import type { Pictures } from '#core/ports/pictures.ts';
import type { ImageRepository } from '#core/ports/repositories.ts';
import { throwIfAborted } from '#shared/breathe.ts';
import type { CallOptions } from '#shared/call.ts';
import { type AppError, isAbort, toAppError, toWire } from '#shared/errors.ts';
import { waitUnlessAborted } from '#shared/turns.ts';
import { embed, type Item, namedError } from './embed-batch.ts';
import { endsJob, type PictureRun } from './ingest-run.ts';
import { createSceneChoice } from './scenes.ts';
import { joined } from './vector-math.ts';

/** Frames a call of the embedder. */
const BATCH_FRAMES = 16;

/** Means of areas are rounded. */
const STILL_CHANGE = 0.5;

const millisecondsOf = ({ seconds }: Pick<FilmFrame, 'seconds'>): number => Math.round(seconds * 1000);

interface AnimationReading {
  readonly moments: readonly number[];
  readonly vectors: Float32Array;
  /** What ended it early; the frames before stand. */
  readonly failure?: AppError;
}

/** One frame a scene, as of a film; the reader bounds how many are looked at, so they are held until all are embedded. */
async function read(run: PictureRun, record: ImageRecord): Promise<AnimationReading> {
  const { repositories, animations, decoder, info, signal } = run;
  const options = signal ? { signal } : {};
  const { name, mediaType } = record;
  const moments: number[] = [];
  const items: Item[] = [];
  let failure: AppError | undefined;
  try {
    const file = await repositories.images.blob(`picture:${record.id}`);
    const isScene = createSceneChoice(0, { leastChange: STILL_CHANGE });
    for await (const frame of (file && animations?.frames({ file, name, mediaType }, options)) ?? []) {
      if (!isScene(frame)) continue;
      items.push({
        record,
        decoded: await decoder.decode({ file: await frame.picture(), name, input: info.input }, options),
      });
      moments.push(millisecondsOf(frame));
    }
  } catch (error) {
    throwIfAborted(signal);
    failure = toAppError(namedError(error, name));
    if (isAbort(failure) || endsJob(failure)) throw failure;
  }
  const parts: Float32Array[] = [];
  // One frame is what the still picture's vector says already.
  if (moments.length > 1)
    for (let at = 0; at < items.length; at += BATCH_FRAMES)
      parts.push(await waitUnlessAborted(embed(run, items.slice(at, at + BATCH_FRAMES)), signal));
  return {
    moments: moments.length > 1 ? moments : [],
    vectors: joined(parts),
    ...(failure ? { failure } : {}),
  };
}

/**
 * The frames of one animated picture, which is found by its first one until then. They are stored in one transaction: a job
 * that was killed reads them again and stores each once.
 */
export async function ingestAnimation(run: PictureRun, id: string): Promise<void> {
  const { repositories, info, ready, failed } = run;
  const { fingerprint: spaceId, dimension } = info;
  const record = await repositories.images.get(id);
  if (record === undefined || record.spaceId !== spaceId || !hasUnseenFrames(record)) return void run.tell(1);
  run.tellWithin(record.name, 0);
  const { moments, vectors, failure } = await read(run, record);
  throwIfAborted(run.signal);
  const change = (stored: ImageRecord): ImageRecord => ({
    ...stored,
    moments,
    ...(failure ? { error: toWire(failure) } : {}),
  });
  await repositories.images.commit({
    updates: [{ id, change }],
    ...(moments.length === 0
      ? {}
      : { vectors: { spaceId, dimension, imageIds: rowIdsOf({ id, moments }), vectors } }),
    job: {
      ...run.job,
      cursor: { imageId: id, ready: ready.size, failed: failed.size },
      progress: run.tell(1),
      updatedAt: run.now(),
    },
  });
}

/** What an animated picture shows at one of its moments. */
export async function frameOf(
  { images, animations }: { readonly images: ImageRepository; readonly animations?: AnimationReader },
  { imageId, seconds }: Parameters<Pictures['frame']>[0],
  options: CallOptions = {},
): Promise<Blob | undefined> {
  const record = await images.get(imageId);
  const file = record?.isAnimated ? await images.blob(`picture:${imageId}`) : undefined;
  if (record === undefined || file === undefined || animations === undefined) return undefined;
  const { name, mediaType } = record;
  for await (const frame of animations.frames({ file, name, mediaType }, options))
    if (millisecondsOf(frame) >= millisecondsOf({ seconds })) return frame.picture();
  return undefined;
}
