import { lazy, Suspense } from 'react';
import type { SettingsScreenProps } from './settings-screen.tsx';

// Settings are read at the start; the screen is fetched when it is to be seen.
const Screen = lazy(() =>
  import('./settings-screen.tsx').then(({ SettingsScreen: load }) => ({ default: load })),
);

export function SettingsScreen(props: SettingsScreenProps) {
  return (
    <Suspense fallback={null}>
      <Screen {...props} />
    </Suspense>
  );
}
