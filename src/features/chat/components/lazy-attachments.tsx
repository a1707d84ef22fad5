import { lazy, Suspense } from 'react';
import { usePainted } from '#ui/use-painted.ts';
import type { PictureActions } from './attachments.tsx';

const parts = () => import('./attachments.tsx');
const Button = lazy(() => parts().then(({ AttachButton: load }) => ({ default: load })));
const List = lazy(() => parts().then(({ Attachments: load }) => ({ default: load })));

/** A question can be typed without it: its code comes when the page was painted. */
export function AttachButton(props: Pick<PictureActions, 'onFiles'>) {
  return usePainted() ? (
    <Suspense fallback={null}>
      <Button {...props} />
    </Suspense>
  ) : null;
}

export function Attachments(props: PictureActions) {
  const { images, attachingCount, refused } = props;
  if (images.length + attachingCount + refused.length === 0) return null;
  return (
    <Suspense fallback={null}>
      <List {...props} />
    </Suspense>
  );
}
