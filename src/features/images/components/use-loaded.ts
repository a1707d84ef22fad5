import { useEffect, useState } from 'react';
import { isAbort, toAppError, toWire, type WireError } from '#shared/errors.ts';

export type Loaded<T> =
  | { readonly status: 'loading' }
  | { readonly status: 'ready'; readonly value: T }
  | { readonly status: 'failed'; readonly error: WireError };

/** Runs `load` when it changes (wrap it in useCallback) and keeps its result; an older run is aborted and forgotten. */
export function useLoaded<T>(load: (signal: AbortSignal) => Promise<T>): Loaded<T> {
  const [loaded, setLoaded] = useState<Loaded<T>>({ status: 'loading' });
  useEffect(() => {
    const abort = new AbortController();
    setLoaded({ status: 'loading' });
    load(abort.signal).then(
      (value) => {
        if (!abort.signal.aborted) setLoaded({ status: 'ready', value });
      },
      (error: unknown) => {
        if (!abort.signal.aborted && !isAbort(error))
          setLoaded({ status: 'failed', error: toWire(toAppError(error)) });
      },
    );
    return () => abort.abort();
  }, [load]);
  return loaded;
}
