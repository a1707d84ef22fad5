import * as v from 'valibot';
import type { ChatEngine } from '#core/ports/chat-engine.ts';
import type { ReadyEngine } from '#core/ports/engine-room.ts';
import { type ImageRecord, isFilm } from '#core/ports/image-records.ts';
import type { JobRecord } from '#core/ports/job-records.ts';
import type { ImageCaptionInput } from '#core/ports/pictures.ts';
import type { PromptPictures } from '#core/ports/prompt-pictures.ts';
import type { Repositories } from '#core/ports/repositories.ts';
import { throwIfAborted } from '#shared/breathe.ts';
import type { CallOptions, Progress } from '#shared/call.ts';
import { AppError, type ErrorCode, isAbort, toAppError, toWire } from '#shared/errors.ts';
import { captionPace } from './text-pace.ts';

export interface CaptionPicturesPorts {
  readonly repositories: Pick<Repositories, 'images' | 'jobs' | 'settings'>;
  readonly now: () => number;
  readonly engine: Pick<ChatEngine, 'generate'>;
  /** Loads the model where it is not. */
  readonly ready: (modelId: string, options: CallOptions) => Promise<ReadyEngine>;
  readonly prepare: PromptPictures['prepare'];
}

const inputSchema = v.object({ imageIds: v.array(v.string()), modelId: v.string() });

function inputOf({ input }: JobRecord): ImageCaptionInput {
  if (v.is(inputSchema, input)) return input;
  throw new AppError('job/interrupted', 'This job does not say what to describe. Remove it and start again.');
}

/** What every picture is asked with: the plainest wording, which the smallest models know best. */
const QUESTION = 'What does this picture show?';
const SAMPLING = {
  temperature: 0,
  topP: 1,
  topK: 0,
  minP: 0,
  repetitionPenalty: 1,
  maxTokens: 120,
  stop: [],
} as const;

/** These would meet every later picture, too. All others belong to one picture. */
const ENDS_JOB = /^(?:storage\/(?:quota-exceeded|version-blocked)|model\/|capability\/|network\/|worker\/)/;
const endsJob = ({ code }: { readonly code: ErrorCode }): boolean => ENDS_JOB.test(code);

type Described = Pick<ImageRecord, 'generatedCaption' | 'generatedCaptionError'>;

/** What the model writes, without what it thought before, in one line. */
const captionIn = (text: string): string =>
  text
    .replace(/<think>[\s\S]*?(?:<\/think>|$)/g, '')
    .replace(/\s+/g, ' ')
    .trim();

/** The 'image-captions' job: resumes from what is stored, a picture a transaction, because each takes seconds. */
export function createCaptionPictures(ports: CaptionPicturesPorts) {
  const { repositories, now, engine } = ports;
  const { images, jobs, settings } = repositories;

  async function captionOf(
    { id, name }: ImageRecord,
    { model }: ReadyEngine,
    signal: AbortSignal | undefined,
  ): Promise<Described> {
    const options = signal ? { signal } : {};
    try {
      const file = await images.blob(`picture:${id}`);
      if (file === undefined)
        throw new AppError('storage/corrupt', 'The bytes of this picture are missing. Add the file again.');
      const begunAt = now();
      const picture = await ports.prepare({ file, name }, options);
      const messages = [{ role: 'user', content: QUESTION, images: [picture] }] as const;
      const request = { modelId: model.id, messages, sampling: SAMPLING, mayThink: false } as const;
      let written = '';
      for await (const event of engine.generate(request, options)) {
        if (event.type === 'text-delta') written += event.text;
        if (event.type === 'finish' && event.reason === 'length') written = `${written.trimEnd()}…`;
      }
      const text = captionIn(written);
      if (text === '') throw new AppError('input/invalid', `${model.label} wrote nothing about “${name}”.`);
      await captionPace.note(settings, now() - begunAt);
      return { generatedCaption: { text, modelId: model.id, modelLabel: model.label } };
    } catch (error) {
      const failure = toAppError(error);
      if (isAbort(failure) && !signal?.aborted)
        throw new AppError(
          'model/not-found',
          `${model.label} was unloaded while it described pictures. Go on to load it again; what is described stays.`,
          { cause: failure },
        );
      if (isAbort(failure) || endsJob(failure)) throw failure;
      return { generatedCaptionError: toWire(failure) };
    }
  }

  /**
   * Runs or resumes the job. What cannot be described is recorded, not thrown. Errors: input/unsupported (the model sees no
   * pictures), those of loading it, and what would meet every picture.
   */
  return async function captionPictures(
    { jobId }: { readonly jobId: string },
    { signal, onProgress }: CallOptions = {},
  ): Promise<{ readonly described: number; readonly failed: number }> {
    throwIfAborted(signal);
    const job = await jobs.get(jobId);
    if (job === undefined) throw new AppError('job/interrupted', 'This job is no longer in the list.');
    const { imageIds, modelId } = inputOf(job);
    const wanted = new Set(imageIds);
    const counts = { described: 0, failed: 0 };
    let done = 0;
    const progress = (): Progress => ({
      ...{ phase: 'process', done, total: wanted.size, unit: 'items', label: job.label },
    });
    const loading = onProgress ? { onProgress } : {};
    const ready = await ports.ready(modelId, { ...loading, ...(signal ? { signal } : {}) });
    if (!ready.loaded.seesImages)
      throw new AppError(
        'input/unsupported',
        `${ready.model.label} does not see pictures. Choose a model that does, and describe them again.`,
      );
    for (const id of wanted) {
      throwIfAborted(signal);
      onProgress?.(progress());
      const record = await images.get(id);
      done += 1;
      if (record === undefined || isFilm(record)) continue; // removed while it waited, or no single picture
      if (record.generatedCaption === undefined) {
        const described = await captionOf(record, ready, signal);
        throwIfAborted(signal);
        await images.commit({
          updates: [
            { id, change: ({ generatedCaptionError: _, ...stored }) => ({ ...stored, ...described }) },
          ],
          job: { ...job, cursor: { imageId: id }, progress: progress(), updatedAt: now() },
        });
        if (described.generatedCaptionError) counts.failed += 1;
        else counts.described += 1;
      } else counts.described += 1;
    }
    onProgress?.(progress());
    return counts;
  };
}
