import { lazy, Suspense, useRef } from 'react';
import type { ShortcutsHelpProps } from './shortcuts-help.tsx';

export type { ShortcutsHelpProps } from './shortcuts-help.tsx';

const Help = lazy(() =>
  import('./shortcuts-help.tsx').then(({ ShortcutsHelp: load }) => ({ default: load })),
);

/** The list of keys; fetched when it is first asked for. */
export function ShortcutsHelp(props: ShortcutsHelpProps) {
  const wasOpened = useRef(false);
  wasOpened.current ||= props.open;
  if (!wasOpened.current) return null;
  return (
    <Suspense fallback={null}>
      <Help {...props} />
    </Suspense>
  );
}
