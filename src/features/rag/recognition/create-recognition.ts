import type { DocumentRecord } from '#core/ports/library-records.ts';
import type { RecognitionOffer } from '#core/ports/text-recognizer.ts';
import { readPace } from '#core/rag/index.ts';
import { AppError, toAppError, toWire } from '#shared/errors.ts';
import type { createLibraryIntake } from '../library-intake.ts';
import type { LibraryDependencies, LibraryStore, ShownRejection } from '../library-state.ts';
import { pagesToRecognize } from './recognizable.ts';

/** What is to be read: one document of the library, or pictures that were not taken in. */
export type RecognitionTarget =
  | { readonly document: DocumentRecord }
  | { readonly pictures: readonly ShownRejection[] };

/** What it will take, as far as that is known. */
export interface RecognitionPlan extends Pick<RecognitionOffer, 'engineBytes' | 'languages'> {
  /** Undefined: those with pictures in them, which is seen when they are read. */
  readonly pages: number | undefined;
  /** How long a page took on this device lately; undefined before the first. */
  readonly msPerPage: number | undefined;
}

export type Recognition = ReturnType<typeof createRecognition>;

/** Text in pictures is read only after the user has seen what that takes, and said yes. */
export function createRecognition(
  deps: LibraryDependencies,
  store: LibraryStore,
  intake: Pick<ReturnType<typeof createLibraryIntake>, 'startIngest' | 'takeFiles'>,
) {
  const { repositories, notify } = deps;

  async function offer(): Promise<RecognitionOffer> {
    if (deps.recognition) return deps.recognition();
    throw new AppError('capability/unsupported-browser', 'Text in pictures cannot be read here.');
  }

  async function readDocument({ id, status }: DocumentRecord, language: string): Promise<void> {
    const isAgain = status === 'ready';
    await repositories.library.commit({
      updates: [
        {
          id,
          change: ({ error: _, ...stored }) => ({
            ...stored,
            recognition: { language },
            ...(isAgain ? {} : { status: 'queued' as const }),
          }),
        },
      ],
    });
    await intake.startIngest([id], { isAgain, labelOf: (what) => `Reading ${what} with OCR` });
  }

  /** Their files are taken in once more, archives whole: what of them is here already stays as it is. */
  async function readPictures(pictures: readonly ShownRejection[], language: string): Promise<void> {
    const sources = new Set(pictures.flatMap(({ source }) => (source ? [source] : [])));
    const names = new Set(pictures.map(({ name }) => name));
    const { rejected } = store.getState();
    // What else was refused of an archive is refused again, and stands there once.
    const isOfThem = ({ source, name }: ShownRejection): boolean =>
      names.has(name) || (source !== undefined && sources.has(source));
    store.setState({ rejected: rejected.filter((file) => !isOfThem(file)) });
    await intake.takeFiles([...sources], undefined, { language });
  }

  return {
    async plan(target: RecognitionTarget): Promise<RecognitionPlan> {
      const { engineBytes, languages } = await offer();
      const pages = 'document' in target ? pagesToRecognize(target.document) : target.pictures.length;
      return { engineBytes, languages, pages, msPerPage: await readPace(repositories.settings) };
    },

    /** The user agreed. */
    async start(target: RecognitionTarget, language: string): Promise<void> {
      try {
        const { keepOffline } = await offer();
        keepOffline().catch((error: unknown) => notify(toAppError(error).message));
        if ('document' in target) await readDocument(target.document, language);
        else await readPictures(target.pictures, language);
      } catch (error) {
        store.setState({ addError: toWire(toAppError(error)) });
      }
    },
  };
}
