import type { ModelSpec } from '#core/ports/model.ts';

/** Models that a pack can hold: their files come from somewhere that a browser cannot fetch from, too. */
function canBeInPack({ sources }: ModelSpec): boolean {
  return sources.some(({ kind }) => kind === 'pypi' || kind === 'maven');
}

const bytesOf = ({ files }: ModelSpec): number =>
  files.reduce((sum, { sizeBytes = 0 }) => sum + sizeBytes, 0);

/** The smallest chat model and the smallest embedder of a pack: what the starter pack holds. */
export function starterModels(catalog: readonly ModelSpec[]): {
  readonly chat: ModelSpec | undefined;
  readonly embedder: ModelSpec | undefined;
} {
  const packed = catalog.filter(canBeInPack).toSorted((a, b) => bytesOf(a) - bytesOf(b));
  return {
    chat: packed.find(({ task, engine }) => task === 'chat' && engine === 'wllama'),
    // The catalog's own order says which is better; size says little among embedders.
    embedder: catalog.find((model) => canBeInPack(model) && model.task === 'embed-text'),
  };
}

/** Whether this page's own server has a model's files. Asks for the largest one's head, on the same origin only. */
export async function isOnMirror({ id, files }: ModelSpec, fetch: typeof globalThis.fetch): Promise<boolean> {
  const largest = files.toSorted((a, b) => (b.sizeBytes ?? 0) - (a.sizeBytes ?? 0))[0];
  if (largest === undefined) return false;
  const path = [id, ...largest.path.split('/')].map(encodeURIComponent).join('/');
  try {
    const response = await fetch(`/models/${path}`, { method: 'HEAD' });
    // A server that answers everything with its page has no model.
    return response.ok && !/^text\/html/.test(response.headers.get('content-type') ?? '');
  } catch {
    return false;
  }
}
