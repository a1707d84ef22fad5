import { Popover as Base } from '@base-ui/react/popover';
import type { ReactElement, ReactNode } from 'react';
import { classNames } from './class-names.ts';
import styles from './floating.module.css';

export interface PopoverProps {
  readonly trigger: ReactElement;
  readonly children: ReactNode;
  readonly openOnHover?: boolean;
  readonly open?: boolean;
  readonly onOpenChange?: (open: boolean) => void;
  readonly className?: string;
  /** Accessible name of the popup. */
  readonly label?: string;
}

export function Popover({
  trigger,
  children,
  openOnHover = false,
  open,
  onOpenChange,
  className,
  label,
}: PopoverProps) {
  return (
    <Base.Root
      {...(open === undefined ? {} : { open })}
      {...(onOpenChange ? { onOpenChange: (next: boolean) => onOpenChange(next) } : {})}
    >
      <Base.Trigger render={trigger} openOnHover={openOnHover} delay={200} />
      <Base.Portal>
        <Base.Positioner sideOffset={6} className={styles.positioner} collisionPadding={12}>
          <Base.Popup
            className={classNames(styles.popup, styles.popover, className)}
            {...(label ? { 'aria-label': label } : {})}
          >
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
