// Makes the app work offline. The shell is kept at install; an engine's files when the page asks for them or first uses
// them. Models are not here: they live in OPFS. A new version waits until the page says so, so that a running answer is
// never cut off by an update.
const worker = self as unknown as ServiceWorkerGlobalScope;

interface OfflineFiles {
  readonly version: string;
  readonly shell: readonly string[];
  readonly groups: Readonly<Record<string, readonly string[]>>;
}

/**
 * Both stand in lines before this script. The list of files is written by scripts/service-worker-manifest.mjs after the
 * build. A kept response keeps its headers, so a page under another policy (`npm start -- --connect …`) needs copies of
 * its own: scripts/serve.mjs names its policy; a server that always sends the same names none.
 */
const { BENCHTOP_FILES: files, BENCHTOP_POLICY: policy = 'default' } = self as unknown as {
  readonly BENCHTOP_FILES: OfflineFiles;
  readonly BENCHTOP_POLICY?: string;
};

const SHELL = `shell-${files.version}-${policy}`;
/** Hashed names never change their content, so this cache outlives versions; what a version no longer lists is removed. */
const ASSETS = `assets-${policy}`;

/** How many files are fetched at a time; more would only queue up in the browser. */
const PARALLEL = 6;

async function keepOne(cache: Cache, path: string): Promise<void> {
  // What the page has just loaded lies in the HTTP cache, and a hashed name cannot be stale; all else is asked for anew.
  const response = await fetch(path, { cache: path.startsWith('/assets/') ? 'default' : 'no-cache' });
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  await cache.put(path, response);
}

async function keep(cacheName: string, paths: readonly string[]): Promise<void> {
  const cache = await caches.open(cacheName);
  const missing: string[] = [];
  for (const path of paths) if (cacheName === SHELL || !(await cache.match(path))) missing.push(path);
  for (let i = 0; i < missing.length; i += PARALLEL)
    await Promise.all(missing.slice(i, i + PARALLEL).map((path) => keepOne(cache, path)));
}

worker.addEventListener('install', (event) => {
  event.waitUntil(keep(SHELL, files.shell));
});

/** The shell before this one stays: another tab may still run that version and ask for a part of it. */
async function removeOld(): Promise<void> {
  const names = await caches.keys();
  const shells = names.filter((name) => name.startsWith('shell-') && name !== SHELL);
  const assets = names.filter((name) => name.startsWith('assets-') && name !== ASSETS);
  for (const name of [...shells.slice(0, -1), ...assets]) await caches.delete(name);
  const cache = await caches.open(ASSETS);
  const listed = new Set(Object.values(files.groups).flat());
  for (const request of await cache.keys())
    if (!listed.has(new URL(request.url).pathname)) await cache.delete(request);
}

worker.addEventListener('activate', (event) => {
  event.waitUntil(removeOld().then(() => worker.clients.claim()));
});

worker.addEventListener('message', (event) => {
  const { type, group } = event.data as { type: string; group?: string };
  if (type === 'activate') void worker.skipWaiting();
  if (type !== 'keep-offline' || group === undefined) return;
  const port = event.ports[0];
  event.waitUntil(
    keep(ASSETS, files.groups[group] ?? []).then(
      () => port?.postMessage({ isKept: true }),
      (error: unknown) => port?.postMessage({ isKept: false, reason: String(error) }),
    ),
  );
});

const groupedFiles = new Set(Object.values(files.groups).flat());
const shellFiles = new Set(files.shell);

/** Every route of the app is the one page; an address with a file's ending is that file. */
function isRoute(request: Request, path: string): boolean {
  return request.mode === 'navigate' && !/\.[^/]+$/.test(path);
}

async function respond(request: Request, path: string): Promise<Response> {
  const shell = await caches.open(SHELL);
  const kept = await shell.match(isRoute(request, path) ? '/' : path);
  if (kept) return kept;
  // An engine's file, or a part of the version that another tab still runs.
  const asset = await caches.match(path);
  if (asset) return asset;
  const response = await fetch(request);
  if (groupedFiles.has(path) && response.status === 200) {
    const cache = await caches.open(ASSETS);
    // A full disk must not cost the answer: the file is then fetched again next time.
    await cache.put(path, response.clone()).catch(() => undefined);
  }
  return response;
}

worker.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== worker.location.origin) return;
  // Models live in OPFS and are read in ranges: never here.
  if (pathname.startsWith('/models/') || request.headers.has('range')) return;
  if (!isRoute(request, pathname) && !shellFiles.has(pathname) && !pathname.startsWith('/assets/')) return;
  event.respondWith(respond(request, pathname));
});
