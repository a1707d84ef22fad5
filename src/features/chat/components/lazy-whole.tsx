import { lazy, Suspense } from 'react';
import type { WholeActions } from './whole.tsx';

// Few chats are about a whole document: what these draw is fetched with the first of them.
const parts = () => import('./whole.tsx');
const Chip = lazy(() => parts().then(({ WholeChip: load }) => ({ default: load })));
const Reading = lazy(() => parts().then(({ WholeReading: load }) => ({ default: load })));
const Picker = lazy(() => parts().then(({ WholePicker: load }) => ({ default: load })));

/** Names the document and takes it off; above it, how far it is read. */
export function WholeChip(props: WholeActions) {
  return (
    <Suspense fallback={null}>
      <Chip {...props} />
    </Suspense>
  );
}

export function WholeReading(props: WholeActions) {
  if (!props.isOn) return null;
  return (
    <Suspense fallback={null}>
      <Reading {...props} />
    </Suspense>
  );
}

export function WholePicker(props: WholeActions) {
  return (
    <Suspense fallback={null}>
      <Picker {...props} />
    </Suspense>
  );
}
