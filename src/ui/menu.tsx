import { useState } from 'react';
import { EarlyTrigger } from './floating/early-trigger.tsx';
import { useFloatingParts } from './floating/load-parts.ts';
import type { MenuProps } from './floating/props.ts';

export type { MenuProps };

export function Menu(props: MenuProps) {
  const parts = useFloatingParts();
  const [isAsked, setAsked] = useState(false);
  if (parts) return <parts.Menu {...props} isOpenAtFirst={isAsked} />;
  return <EarlyTrigger trigger={props.trigger} onAsk={() => setAsked(true)} />;
}
