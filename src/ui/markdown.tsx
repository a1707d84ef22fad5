import { lazy, Suspense } from 'react';
import styles from './markdown.module.css';
import type { MarkdownInnerProps } from './markdown-inner.tsx';

const Inner = lazy(() =>
  import('./markdown-inner.tsx').then((module) => ({ default: module.MarkdownInner })),
);

export type { SentenceMark } from './markdown-plugins.ts';

/**
 * Model output. Raw HTML is text, remote pictures are not requested, links ask first. Until the renderer has arrived the
 * source is shown: words are never late.
 */
export function Markdown(props: MarkdownInnerProps) {
  return (
    <Suspense fallback={<div className={styles.plain}>{props.text}</div>}>
      <Inner {...props} />
    </Suspense>
  );
}
