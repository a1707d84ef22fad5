import type { ReactNode } from 'react';
import { VisuallyHidden } from '#ui/visually-hidden.tsx';
import styles from '../settings.module.css';

/** A titled part of a page of settings. */
export function Section({
  title,
  text,
  isTitleHidden = false,
  children,
}: {
  readonly title: string;
  readonly text?: ReactNode;
  /** The toolbar already says it. */
  readonly isTitleHidden?: boolean;
  readonly children?: ReactNode;
}) {
  return (
    <section className={styles.section} aria-label={title}>
      {isTitleHidden ? (
        <VisuallyHidden>
          <h2>{title}</h2>
        </VisuallyHidden>
      ) : (
        <h2 className={styles.sectionTitle}>{title}</h2>
      )}
      {text ? <p className={styles.text}>{text}</p> : null}
      {children}
    </section>
  );
}
