// Makes the app work offline. The shell is kept at install; an engine's files when the page asks for them or first uses
// them. Models are not here: they live in OPFS. A new version waits until the page says so, so that a running answer is
// never cut off by an update.
const worker = self as unknown as ServiceWorkerGlobalScope;

interface OfflineFiles {
  readonly version: string;
  readonly shell: readonly string[];
  readonly groups: Readonly<Record<string, readonly string[]>>;
}

/** Replaced by scripts/service-worker-manifest.mjs after the build. */
const files = '__BENCHTOP_FILES__' as unknown as OfflineFiles;

const SHELL = `shell-${files.version}`;
/** Hashed names never change their content, so this cache outlives versions; what a version no longer lists is removed. */
const ASSETS = 'assets';

async function keep(cacheName: string, paths: readonly string[]): Promise<void> {
  const cache = await caches.open(cacheName);
  for (const path of paths) {
    if (cacheName === ASSETS && (await cache.match(path))) continue;
    const response = await fetch(path, { cache: 'no-cache' });
    if (!response.ok) throw new Error(`${path}: ${response.status}`);
    await cache.put(path, response);
  }
}

worker.addEventListener('install', (event) => {
  event.waitUntil(keep(SHELL, files.shell));
});

async function removeOld(): Promise<void> {
  for (const name of await caches.keys())
    if (name.startsWith('shell-') && name !== SHELL) await caches.delete(name);
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

async function respond(request: Request, path: string): Promise<Response> {
  const isPage = request.mode === 'navigate';
  const shell = await caches.open(SHELL);
  const kept = await shell.match(isPage ? '/' : path);
  if (kept) return kept;
  const assets = await caches.open(ASSETS);
  const asset = await assets.match(path);
  if (asset) return asset;
  const response = await fetch(request);
  const isListed = Object.values(files.groups).some((group) => group.includes(path));
  if (isListed && response.status === 200) await assets.put(path, response.clone());
  return response;
}

worker.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== worker.location.origin) return;
  if (url.pathname.startsWith('/models/') || request.headers.has('range')) return;
  if (
    request.mode !== 'navigate' &&
    !files.shell.includes(url.pathname) &&
    !url.pathname.startsWith('/assets/')
  )
    return;
  event.respondWith(respond(request, url.pathname));
});
