import * as v from 'valibot';
import type { DocumentParser } from '#core/ports/document-parser.ts';
import type { DocumentRecord, RecognitionChoice } from '#core/ports/library-records.ts';
import type { Repositories, SettingsRepository } from '#core/ports/repositories.ts';
import type { RecognizedPages, RecognizedPicture } from '#core/ports/text-recognizer.ts';

/** Parsers that read text in pictures; `pages` remembers, for one document, what was read of it. */
export type CreateOcrParsers = (input: {
  readonly language: string;
  readonly pages?: RecognizedPages;
}) => readonly DocumentParser[];

const pictureSchema = v.object({
  lines: v.array(
    v.object({
      words: v.array(
        v.object({
          text: v.string(),
          confidence: v.number(),
          left: v.number(),
          top: v.number(),
          right: v.number(),
          bottom: v.number(),
        }),
      ),
      baseline: v.number(),
      rise: v.number(),
      paragraph: v.number(),
    }),
  ),
});

/** Under this setting stands how long a page took on this device. */
const RECOGNITION_PACE = 'recognition-pace';

const paceSchema = v.object({ msPerPage: v.number(), pages: v.number() });
/** Of older pages the pace forgets: what counts is how it is lately. */
const PACE_PAGES = 20;

/** Milliseconds that a page has taken on this device lately; undefined before the first. */
export async function readPace(settings: SettingsRepository): Promise<number | undefined> {
  const stored = await settings.get(RECOGNITION_PACE);
  return v.is(paceSchema, stored) ? stored.msPerPage : undefined;
}

async function notePace(settings: SettingsRepository, ms: number): Promise<void> {
  const stored = await settings.get(RECOGNITION_PACE);
  const before = v.is(paceSchema, stored) ? stored : { msPerPage: 0, pages: 0 };
  const pages = Math.min(PACE_PAGES, before.pages + 1);
  await settings.set(RECOGNITION_PACE, {
    msPerPage: before.msPerPage + (ms - before.msPerPage) / pages,
    pages,
  });
}

export interface RecognizedPagesPorts {
  readonly repositories: Pick<Repositories, 'library' | 'settings'>;
  readonly now: () => number;
}

/** Pages are kept as they are read, beside the original: what takes minutes is not done twice. */
export function createRecognizedPages(
  { repositories: { library, settings }, now }: RecognizedPagesPorts,
  documentId: string,
  { language }: RecognitionChoice,
): RecognizedPages {
  let begunAt: number | undefined;
  const idOf = (page: number): string => `ocr:${documentId}:${language}:${page}`;
  return {
    async get(page): Promise<RecognizedPicture | undefined> {
      const blob = await library.blob(idOf(page));
      const stored: unknown = blob && JSON.parse(await blob.text());
      // What an older version kept in another shape is read again.
      if (v.is(pictureSchema, stored)) return stored;
      begunAt = now();
      return undefined;
    },
    async set(page, picture) {
      const blob = new Blob([JSON.stringify(picture)], { type: 'application/json' });
      // Named as an update, so that nothing is kept of a document that was removed meanwhile.
      await library.commit({
        updates: [{ id: documentId, change: (stored) => stored }],
        blobs: [{ id: idOf(page), blob }],
      });
      if (begunAt !== undefined) await notePace(settings, now() - begunAt);
      begunAt = undefined;
    },
  };
}

/** The parsers that may have read a document: those for pictures only where the user agreed. */
export function parsersOf(
  {
    parsers,
    ocrParsers,
  }: { readonly parsers: readonly DocumentParser[]; readonly ocrParsers?: CreateOcrParsers },
  { recognition }: Pick<DocumentRecord, 'recognition'>,
): readonly DocumentParser[] {
  return recognition && ocrParsers ? [...ocrParsers(recognition), ...parsers] : parsers;
}

/** The user agreed to have its pictures read, and that has not been done. */
export function awaitsRecognition(
  { recognition, parserId }: Pick<DocumentRecord, 'recognition' | 'parserId'>,
  ocrParsers: CreateOcrParsers | undefined,
): boolean {
  if (recognition === undefined || ocrParsers === undefined) return false;
  return !ocrParsers(recognition).some(({ id }) => id === parserId);
}
