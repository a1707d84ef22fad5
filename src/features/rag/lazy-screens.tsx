import { lazy, Suspense } from 'react';
import type { DocumentViewerProps } from './components/document-viewer.tsx';
import type { LibraryScreenProps } from './library-screen.tsx';

// The controller is small and starts with the page; what draws documents is fetched when one is to be seen.
const Screen = lazy(() =>
  import('./library-screen.tsx').then(({ LibraryScreen: load }) => ({ default: load })),
);
const Viewer = lazy(() =>
  import('./components/document-viewer.tsx').then(({ DocumentViewer: load }) => ({ default: load })),
);

/** Collections, documents and their passages. */
export function LibraryScreen(props: LibraryScreenProps) {
  return (
    <Suspense fallback={null}>
      <Screen {...props} />
    </Suspense>
  );
}

/** A document as it looks, as its text, and as its chunks, with a cited span marked and in view. */
export function DocumentViewer(props: DocumentViewerProps) {
  return (
    <Suspense fallback={null}>
      <Viewer {...props} />
    </Suspense>
  );
}
