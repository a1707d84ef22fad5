import { useEffect, useState } from 'react';

const STILL_READ_MS = 500;

/** An address for what `load` finds; it is revoked when it is no longer shown. Wrap `load` in useCallback. */
export function useBlobUrl(load: () => Promise<Blob | undefined>): string | undefined {
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    let address: string | undefined;
    let isGone = false;
    load().then(
      (blob) => {
        if (isGone || blob === undefined) return;
        address = URL.createObjectURL(blob);
        setUrl(address);
      },
      () => {}, // what cannot be read stays a placeholder
    );
    return () => {
      isGone = true;
      setUrl(undefined);
      const old = address;
      // An <img> that has just begun to read it would find nothing, and the browser would say so in the console.
      if (old !== undefined) setTimeout(() => URL.revokeObjectURL(old), STILL_READ_MS);
    };
  }, [load]);
  return url;
}
