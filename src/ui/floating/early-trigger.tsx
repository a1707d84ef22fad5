import { cloneElement, type MouseEvent, type ReactElement } from 'react';
import { loadFloatingParts } from './load-parts.ts';

interface TriggerProps {
  readonly onClick?: (event: MouseEvent<HTMLElement>) => void;
}

export interface EarlyTriggerProps {
  readonly trigger: ReactElement;
  /** It was pressed before what it opens was here: open that as soon as it is. */
  readonly onAsk: () => void;
}

/** A trigger as it looks, before what it opens is here. No click is lost. */
export function EarlyTrigger({ trigger, onAsk }: EarlyTriggerProps) {
  const { onClick } = trigger.props as TriggerProps;
  return cloneElement(trigger as ReactElement<Record<string, unknown>>, {
    onPointerEnter: loadFloatingParts,
    onFocus: loadFloatingParts,
    onClick: (event: MouseEvent<HTMLElement>) => {
      onClick?.(event);
      onAsk();
      loadFloatingParts();
    },
  });
}
