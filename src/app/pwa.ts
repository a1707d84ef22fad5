import { AppError } from '#shared/errors.ts';

/** Files of one engine that the service worker keeps for offline use. */
type OfflineGroup = 'wllama' | 'webllm' | 'transformers' | 'pdf';

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
      const { active } = await navigator.serviceWorker.ready;
      const { port1, port2 } = new MessageChannel();
      const answer = new Promise<{ isKept: boolean; reason?: string }>((resolve) => {
        port1.onmessage = ({ data }) => resolve(data);
      });
      active?.postMessage({ type: 'keep-offline', group }, [port2]);
      const { isKept, reason } = await answer;
      port1.close();
      if (!isKept)
        throw new AppError(
          'network/failed',
          'The engine could not be kept for offline use. Try again with a network.',
          {
            details: { group, reason },
          },
        );
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
