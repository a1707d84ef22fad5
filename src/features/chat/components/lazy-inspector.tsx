import { lazy, Suspense } from 'react';
import type { InspectorProps } from './inspector.tsx';

const Loaded = lazy(() => import('./inspector.tsx').then(({ Inspector: load }) => ({ default: load })));

/** Settings, sources and figures stand beside the chat, which can be used without them: fetched after it. */
export function Inspector(props: InspectorProps) {
  return (
    <Suspense fallback={null}>
      <Loaded {...props} />
    </Suspense>
  );
}
