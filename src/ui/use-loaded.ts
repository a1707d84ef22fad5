import { useEffect, useState } from 'react';
import { isAbort, toAppError, toWire, type WireError } from '#shared/errors.ts';

export type Loaded<T> =
  | { readonly status: 'loading' }
  | { readonly status: 'ready'; readonly value: T }
  | { readonly status: 'failed'; readonly error: WireError };

/**
 * Runs `load` when it changes (wrap it in useCallback) and keeps its result; an older run is aborted and forgotten.
 * `release` gives back what was loaded.
 */
export function useLoaded<T>(
  load: (signal: AbortSignal) => Promise<T>,
  release?: (value: T) => void,
): Loaded<T> {
  const [loaded, setLoaded] = useState<Loaded<T>>({ status: 'loading' });
  // biome-ignore lint/correctness/useExhaustiveDependencies: release belongs to the value, not to the next load
  useEffect(() => {
    const abort = new AbortController();
    let value: T | undefined;
    setLoaded({ status: 'loading' });
    load(abort.signal).then(
      (result) => {
        if (abort.signal.aborted) release?.(result);
        else {
          value = result;
          setLoaded({ status: 'ready', value: result });
        }
      },
      (error: unknown) => {
        if (!abort.signal.aborted && !isAbort(error))
          setLoaded({ status: 'failed', error: toWire(toAppError(error)) });
      },
    );
    return () => {
      abort.abort();
      if (value !== undefined) release?.(value);
    };
  }, [load]);
  return loaded;
}
