import { lazy, Suspense } from 'react';
import { usePainted } from '#ui/use-painted.ts';
import type { DictateButtonProps } from './dictate-button.tsx';

const Button = lazy(() =>
  import('./dictate-button.tsx').then(({ DictateButton: load }) => ({ default: load })),
);

/** Speaks into a text box, where the browser has microphones. */
export function DictateButton(props: DictateButtonProps) {
  // A question can be typed without it: its code comes when the page was painted.
  const isPainted = usePainted();
  if (!navigator.mediaDevices || !isPainted) return null;
  return (
    <Suspense fallback={null}>
      <Button {...props} />
    </Suspense>
  );
}
