import { Button } from '#ui/button.tsx';
import styles from './start-notice.module.css';

export interface StartNoticeProps {
  readonly title: string;
  readonly text: string;
  readonly code?: string;
}

/** Stands where the app would be, while it waits or when it cannot start. */
export function StartNotice({ title, text, code }: StartNoticeProps) {
  return (
    <main className={styles.place} role={code === undefined ? 'status' : 'alert'} data-code={code}>
      <h1 className={styles.title}>{title}</h1>
      <p className={styles.text}>{text}</p>
      <Button onClick={() => location.reload()}>Try again</Button>
    </main>
  );
}
