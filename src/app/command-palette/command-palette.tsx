import { lazy, Suspense, useRef } from 'react';
import type { CommandPaletteProps } from './palette.tsx';

const Palette = lazy(() => import('./palette.tsx').then(({ Palette: load }) => ({ default: load })));

/** The palette; its library is fetched when it is first opened. */
export function CommandPalette(props: CommandPaletteProps) {
  const wasOpened = useRef(false);
  wasOpened.current ||= props.open;
  if (!wasOpened.current) return null;
  return (
    <Suspense fallback={null}>
      <Palette {...props} />
    </Suspense>
  );
}
