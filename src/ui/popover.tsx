import { useState } from 'react';
import { EarlyTrigger } from './floating/early-trigger.tsx';
import { useFloatingParts } from './floating/load-parts.ts';
import type { PopoverProps } from './floating/props.ts';

export type { PopoverProps };

export function Popover(props: PopoverProps) {
  const parts = useFloatingParts();
  const [isAsked, setAsked] = useState(false);
  if (parts) return <parts.Popover {...props} isOpenAtFirst={isAsked && !props.openOnHover} />;
  const ask = (): void => {
    setAsked(true);
    props.onOpenChange?.(true);
  };
  return <EarlyTrigger trigger={props.trigger} onAsk={ask} />;
}
