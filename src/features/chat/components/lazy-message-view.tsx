import { lazy, Suspense } from 'react';
import type { MessageViewProps } from './message-view.tsx';

const load = () => import('./message-view.tsx');
const Loaded = lazy(() => load().then(({ MessageView: loaded }) => ({ default: loaded })));

/** A question can be written before anything that shows answers is here: that is fetched beside it. */
export function MessageView(props: MessageViewProps) {
  return (
    <Suspense fallback={null}>
      <Loaded {...props} />
    </Suspense>
  );
}
