import { useSyncExternalStore } from 'react';
import { Button } from './button.tsx';
import styles from './toast.module.css';

export interface ToastOptions {
  readonly message: string;
  readonly action?: { readonly label: string; readonly onSelect: () => void };
  readonly tone?: 'neutral' | 'danger';
  readonly timeoutMs?: number;
  /** Called once when it goes without its action: the time for undo is over. */
  readonly onGone?: () => void;
}

interface Shown extends ToastOptions {
  readonly id: number;
}

const SHOWN_AT_ONCE = 3;

let shown: readonly Shown[] = [];
let nextId = 0;
const listeners = new Set<() => void>();

function setShown(next: readonly Shown[]): void {
  shown = next;
  for (const listener of listeners) listener();
}

function close(id: number, isUsed: boolean): void {
  const entry = shown.find((other) => other.id === id);
  if (entry === undefined) return;
  setShown(shown.filter((other) => other.id !== id));
  if (!isUsed) entry.onGone?.();
}

/** Says something at the foot of the page, with at most one action (undo). Returns a function that removes it. */
export function toast(options: ToastOptions): () => void {
  const id = nextId++;
  const all = [...shown, { ...options, id }];
  setShown(all.slice(-SHOWN_AT_ONCE));
  // What is pushed out can no longer be undone: it has gone like any other.
  for (const entry of all.slice(0, -SHOWN_AT_ONCE)) entry.onGone?.();
  setTimeout(() => close(id, false), options.timeoutMs ?? (options.action ? 8000 : 4000));
  return () => close(id, true);
}

export function Toaster() {
  const entries = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => shown,
  );
  return (
    <section className={styles.region} aria-live="polite" aria-label="Messages">
      {entries.map(({ id, message, action, tone }) => (
        <div key={id} className={styles.toast} data-tone={tone}>
          <span>{message}</span>
          {action ? (
            <Button
              size="small"
              variant="quiet"
              className={styles.action ?? ''}
              onClick={() => {
                action.onSelect();
                close(id, true);
              }}
            >
              {action.label}
            </Button>
          ) : null}
        </div>
      ))}
    </section>
  );
}
