import { Tooltip as Base } from '@base-ui/react/tooltip';
import { useState } from 'react';
import styles from './floating.module.css';
import type { TooltipProps } from './props.ts';

export function Tooltip({ label, children }: TooltipProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <Base.Root
      open={isOpen}
      onOpenChange={(open, details) => {
        // Escape closes the hint and goes on to what it was meant for: the dialog around it, an answer to stop.
        if (details.reason === 'escape-key') {
          details.cancel();
          details.allowPropagation();
        }
        setOpen(open);
      }}
    >
      <Base.Trigger render={children} />
      <Base.Portal>
        <Base.Positioner sideOffset={6} className={styles.positioner}>
          <Base.Popup className={styles.tooltip}>{label}</Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
