import { Dialog as Base } from '@base-ui/react/dialog';
import type { ReactNode } from 'react';
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

/** A dialog without a frame, near the top of the page: for what brings its own head, as the palette does. */
export function BareDialog({ label, open, onOpenChange, onClosed, children, className }: BareDialogProps) {
  return (
    <Base.Root
      open={open}
      onOpenChange={(next) => onOpenChange(next)}
      onOpenChangeComplete={(next) => (next ? undefined : onClosed?.())}
    >
      <Base.Portal>
        <Base.Backdrop className={styles.backdrop} />
        <Base.Popup className={classNames(styles.popup, styles.bare, className)} aria-label={label}>
          {children}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
