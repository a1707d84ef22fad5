import * as v from 'valibot';
import type { AnimationReader, FrameReader } from '#core/ports/frame-reader.ts';
import type { ImageEmbedderInfo } from '#core/ports/image-embedder.ts';
import type { JobRecord } from '#core/ports/job-records.ts';
import type { PictureDecoder } from '#core/ports/picture-decoder.ts';
import type { ImageIngestInput } from '#core/ports/pictures.ts';
import type { Repositories } from '#core/ports/repositories.ts';
import type { Progress } from '#shared/call.ts';
import { AppError, type ErrorCode } from '#shared/errors.ts';
import type { ImageRoom } from './image-room.ts';

export interface IngestPicturesPorts {
  readonly repositories: Repositories;
  readonly decoder: PictureDecoder;
  /** Without one, films are refused. */
  readonly films?: FrameReader;
  /** Without one, of an animated picture only the first frame is embedded. */
  readonly animations?: AnimationReader;
  readonly room: ImageRoom;
  readonly now: () => number;
}

/** Pixels of a thumbnail's longer side. */
export const THUMBNAIL_SIZE = 320;

/** One run of an 'image-ingest' job. */
export interface PictureRun extends IngestPicturesPorts {
  readonly job: JobRecord;
  readonly input: ImageIngestInput;
  readonly info: ImageEmbedderInfo;
  readonly signal: AbortSignal | undefined;
  readonly tell: (done: number) => Progress;
  /** How much of the film of that name is read, 0 to 1. */
  readonly tellWithin: (label: string, share: number) => void;
  readonly ready: Set<string>;
  readonly failed: Set<string>;
  readonly busy: BusyClock;
}

/** These would meet every later picture, too: the job ends with them. All others belong to one picture. */
const ENDS_JOB = /^(?:storage\/(?:quota-exceeded|version-blocked)|model\/|worker\/|capability\/|network\/)/;

export const endsJob = ({ code }: { readonly code: ErrorCode }): boolean => ENDS_JOB.test(code);

const inputSchema = v.object({
  imageIds: v.array(v.string()),
  embedder: v.looseObject({ id: v.string() }),
});

export function inputOf(job: JobRecord): ImageIngestInput {
  if (!v.is(inputSchema, job.input))
    throw new AppError('job/interrupted', 'This job does not say what to index. Remove it and start again.');
  return job.input as unknown as ImageIngestInput;
}

/** For how much of the time between the first and the last batch the embedder had one. */
export interface BusyClock {
  during<T>(work: () => Promise<T>): Promise<T>;
  /** 0 to 1; undefined before anything was embedded. */
  share(): number | undefined;
}

export function createBusyClock(clock: () => number = () => performance.now()): BusyClock {
  let first: number | undefined;
  let last = 0;
  let busyMs = 0;
  return {
    async during(work) {
      const start = clock();
      first ??= start;
      try {
        return await work();
      } finally {
        last = clock();
        busyMs += last - start;
      }
    },
    share: () => (first === undefined || last <= first ? undefined : busyMs / (last - first)),
  };
}
