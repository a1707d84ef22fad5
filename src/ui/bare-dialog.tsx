import { Dialog as Base } from '@base-ui/react/dialog';
import { type ReactNode, useEffect, useRef } from 'react';
import { classNames } from './class-names.ts';
import styles from './dialog.module.css';

export interface BareDialogProps {
  /** Accessible name: it has no title bar. */
  readonly label: string;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  /** It is gone and the focus is back where it was. */
  readonly onClosed?: () => void;
  readonly children: ReactNode;
  readonly className?: string;
}

/** Tells when it leaves the page. The focus goes back in a microtask of that moment: a task later it is in place. */
function Departure({ onGone }: { readonly onGone: () => void }) {
  const latest = useRef(onGone);
  latest.current = onGone;
  useEffect(() => () => void setTimeout(() => latest.current(), 0), []);
  return null;
}

/** A dialog without a frame, near the top of the page: for what brings its own head, as the palette does. */
export function BareDialog({ label, open, onOpenChange, onClosed, children, className }: BareDialogProps) {
  return (
    <Base.Root open={open} onOpenChange={(next) => onOpenChange(next)}>
      <Base.Portal>
        <Base.Backdrop className={styles.backdrop} />
        <Base.Popup className={classNames(styles.popup, styles.bare, className)} aria-label={label}>
          {children}
          {onClosed ? <Departure onGone={onClosed} /> : null}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
