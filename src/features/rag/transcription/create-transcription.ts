import * as v from 'valibot';
import type { DocumentRecord } from '#core/ports/library-records.ts';
import type { ModelSpec } from '#core/ports/model.ts';
import type { SpeechRecognizerInfo } from '#core/ports/speech-recognizer.ts';
import { transcriptBlob } from '#core/rag/index.ts';
import type { HeardSoFar, Speech } from '#core/speech/index.ts';
import type { CallOptions } from '#shared/call.ts';
import { AppError } from '#shared/errors.ts';
import type { LibraryDependencies } from '../library-state.ts';
import { requireDocument } from '../read-document.ts';

/** What it will take, as far as that is known. */
export interface TranscriptionPlan {
  /** Speech models of this device; none: one has to be fetched first. */
  readonly models: readonly ModelSpec[];
  /** Of the recording; undefined where its file does not say. */
  readonly seconds: number | undefined;
  /** How long a second of sound took on this device lately, by model. */
  readonly msPerSecond: Readonly<Record<string, number>>;
}

export type Transcription = ReturnType<typeof createTranscription>;

/** Under this setting stands how long a second of sound took on this device, by model. */
const PACE = 'transcription-pace';
const paceSchema = v.record(v.string(), v.number());
/** Shorter ones tell more about the loading of the model. */
const LEAST_SECONDS = 5;

const inputSchema = v.object({
  documentIds: v.tuple([v.string()]),
  modelId: v.string(),
  language: v.exactOptional(v.string()),
});

const seconds = v.pipe(v.number(), v.finite(), v.minValue(0));
const cursorSchema = v.object({
  seconds,
  language: v.exactOptional(v.string()),
  segments: v.array(v.object({ start: seconds, end: seconds, text: v.string() })),
});

/** What a run of this job that was cut off has written down. */
const soFar = (cursor: unknown): HeardSoFar | undefined => (v.is(cursorSchema, cursor) ? cursor : undefined);

/** How a job is told what it is, and keeps how far it came. */
interface TranscriptionContext extends CallOptions {
  readonly saveCursor: (cursor: HeardSoFar) => Promise<void>;
}

/** Recordings are written down only after the user has seen what that takes, and said yes. */
export function createTranscription(
  deps: LibraryDependencies,
  intake: { readonly startIngest: (documentIds: readonly string[]) => Promise<void> },
) {
  const { jobs } = deps;
  const { library, settings } = deps.repositories;

  async function speech(): Promise<Speech> {
    if (deps.speech) return deps.speech();
    throw new AppError('capability/unsupported-browser', 'Recordings cannot be written down here.');
  }

  async function original(id: string): Promise<Blob> {
    const blob = await library.blob(`original:${id}`);
    if (blob) return blob;
    throw new AppError('storage/corrupt', 'The original of this document is missing. Add the file again.');
  }

  async function pace(): Promise<Readonly<Record<string, number>>> {
    const stored = await settings.get(PACE);
    return v.is(paceSchema, stored) ? stored : {};
  }

  return {
    async plan({ id }: DocumentRecord): Promise<TranscriptionPlan> {
      const { models, lengthOf } = await speech();
      return {
        models: await models(),
        seconds: await lengthOf(await original(id)),
        msPerSecond: await pace(),
      };
    },

    /** Loads the model, which knows its languages. */
    info: async (modelId: string): Promise<SpeechRecognizerInfo> => (await speech()).load(modelId),

    /** The user agreed. Resolves with the job's id. */
    start({ id, name }: DocumentRecord, modelId: string, language: string | undefined): Promise<string> {
      const input = { documentIds: [id], modelId, ...(language ? { language } : {}) };
      return jobs.start('transcribe', `Writing down ${name}`, input);
    },

    /**
     * The job: sound to text beside the original, and then the document is read like any other. What is written down is kept
     * window by window: a job that was cut off goes on behind the last one.
     */
    async run(
      job: { readonly input: unknown; readonly cursor?: unknown },
      { saveCursor, ...options }: TranscriptionContext,
    ): Promise<void> {
      const { documentIds, modelId, language } = v.parse(inputSchema, job.input);
      const [id] = documentIds;
      await requireDocument(library, id);
      const { hear } = await speech();
      const before = soFar(job.cursor);
      let loadedAt: number | undefined;
      let secondsHeard = 0;
      const transcript = await hear(
        {
          sound: await original(id),
          modelId,
          ...(language ? { language } : {}),
          ...(before ? { before } : {}),
          onPart: saveCursor,
        },
        {
          ...options,
          onProgress(event) {
            if (event.unit === 'seconds') {
              loadedAt ??= performance.now();
              secondsHeard = event.done - (before?.seconds ?? 0);
            }
            options.onProgress?.(event);
          },
        },
      );
      if (loadedAt !== undefined && secondsHeard >= LEAST_SECONDS) {
        const msPerSecond = (performance.now() - loadedAt) / secondsHeard;
        await settings.set(PACE, { ...(await pace()), [modelId]: msPerSecond });
      }
      await library.commit({
        // As an update, so that nothing is kept of a document that was removed meanwhile; without its version, a text
        // that was there before is read anew.
        updates: [
          {
            id,
            change: ({ error: _, parserVersion: __, ...stored }) => ({ ...stored, status: 'queued' }),
          },
        ],
        blobs: [transcriptBlob(id, transcript)],
      });
      await intake.startIngest([id]);
    },
  };
}
