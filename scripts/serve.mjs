// Serves the production build and the fetched models on 127.0.0.1.
//   node scripts/serve.mjs [--port 4870] [--connect https://my-server.example]
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { modelsFolder } from './models.mjs';
import { securityHeaders } from './security-headers.mjs';

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.wasm': 'application/wasm',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
  '.pdf': 'application/pdf',
  '.md': 'text/markdown; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
};

/** The file a URL path means below a root, or undefined when it would leave it. */
export function pathBelow(root, urlPath) {
  let decoded;
  try {
    decoded = decodeURIComponent(urlPath);
  } catch {
    return undefined;
  }
  if (decoded.includes('\0')) return undefined;
  const path = normalize(join(root, decoded));
  return path === root || path.startsWith(root + sep) ? path : undefined;
}

/** One range of RFC 9110 §14: first-last, first-, -suffix. 'invalid' when it cannot be satisfied, undefined for none. */
export function parseRange(header, size) {
  const range = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  if (range === null || (range[1] === '' && range[2] === '')) return undefined;
  const start = range[1] === '' ? Math.max(0, size - Number(range[2])) : Number(range[1]);
  const end = range[1] === '' || range[2] === '' ? size - 1 : Math.min(Number(range[2]), size - 1);
  return start > end || start >= size ? 'invalid' : { start, end };
}

async function fileInfo(path) {
  const info = path === undefined ? undefined : await stat(path).catch(() => undefined);
  return info?.isFile() ? info : undefined;
}

/** The smallest stored form that the browser accepts; compress.mjs writes them beside the file. */
async function encoded(path, request) {
  const accepted = `${request.headers['accept-encoding'] ?? ''}`;
  for (const [name, ending] of [
    ['br', '.br'],
    ['gzip', '.gz'],
  ]) {
    if (!new RegExp(`\\b${name}\\b`).test(accepted) || request.headers.range !== undefined) continue;
    const info = await fileInfo(path + ending);
    if (info) return { path: path + ending, info, encoding: name };
  }
  return undefined;
}

async function sendFile(request, response, path, headers) {
  const plain = await fileInfo(path);
  if (plain === undefined) return false;
  const packed = await encoded(path, request);
  const { size, mtimeMs } = packed?.info ?? plain;
  const etag = `"${size.toString(36)}-${Math.round(mtimeMs).toString(36)}"`;
  const all = {
    ...headers,
    'content-type': TYPES[extname(path)] ?? 'application/octet-stream',
    'accept-ranges': 'bytes',
    etag,
    vary: 'accept-encoding',
    ...(packed ? { 'content-encoding': packed.encoding } : {}),
  };
  if (request.headers['if-none-match'] === etag) {
    response.writeHead(304, all).end();
    return true;
  }
  const ifRange = request.headers['if-range'];
  const range =
    ifRange === undefined || ifRange === etag ? parseRange(request.headers.range, size) : undefined;
  if (range === 'invalid') {
    response.writeHead(416, { ...all, 'content-range': `bytes */${size}` }).end();
    return true;
  }
  const { start, end } = range ?? { start: 0, end: size - 1 };
  response.writeHead(range ? 206 : 200, {
    ...all,
    'content-length': Math.max(0, end - start + 1),
    ...(range ? { 'content-range': `bytes ${start}-${end}/${size}` } : {}),
  });
  if (request.method === 'HEAD' || size === 0) response.end();
  else
    createReadStream(packed?.path ?? path, { start, end })
      .on('error', () => response.destroy())
      .pipe(response);
  return true;
}

/**
 * The service worker keeps responses with their headers. Where the policy is not the usual one, its script names the
 * policy: the browser then installs it as a new version with copies of its own.
 */
async function sendServiceWorker(response, path, headers, extraConnect) {
  const policy = createHash('sha256').update(extraConnect.join(' ')).digest('hex').slice(0, 8);
  const script = await readFile(path, 'utf8');
  response
    .writeHead(200, { ...headers, 'content-type': TYPES['.js'] })
    .end(`self.BENCHTOP_POLICY=${JSON.stringify(policy)};\n${script}`);
}

function cacheFor(urlPath) {
  if (urlPath.startsWith('/assets/')) return 'public, max-age=31536000, immutable';
  return urlPath.startsWith('/models/') ? 'public, max-age=3600' : 'no-cache';
}

async function handle(request, response, { root, models, extraConnect }) {
  const urlPath = (request.url ?? '/').split(/[?#]/)[0];
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return response.writeHead(405, { allow: 'GET, HEAD' }).end();
  const isModel = urlPath.startsWith('/models/');
  const target = isModel
    ? pathBelow(models, urlPath.slice('/models'.length).replace('/resolve/main/', '/'))
    : pathBelow(root, urlPath);
  const headers = (isDocument) => ({
    ...securityHeaders({ isDocument, extraConnect }),
    'cache-control': isDocument ? 'no-cache' : cacheFor(urlPath),
  });
  if (urlPath === '/sw.js' && extraConnect.length > 0 && (await fileInfo(target)))
    return sendServiceWorker(response, target, headers(false), extraConnect);
  if (
    target !== undefined &&
    target !== root &&
    (await sendFile(request, response, target, headers(target.endsWith('.html'))))
  )
    return;
  // A route of the app is the page; a missing file is a 404, never the page.
  const isRoute = !isModel && target !== undefined && extname(urlPath) === '';
  if (isRoute && (await sendFile(request, response, join(root, 'index.html'), headers(true)))) return;
  response
    .writeHead(404, { ...headers(false), 'cache-control': 'no-store', 'content-type': 'text/plain' })
    .end('Not found\n');
}

/**
 * Starts the server; with a taken port, on the next free one unless `isStrict`.
 * @returns {Promise<{ url: string, port: number, close(): Promise<void> }>}
 */
export async function startServer({
  root,
  models = modelsFolder(),
  port = 4870,
  extraConnect = [],
  isStrict = false,
}) {
  const options = { root: resolve(root), models: resolve(models), extraConnect };
  const server = createServer((request, response) => {
    handle(request, response, options).catch((error) => {
      console.error(error);
      response.destroy();
    });
  });
  const listen = (wanted) =>
    new Promise((done, fail) => {
      server.once('error', fail);
      server.listen(wanted, '127.0.0.1', () => {
        server.off('error', fail);
        done(server.address().port);
      });
    });
  for (let wanted = port; ; wanted++)
    try {
      const bound = await listen(wanted);
      const close = () =>
        new Promise((done) => {
          server.close(done);
          server.closeAllConnections();
        });
      return { url: `http://127.0.0.1:${bound}/`, port: bound, close };
    } catch (error) {
      if (error.code !== 'EADDRINUSE' || isStrict || wanted >= 65_535) throw error;
    }
}

/** `--connect` values must be origins: what they open is written into the policy. */
export function checkOrigins(values) {
  return values.map((value) => {
    const { origin, protocol } = new URL(value);
    if (protocol !== 'http:' && protocol !== 'https:')
      throw new Error(`--connect takes http(s) origins, not ${value}`);
    return origin;
  });
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '4870' },
      connect: { type: 'string', multiple: true, default: [] },
    },
  });
  const root = resolve(import.meta.dirname, '../dist');
  const { url } = await startServer({
    root,
    port: Number(values.port),
    extraConnect: checkOrigins(values.connect),
    isStrict: true,
  });
  console.log(url);
}
