import { useSyncExternalStore } from 'react';
import type { EgressLog } from '#shared/egress.ts';
import { formatRelativeTime } from '#ui/format.ts';
import { Popover } from '#ui/popover.tsx';
import styles from './shell.module.css';

/** Green: everything happens here. Amber while a request is on its way out. The list says what, where to and why. */
export function Light({ egress }: { readonly egress: EgressLog }) {
  const active = useSyncExternalStore(egress.subscribe, egress.active);
  const records = useSyncExternalStore(egress.subscribe, egress.records);
  const label = active > 0 ? 'Leaving this device now' : 'On this device';
  return (
    <Popover
      label="What left this page"
      trigger={
        <button type="button" className={styles.light} data-leaves={active > 0} aria-label={label}>
          <span className={styles.dot} />
        </button>
      }
    >
      <h2 className={styles.lightTitle}>{label}</h2>
      <p className={styles.lightText}>
        {records.length === 0
          ? 'Models, documents and chats stay in this browser. Nothing has left this page since it was opened.'
          : 'Every request to another address since this page was opened:'}
      </p>
      <ul className={styles.requests}>
        {records.map((record) => (
          <li key={`${record.startedAt}-${record.url}`}>
            <span className={styles.requestPurpose}>
              {record.purpose}
              {record.leavesDevice ? '' : ' · this machine'} · {formatRelativeTime(record.startedAt)}
            </span>
            <code>{record.url}</code>
          </li>
        ))}
      </ul>
    </Popover>
  );
}
