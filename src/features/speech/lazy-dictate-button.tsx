import { lazy, Suspense } from 'react';
import type { DictateButtonProps } from './dictate-button.tsx';

const Button = lazy(() =>
  import('./dictate-button.tsx').then(({ DictateButton: load }) => ({ default: load })),
);

/** Speaks into a text box, where the browser has microphones. */
export function DictateButton(props: DictateButtonProps) {
  if (!navigator.mediaDevices) return null;
  return (
    <Suspense fallback={null}>
      <Button {...props} />
    </Suspense>
  );
}
