import { useEffect } from 'react';
import { loadFloatingParts, useFloatingParts } from './floating/load-parts.ts';
import type { SheetProps } from './floating/props.ts';

export type { SheetProps };

/** A panel from the bottom edge: the inspector on a phone. */
export function Sheet(props: SheetProps) {
  const parts = useFloatingParts();
  const { open } = props;
  useEffect(() => {
    if (open) loadFloatingParts();
  }, [open]);
  return parts ? <parts.Sheet {...props} /> : null;
}
