import type { Input, InputVideoTrack } from 'mediabunny';
import type { FilmGrabber } from '#core/ports/film-grabber.ts';
import type { FilmFrame, FrameReader, OpenFilm } from '#core/ports/frame-reader.ts';
import { throwIfAborted } from '#shared/breathe.ts';
import type { CallOptions } from '#shared/call.ts';
import { isAbort } from '#shared/errors.ts';
import { brokenFilm, cutOff, lacksCodec, noVideoTrack, toFilmError } from './film-error.ts';
import { toFilmFrame } from './film-frame.ts';
import { sniffFilm } from './sniff-film.ts';

export interface FrameReaderDeps {
  /** Where the browser has no decoder of its own for workers, the page's player shows the film. Without one it is refused. */
  readonly grabber?: FilmGrabber;
}

type Library = typeof import('./films-library.ts');

/** Read when the first film is: it is larger than all the rest of the pictures' worker. */
let loading: Promise<Library> | undefined;
function load(): Promise<Library> {
  loading ??= import('./films-library.ts').then((library) => {
    library.Logging.level = library.LogLevel.Silent; // what it has to say comes as an error
    return library;
  });
  loading.catch(() => {
    loading = undefined;
  });
  return loading;
}

type FilmRequest = Parameters<FrameReader['open']>[0];

/** What the last picture or sound may stop short of the length that the file states. */
const SLACK_SECONDS = 1;
const SLACK_SHARE = 0.02;

/** The track that is shown. */
async function videoTrackOf(input: Input, name: string): Promise<InputVideoTrack> {
  const tracks = await input.getTracks();
  if (tracks.length === 0) throw brokenFilm(name);
  const track = await input.getPrimaryVideoTrack();
  if (track === null) throw noVideoTrack(name);
  return track;
}

/** Of its header, or of the file where the header states none; one that ends before it should is refused. */
async function durationOf(library: Library, input: Input, name: string): Promise<number> {
  const stated = await input.getDurationFromMetadata();
  if (stated === null || !(stated > 0)) return input.computeDuration();
  let end = 0;
  for (const track of await input.getTracks()) {
    const last = await new library.EncodedPacketSink(track).getPacket(stated);
    if (last) end = Math.max(end, last.timestamp + last.duration);
  }
  if (end < stated - Math.max(SLACK_SECONDS, stated * SLACK_SHARE)) throw cutOff(name);
  return stated;
}

async function* framesOf(
  library: Library,
  track: InputVideoTrack,
  seconds: readonly number[],
  { signal }: CallOptions,
): AsyncGenerator<FilmFrame, void, void> {
  const start = await track.getFirstTimestamp();
  const sink = new library.VideoSampleSink(track);
  let last = Number.NEGATIVE_INFINITY;
  for await (const sample of sink.samplesAtTimestamps(seconds.map((second) => second + start))) {
    if (sample === null) continue;
    try {
      throwIfAborted(signal);
      if (sample.timestamp <= last) continue;
      last = sample.timestamp;
      yield toFilmFrame({
        seconds: Math.max(0, sample.timestamp),
        width: sample.displayWidth,
        height: sample.displayHeight,
        paint: (context, width, height) => sample.draw(context, 0, 0, width, height),
      });
    } finally {
      sample.close();
    }
  }
  throwIfAborted(signal);
}

/** The pictures by the page's player, where it can show them. */
async function framesByPage(
  grabber: FilmGrabber | undefined,
  request: FilmRequest,
  codec: string,
  options: CallOptions,
): Promise<Pick<OpenFilm, 'width' | 'height' | 'frames' | 'runsOn'>> {
  if (grabber === undefined) throw lacksCodec(request.name, codec);
  const size = await grabber.measure(request, options).catch((error: unknown) => {
    throw isAbort(error) ? error : lacksCodec(request.name, codec);
  });
  return {
    ...size,
    runsOn: 'video-element',
    async *frames(seconds, call = {}) {
      for await (const { seconds: at, bitmap } of grabber.grab({ ...request, seconds }, call))
        try {
          yield toFilmFrame({
            seconds: at,
            width: bitmap.width,
            height: bitmap.height,
            paint: (context, width, height) => context.drawImage(bitmap, 0, 0, width, height),
          });
        } finally {
          bitmap.close();
        }
    },
  };
}

async function openWith(
  library: Library,
  input: Input,
  request: FilmRequest,
  { grabber }: FrameReaderDeps,
  options: CallOptions,
): Promise<OpenFilm> {
  const { name } = request;
  const track = await videoTrackOf(input, name);
  const codec = (await track.getCodec()) ?? String((await track.getInternalCodecId()) ?? 'an unknown codec');
  const hasDecoder = typeof VideoDecoder === 'function' && (await track.canDecode());
  const durationSeconds = await durationOf(library, input, name);
  const facts = { mediaType: (await input.getFormat()).mimeType, durationSeconds };
  const close = (): void => input.dispose();
  if (!hasDecoder) return { ...facts, ...(await framesByPage(grabber, request, codec, options)), close };
  return {
    ...facts,
    width: await track.getDisplayWidth(),
    height: await track.getDisplayHeight(),
    runsOn: 'webcodecs',
    async *frames(seconds, options = {}) {
      const onAbort = (): void => input.dispose();
      options.signal?.addEventListener('abort', onAbort, { once: true });
      try {
        throwIfAborted(options.signal);
        yield* framesOf(library, track, seconds, options);
      } catch (error) {
        throwIfAborted(options.signal);
        throw toFilmError(error, name);
      } finally {
        options.signal?.removeEventListener('abort', onAbort);
      }
    },
    close,
  };
}

/** Films by mediabunny (the container) and WebCodecs (the pictures; else the page's player), in whichever thread it is made. */
export function createFrameReader(deps: FrameReaderDeps = {}): FrameReader {
  return {
    sniff: sniffFilm,
    async open({ file, name }, options = {}) {
      const { signal } = options;
      throwIfAborted(signal);
      const library = await load();
      const { BlobSource, Input, MATROSKA, MP4, QTFF, WEBM } = library;
      const source = new BlobSource(file, { handleUnhandledError: () => {} });
      const input = new Input({ source, formats: [MP4, QTFF, WEBM, MATROSKA] });
      try {
        const film = await openWith(library, input, { file, name }, deps, options);
        throwIfAborted(signal);
        return film;
      } catch (error) {
        input.dispose();
        throwIfAborted(signal);
        throw toFilmError(error, name);
      }
    },
  };
}
