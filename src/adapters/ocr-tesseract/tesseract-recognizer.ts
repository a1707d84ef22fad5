import englishUrl from '@tesseract.js-data/eng/4.0.0_best_int/eng.traineddata.gz?url&no-inline';
import type { TessBaseApi, TesseractModule } from 'tesseract.js-core/tesseract-core-simd-lstm.js';
import type { GreyPicture, TextRecognizer } from '#core/ports/text-recognizer.ts';
import type { CallOptions } from '#shared/call.ts';
import { AppError } from '#shared/errors.ts';
import { fetchBytes, unpacked } from './fetch-bytes.ts';
import { loadCore } from './load-core.ts';
import { readResult } from './read-result.ts';

/** The files of languages that this build ships, by Tesseract's names for them. */
const LANGUAGES: Readonly<Record<string, string>> = { eng: englishUrl };

const NEURAL_ENGINE = 1;
/** Columns and paragraphs are found; the page is taken to stand upright. */
const SEGMENT_AUTOMATICALLY = 3;
const PICTURE_PATH = '/input';

interface Ready {
  readonly language: string;
  readonly core: TesseractModule;
  readonly api: TessBaseApi;
}

/** A portable grey map (Netpbm P5): Leptonica reads it without a decoder. */
function asPgm({ width, height, pixels }: GreyPicture): Uint8Array {
  const head = new TextEncoder().encode(`P5\n${width} ${height}\n255\n`);
  const file = new Uint8Array(head.length + pixels.length);
  file.set(head);
  file.set(pixels, head.length);
  return file;
}

function refusePicture({ width, height, pixels }: GreyPicture): void {
  if (width < 1 || height < 1 || pixels.length !== width * height)
    throw new AppError('input/invalid', 'This picture has no size, or not as many pixels as it says.', {
      details: { width, height, pixels: pixels.length },
    });
}

async function start(language: string, options: CallOptions): Promise<Ready> {
  const url = LANGUAGES[language];
  if (url === undefined)
    throw new AppError('input/invalid', `Text in the language “${language}” cannot be recognized here.`, {
      details: { language, known: Object.keys(LANGUAGES) },
    });
  const core = await loadCore(options);
  const data = await unpacked(await fetchBytes(url, 'The language file', options));
  core.FS.writeFile(`/${language}.traineddata`, data);
  const api = new core.TessBaseAPI();
  if (api.Init('/', language, NEURAL_ENGINE) !== 0)
    throw new AppError(
      'model/load-failed',
      'The language file is damaged. Reload the page, then try again.',
      { details: { language } },
    );
  core.FS.unlink(`/${language}.traineddata`); // it is in the engine now, and 5 MB of memory are free again
  api.SetPageSegMode(SEGMENT_AUTOMATICALLY);
  return { language, core, api };
}

/**
 * Tesseract 5 (Smith 2007, “An Overview of the Tesseract OCR Engine”; its LSTM reader), in the thread that it is made in:
 * a picture holds that thread until it is read. Nothing is fetched before the first call.
 */
export function createTesseractRecognizer(): TextRecognizer {
  let ready: Promise<Ready> | undefined;
  let wanted: string | undefined;

  function prepare(language: string, options: CallOptions = {}): Promise<Ready> {
    if (ready === undefined || wanted !== language) {
      void ready?.then(({ api }) => api.End()).catch(() => {});
      wanted = language;
      const starting = start(language, options);
      ready = starting;
      // What could not be fetched is asked for again.
      starting.catch(() => {
        if (ready === starting) ready = undefined;
      });
    }
    return ready;
  }

  return {
    async load({ language }, options) {
      await prepare(language, options);
    },
    async recognize({ language, picture }, options) {
      refusePicture(picture);
      const { core, api } = await prepare(language, options);
      if (options?.signal?.aborted) throw new AppError('abort/by-user', 'Stopped reading the picture.');
      core.FS.writeFile(PICTURE_PATH, asPgm(picture));
      try {
        if (api.SetImageFile(1, 0) !== 0 || api.Recognize(null) !== 0)
          throw new AppError('input/invalid', 'The recognition engine could not take this picture.');
        return readResult(api.GetJSONText(0));
      } finally {
        api.Clear();
        core.FS.unlink(PICTURE_PATH);
      }
    },
  };
}
