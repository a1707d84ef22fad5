import { AppError } from '#shared/errors.ts';
import type { OfflineGroup } from './offline-groups.ts';

export interface Pwa {
  /** Has the engine's files kept for offline use; resolves when they are. Errors: network/failed. */
  keepOffline(group: OfflineGroup): Promise<void>;
  /** Called when a newer version is downloaded and waits. */
  onUpdateReady(listener: () => void): void;
  /** Starts the waiting version and reloads the page. */
  applyUpdate(): void;
}

function registerWorker(): Promise<ServiceWorkerRegistration | undefined> {
  if (!('serviceWorker' in navigator) || !import.meta.env.PROD) return Promise.resolve(undefined);
  // No offline without it, but everything else works: a private window or a blocked cookie is not worth an error.
  return navigator.serviceWorker.register('/sw.js').catch(() => undefined);
}

function notKept(group: OfflineGroup, reason: string | undefined): AppError {
  return new AppError(
    'network/failed',
    'The engine could not be kept for offline use. Try again with a network.',
    { details: { group, reason } },
  );
}

/** The registration's working worker, waited for while it installs; undefined when its installation failed. */
async function activeOf(
  registration: ServiceWorkerRegistration | undefined,
): Promise<ServiceWorker | undefined> {
  if (registration?.active) return registration.active;
  const coming = registration?.installing ?? registration?.waiting;
  if (!coming) return undefined;
  return new Promise((resolve) => {
    const look = (): void => {
      if (coming.state === 'activated' || coming.state === 'redundant')
        resolve(coming.state === 'activated' ? coming : undefined);
    };
    coming.addEventListener('statechange', look);
    look();
  });
}

/** Registers the service worker; where there is none the app works, only not offline. */
export function startPwa(): Pwa {
  const registered = registerWorker();
  const listeners = new Set<() => void>();
  const tell = (): void => {
    for (const listener of listeners) listener();
  };
  void registered.then((registration) => {
    if (registration?.waiting && navigator.serviceWorker.controller) tell();
    registration?.addEventListener('updatefound', () => {
      const worker = registration.installing;
      worker?.addEventListener('statechange', () => {
        if (worker.state === 'installed' && navigator.serviceWorker.controller) tell();
      });
    });
  });

  return {
    async keepOffline(group) {
      const registration = await registered;
      if (registration === undefined) return;
      // An installation that failed (the network went, the disk was full) is tried once more: `ready` would wait for ever.
      const active = (await activeOf(registration)) ?? (await activeOf(await registerWorker()));
      if (active === undefined) throw notKept(group, 'the service worker could not be installed');
      const { port1, port2 } = new MessageChannel();
      const answer = new Promise<{ isKept: boolean; reason?: string }>((resolve) => {
        port1.onmessage = ({ data }) => resolve(data);
      });
      active.postMessage({ type: 'keep-offline', group }, [port2]);
      const { isKept, reason } = await answer;
      port1.close();
      if (!isKept) throw notKept(group, reason);
    },
    onUpdateReady(listener) {
      listeners.add(listener);
      void registered.then((registration) => {
        if (registration?.waiting && navigator.serviceWorker.controller) listener();
      });
    },
    applyUpdate() {
      navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
      void registered.then((registration) => registration?.waiting?.postMessage({ type: 'activate' }));
    },
  };
}
