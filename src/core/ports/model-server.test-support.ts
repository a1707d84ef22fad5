/** How one address is answered. */
export interface ServedFile {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly etag?: string;
  /** False: a server that knows no Range and always sends the whole. */
  readonly ranges?: boolean;
  /** The first answers break off after so many bytes, one entry each. */
  readonly breaks?: readonly number[];
  /** Sends so many bytes and then nothing more, until the request is aborted. */
  readonly stallsAfter?: number;
}

interface SeenRequest {
  readonly url: string;
  readonly range: string | undefined;
}

/** A web server in memory that is used through `fetch`: ranges, ETags, broken and stalled lines, 404 for the rest. */
export interface ModelServer {
  serve(input: { readonly files: Readonly<Record<string, ServedFile>> }): Promise<void>;
  /** What was asked since the last `serve`, in order. */
  requests(input: null): Promise<readonly SeenRequest[]>;
}

const PIECE_BYTES = 16_384;

export function createModelServer(): ModelServer & { readonly fetch: typeof globalThis.fetch } {
  let files: Readonly<Record<string, ServedFile>> = {};
  let seen: SeenRequest[] = [];
  const answers = new Map<string, number>();

  function bodyOf(
    file: ServedFile,
    start: number,
    breakAt: number | undefined,
    signal: AbortSignal | undefined,
  ) {
    let at = start;
    const stop = start + (file.stallsAfter ?? Number.POSITIVE_INFINITY);
    const breaks = breakAt === undefined ? Number.POSITIVE_INFINITY : start + breakAt;
    return new ReadableStream<Uint8Array<ArrayBuffer>>({
      start(controller) {
        signal?.addEventListener('abort', () => controller.error(signal.reason));
      },
      async pull(controller) {
        if (at >= breaks) return controller.error(new TypeError('network error'));
        if (at >= stop) return new Promise(() => {}); // the abort ends the stream
        if (at >= file.bytes.length) return controller.close();
        const end = Math.min(at + PIECE_BYTES, stop, breaks, file.bytes.length);
        controller.enqueue(file.bytes.slice(at, end));
        at = end;
      },
    });
  }

  return {
    async serve(input) {
      files = input.files;
      seen = [];
      answers.clear();
    },
    requests: async () => seen,
    async fetch(input, init) {
      const url = String(input);
      const headers = new Headers(init?.headers);
      const range = headers.get('range') ?? undefined;
      seen.push({ url, range });
      const file = files[url];
      if (file === undefined) return new Response('not found', { status: 404 });
      const count = answers.get(url) ?? 0;
      answers.set(url, count + 1);
      const condition = headers.get('if-range');
      const isFresh = condition === null || condition === file.etag;
      const from = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0);
      const start = file.ranges === false || !isFresh ? 0 : from;
      const size = file.bytes.length;
      if (start > 0 && start >= size) return new Response(null, { status: 416 });
      return new Response(bodyOf(file, start, file.breaks?.[count], init?.signal ?? undefined), {
        status: start > 0 ? 206 : 200,
        headers: {
          'content-length': String(size - start),
          'content-type': 'application/octet-stream',
          ...(file.etag === undefined ? {} : { etag: file.etag }),
          ...(start > 0 ? { 'content-range': `bytes ${start}-${size - 1}/${size}` } : {}),
        },
      });
    },
  };
}
