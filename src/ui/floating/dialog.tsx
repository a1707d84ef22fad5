import { Dialog as Base } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import { useRef } from 'react';
import { classNames } from '../class-names.ts';
import styles from '../dialog.module.css';
import { firstFocus } from '../first-focus.ts';
import button from '../icon-button.module.css';
import type { DialogProps } from './props.ts';

export function Dialog({ title, description, open, onOpenChange, children, footer, isWide }: DialogProps) {
  const popup = useRef<HTMLDivElement>(null);
  return (
    <Base.Root open={open} onOpenChange={(next) => onOpenChange(next)}>
      <Base.Portal>
        <Base.Backdrop className={styles.backdrop} />
        <Base.Popup
          ref={popup}
          initialFocus={() => firstFocus(popup.current)}
          className={classNames(styles.popup, isWide && styles.wide)}
        >
          <header className={styles.header}>
            <Base.Title className={styles.title}>{title}</Base.Title>
            <Base.Close className={button.button} aria-label="Close">
              <X aria-hidden />
            </Base.Close>
          </header>
          {description ? (
            <Base.Description className={styles.description}>{description}</Base.Description>
          ) : null}
          {children ? (
            <div className={styles.body} data-focus-first>
              {children}
            </div>
          ) : null}
          {footer ? (
            <footer className={styles.footer} data-focus-first>
              {footer}
            </footer>
          ) : null}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
