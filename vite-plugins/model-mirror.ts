import { createReadStream, statSync } from 'node:fs';
import { join, normalize, resolve } from 'node:path';
import type { Connect, Plugin } from 'vite';

const PREFIX = '/models/';
/** The project's own sources: Vite makes modules and addresses of them. */
const OWN = /^\/models\/(?:catalog\.json$|packs\/)/;

/**
 * Serves the fetched packs at /models/<id>/<path> to the development server and to browser tests, as scripts/serve.mjs
 * does for the production build. What is not there is a 404, never the page.
 */
export function modelMirror(): Plugin {
  const root = resolve(process.env.BENCHTOP_MODELS ?? '.models');
  const serve: Connect.NextHandleFunction = (request, response, next) => {
    const url = request.url?.split('?')[0] ?? '';
    if (!url.startsWith(PREFIX) || OWN.test(url)) return next();
    const relative = normalize(decodeURIComponent(url.slice(PREFIX.length)).replace('/resolve/main/', '/'));
    const path = join(root, relative);
    const size = path.startsWith(root) ? statSync(path, { throwIfNoEntry: false })?.size : undefined;
    if (size === undefined) {
      response.statusCode = 404;
      return response.end();
    }
    const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
    const start = range ? Number(range[1]) : 0;
    const end = range?.[2] ? Math.min(Number(range[2]), size - 1) : size - 1;
    response.statusCode = range ? 206 : 200;
    if (range) response.setHeader('content-range', `bytes ${start}-${end}/${size}`);
    response.setHeader('accept-ranges', 'bytes');
    response.setHeader('content-length', end - start + 1);
    response.setHeader('content-type', 'application/octet-stream');
    if (request.method === 'HEAD') return response.end();
    createReadStream(path, { start, end }).pipe(response);
  };
  return {
    name: 'benchtop:model-mirror',
    configureServer(server) {
      server.middlewares.use(serve);
    },
  };
}
