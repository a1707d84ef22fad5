import { lazy, Suspense } from 'react';
import { useStore } from 'zustand';
import type { FirstVisitProps } from './components/first-visit.tsx';
import type { ModelSwitcherProps } from './components/model-switcher.tsx';
import type { ModelsController } from './models-controller.ts';
import type { ModelsScreenProps } from './models-screen.tsx';

// The controller and the switcher start with the page; the rest is fetched when it is to be seen.
const Screen = lazy(() =>
  import('./models-screen.tsx').then(({ ModelsScreen: load }) => ({ default: load })),
);
const Visit = lazy(() =>
  import('./components/first-visit.tsx').then(({ FirstVisit: load }) => ({ default: load })),
);
const Question = lazy(() =>
  import('./components/step-down-dialog.tsx').then(({ StepDownDialog: load }) => ({ default: load })),
);
const Sighted = lazy(() =>
  import('./components/model-menu.tsx').then(({ SightedModels: load }) => ({ default: load })),
);

/** Models that see pictures; fetched when a picture meets one that does not. */
export function SightedModels(props: ModelSwitcherProps) {
  return (
    <Suspense fallback={null}>
      <Sighted {...props} />
    </Suspense>
  );
}

/** Models: what suits this machine, what is here, and all others. */
export function ModelsScreen(props: ModelsScreenProps) {
  return (
    <Suspense fallback={null}>
      <Screen {...props} />
    </Suspense>
  );
}

/** Stands once in the page, on every screen: a load that failed asks here before it tries anything smaller. */
export function StepDownDialog({ controller }: { readonly controller: ModelsController }) {
  const isAsked = useStore(controller.store, ({ stepDown }) => stepDown !== undefined);
  return isAsked ? (
    <Suspense fallback={null}>
      <Question controller={controller} />
    </Suspense>
  ) : null;
}

/** What an empty chat shows while no model is ready: the composer does not wait for it. */
export function FirstVisit(props: FirstVisitProps) {
  // It has nothing to say before the shelf was looked at, and is not fetched before the question can be typed.
  const isLoaded = useStore(props.controller.store, (state) => state.isLoaded);
  if (!isLoaded) return null;
  return (
    <Suspense fallback={null}>
      <Visit {...props} />
    </Suspense>
  );
}
