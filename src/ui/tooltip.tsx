import { useFloatingParts } from './floating/load-parts.ts';
import type { TooltipProps } from './floating/props.ts';

export type { TooltipProps };

/** A name or a short hint on hover and focus. The trigger must carry its own accessible name. */
export function Tooltip(props: TooltipProps) {
  const parts = useFloatingParts();
  return parts ? <parts.Tooltip {...props} /> : props.children;
}
