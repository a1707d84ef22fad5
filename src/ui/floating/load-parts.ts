import { useSyncExternalStore } from 'react';

type Parts = typeof import('./parts.ts');

let parts: Parts | undefined;
let isLoading = false;
const listeners = new Set<() => void>();

/**
 * Fetches what floats (menus, hints, dialogs). A page can be read and typed into without it, and it is as large as half
 * of the rest: it comes once the page stands, or at the first sign that somebody wants it.
 */
export function loadFloatingParts(): void {
  if (isLoading) return;
  isLoading = true;
  import('./parts.ts').then(
    (loaded) => {
      parts = loaded;
      for (const listener of [...listeners]) listener();
    },
    () => {
      isLoading = false; // no network, and not kept yet: the next sign tries again
    },
  );
}

const LATEST_MS = 2000;

function whenQuiet(act: () => void): void {
  if ('requestIdleCallback' in globalThis) requestIdleCallback(act, { timeout: LATEST_MS });
  else setTimeout(act, LATEST_MS / 2);
}

let isPlanned = false;

/**
 * Called when the first that floats is on the screen: only then does the page stand. The document's own "load" comes
 * while the storage is still being opened, with a browser that is quiet and nothing to be seen.
 */
function planLoad(): void {
  if (isPlanned) return;
  isPlanned = true;
  whenQuiet(loadFloatingParts);
}

function subscribe(listener: () => void): () => void {
  planLoad();
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Undefined until they are here. */
export function useFloatingParts(): Parts | undefined {
  return useSyncExternalStore(subscribe, () => parts);
}
