import { Popover as Base } from '@base-ui/react/popover';
import { useState } from 'react';
import { classNames } from '../class-names.ts';
import styles from './floating.module.css';
import type { PopoverProps } from './props.ts';

export function Popover({
  trigger,
  children,
  openOnHover = false,
  pressCloses = false,
  open,
  onOpenChange,
  className,
  label,
  isOpenAtFirst,
}: PopoverProps & { readonly isOpenAtFirst: boolean }) {
  const [isShown, setShown] = useState(isOpenAtFirst);
  return (
    <Base.Root
      open={open ?? isShown}
      onOpenChange={(next) => {
        setShown(next);
        onOpenChange?.(next);
      }}
    >
      <Base.Trigger
        render={trigger}
        openOnHover={openOnHover}
        delay={200}
        {...(pressCloses
          ? {
              onClick: (event) => {
                event.preventBaseUIHandler();
                setShown(false);
              },
            }
          : {})}
      />
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
