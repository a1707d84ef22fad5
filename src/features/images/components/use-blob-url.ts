import { useEffect, useState } from 'react';

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
      if (address !== undefined) URL.revokeObjectURL(address);
    };
  }, [load]);
  return url;
}
