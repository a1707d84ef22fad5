import * as v from 'valibot';
import { type ImageRecord, isFilm } from '#core/ports/image-records.ts';
import type { JobRecord } from '#core/ports/job-records.ts';
import type { ImageTextInput, Pictures } from '#core/ports/pictures.ts';
import type { Repositories } from '#core/ports/repositories.ts';
import { throwIfAborted } from '#shared/breathe.ts';
import type { CallOptions, Progress } from '#shared/call.ts';
import { AppError, type ErrorCode, isAbort, toAppError, toWire } from '#shared/errors.ts';
import { noteTextPace } from './text-pace.ts';

/** What a picture says: '' where it shows no text. Errors: input/*, network/*, model/load-failed, worker/crashed. */
export type ReadPictureText = (
  input: { readonly file: Blob; readonly name: string; readonly language: string },
  options?: CallOptions,
) => Promise<{ readonly text: string; readonly confidence?: number }>;

export interface ReadTextsPorts {
  readonly repositories: Pick<Repositories, 'images' | 'jobs' | 'settings'>;
  readonly now: () => number;
  readonly readText?: ReadPictureText;
}

const inputSchema = v.object({ imageIds: v.array(v.string()), language: v.string() });

function inputOf({ input }: JobRecord): ImageTextInput {
  if (v.is(inputSchema, input)) return input;
  throw new AppError('job/interrupted', 'This job does not say what to read. Remove it and start again.');
}

/** These would meet every later picture, too. All others belong to one picture: also an engine that dies of it. */
const ENDS_JOB = /^(?:storage\/(?:quota-exceeded|version-blocked)|model\/|capability\/|network\/)/;
const endsJob = ({ code }: { readonly code: ErrorCode }): boolean => ENDS_JOB.test(code);

type Read = Pick<ImageRecord, 'text' | 'textConfidence' | 'textError'>;

/** The 'image-text' job: resumes from what is stored, a picture a transaction, because each takes seconds. */
export function createReadTexts(ports: ReadTextsPorts): Pictures['readTexts'] {
  const { repositories, now, readText } = ports;
  const { images, jobs, settings } = repositories;

  async function readOne(
    { id, name }: ImageRecord,
    language: string,
    read: ReadPictureText,
    signal: AbortSignal | undefined,
  ): Promise<Read> {
    try {
      const file = await images.blob(`picture:${id}`);
      if (file === undefined)
        throw new AppError('storage/corrupt', 'The bytes of this picture are missing. Add the file again.');
      const begunAt = now();
      const { text, confidence } = await read({ file, name, language }, signal ? { signal } : {});
      await noteTextPace(settings, now() - begunAt);
      const isText = text !== '' && confidence !== undefined;
      return { text, ...(isText ? { textConfidence: confidence } : {}) };
    } catch (error) {
      const failure = toAppError(error);
      if (isAbort(failure) || endsJob(failure)) throw failure;
      return { textError: toWire(failure) };
    }
  }

  return async function readTexts({ jobId }, { signal, onProgress }: CallOptions = {}) {
    throwIfAborted(signal);
    const job = await jobs.get(jobId);
    if (job === undefined) throw new AppError('job/interrupted', 'This job is no longer in the list.');
    if (readText === undefined)
      throw new AppError('capability/unsupported-browser', 'Text in pictures cannot be read here.');
    const { imageIds, language } = inputOf(job);
    const wanted = new Set(imageIds);
    const counts = { read: 0, withText: 0, failed: 0 };
    let done = 0;
    const progress = (): Progress => ({
      phase: 'recognize',
      done,
      total: wanted.size,
      unit: 'items',
      label: job.label,
    });
    const count = ({ text, textError }: Read): void => {
      if (textError) counts.failed += 1;
      else counts.read += 1;
      if (text) counts.withText += 1;
    };
    for (const id of wanted) {
      throwIfAborted(signal);
      onProgress?.(progress());
      const record = await images.get(id);
      done += 1;
      if (record === undefined || isFilm(record)) continue; // removed while it waited, or no page to read
      if (record.text !== undefined) {
        count({ text: record.text });
        continue;
      }
      const read = await readOne(record, language, readText, signal);
      throwIfAborted(signal);
      await images.commit({
        updates: [{ id, change: ({ textError: _, ...stored }) => ({ ...stored, ...read }) }],
        job: { ...job, cursor: { imageId: id }, progress: progress(), updatedAt: now() },
      });
      count(read);
    }
    onProgress?.(progress());
    return counts;
  };
}
