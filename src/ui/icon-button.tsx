import type { ComponentProps, ReactElement } from 'react';
import { classNames } from './class-names.ts';
import styles from './icon-button.module.css';
import { Tooltip } from './tooltip.tsx';

export interface IconButtonProps extends Omit<ComponentProps<'button'>, 'children'> {
  /** Name for everyone: tooltip and accessible name. */
  readonly label: string;
  readonly icon: ReactElement;
  readonly pressed?: boolean;
}

export function IconButton({ label, icon, pressed, className, ...rest }: IconButtonProps) {
  return (
    <Tooltip label={label}>
      <button
        type="button"
        aria-label={label}
        {...(pressed === undefined ? {} : { 'aria-pressed': pressed })}
        className={classNames(styles.button, className)}
        {...rest}
      >
        {icon}
      </button>
    </Tooltip>
  );
}
