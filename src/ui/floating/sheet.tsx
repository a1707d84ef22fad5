import { Dialog as Base } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import { useRef } from 'react';
import styles from '../dialog.module.css';
import { firstFocus } from '../first-focus.ts';
import button from '../icon-button.module.css';
import { VisuallyHidden } from '../visually-hidden.tsx';
import type { SheetProps } from './props.ts';

export function Sheet({ open, onOpenChange, title, hasOwnHead = false, children }: SheetProps) {
  const popup = useRef<HTMLDivElement>(null);
  return (
    <Base.Root open={open} onOpenChange={(next) => onOpenChange(next)}>
      <Base.Portal>
        <Base.Backdrop className={styles.backdrop} />
        <Base.Popup
          ref={popup}
          initialFocus={() => firstFocus(popup.current, hasOwnHead ? 'header' : undefined)}
          className={styles.sheet}
          data-own-head={hasOwnHead || undefined}
        >
          {hasOwnHead ? (
            <VisuallyHidden>
              <Base.Title>{title}</Base.Title>
            </VisuallyHidden>
          ) : (
            <header className={styles.header}>
              <Base.Title className={styles.title}>{title}</Base.Title>
              <Base.Close className={button.button} aria-label="Close">
                <X aria-hidden />
              </Base.Close>
            </header>
          )}
          <div className={styles.sheetBody} data-focus-first>
            {children}
          </div>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
