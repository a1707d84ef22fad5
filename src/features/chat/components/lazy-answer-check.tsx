import { lazy, Suspense } from 'react';
import type { AnswerCheckProps } from './answer-check.tsx';

const Loaded = lazy(() => import('./answer-check.tsx').then(({ AnswerCheck: load }) => ({ default: load })));

/** The table of an answer's sentences; fetched when one is checked. */
export function AnswerCheck(props: AnswerCheckProps) {
  return (
    <Suspense fallback={null}>
      <Loaded {...props} />
    </Suspense>
  );
}
