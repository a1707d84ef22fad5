import { lazy, Suspense } from 'react';
import type { ImageRecord } from '#core/ports/image-records.ts';
import type { CaptionLessons as Lessons } from '../caption-lessons.ts';

const CaptionLessons = lazy(() =>
  import('./caption-lessons.tsx').then(({ CaptionLessons: load }) => ({ default: load })),
);

/** Its code comes when the view is first opened. */
export function LazyCaptionLessons(props: {
  readonly lessons: Lessons;
  readonly images: readonly ImageRecord[];
}) {
  return (
    <Suspense fallback={null}>
      <CaptionLessons {...props} />
    </Suspense>
  );
}
