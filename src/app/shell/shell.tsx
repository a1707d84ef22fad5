import { Command as CommandIcon, Settings } from 'lucide-react';
import type { ReactElement, ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import type { EgressLog } from '#shared/egress.ts';
import { classNames } from '#ui/class-names.ts';
import { IconButton } from '#ui/icon-button.tsx';
import { Toaster } from '#ui/toast.tsx';
import { Tooltip } from '#ui/tooltip.tsx';
import { Light } from './light.tsx';
import styles from './shell.module.css';

export interface Place {
  readonly path: string;
  readonly label: string;
  readonly icon: ReactElement;
}

export interface ShellProps {
  readonly places: readonly Place[];
  readonly egress: EgressLog;
  readonly onOpenPalette: () => void;
  /** The thin line at the top and the tray that opens from it. */
  readonly activity: ReactNode;
  /** Messages that concern the whole page: a new version, storage that was closed. */
  readonly banner?: ReactNode;
  readonly children: ReactNode;
}

function RailLink({ path, label, icon }: Place) {
  const [location] = useLocation();
  const isCurrent = location === path || location.startsWith(`${path}/`);
  return (
    <Tooltip label={label}>
      <Link
        href={path}
        className={classNames(styles.link)}
        aria-label={label}
        {...(isCurrent ? { 'aria-current': 'page' as const } : {})}
      >
        {icon}
        <span className={styles.linkLabel} aria-hidden>
          {label}
        </span>
      </Link>
    </Tooltip>
  );
}

/** The frame around every screen: the rail, the light, the activity line. Under 720 px the rail is a bottom bar. */
export function Shell({ places, egress, onOpenPalette, activity, banner, children }: ShellProps) {
  return (
    <div className={styles.shell}>
      {activity}
      <nav className={styles.rail} aria-label="Places">
        <div className={styles.places}>
          {places.map((place) => (
            <RailLink key={place.path} {...place} />
          ))}
        </div>
        <div className={styles.foot}>
          <IconButton
            label="Commands"
            icon={<CommandIcon />}
            className={styles.desktopOnly ?? ''}
            onClick={onOpenPalette}
          />
          <RailLink path="/settings" label="Settings" icon={<Settings />} />
          <Light egress={egress} />
        </div>
      </nav>
      <main className={styles.main}>
        {banner}
        {children}
      </main>
      <Toaster />
    </div>
  );
}
