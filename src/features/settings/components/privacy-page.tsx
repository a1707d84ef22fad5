import { useSyncExternalStore } from 'react';
import type { EgressLog } from '#shared/egress.ts';
import { Badge } from '#ui/badge.tsx';
import { formatRelativeTime } from '#ui/format.ts';
import styles from '../settings.module.css';
import { ReachSection } from './reach-section.tsx';
import { Section } from './section.tsx';

export interface AddedServer {
  readonly id: string;
  readonly label: string;
  readonly address: string;
  readonly leavesDevice: boolean;
}

export interface PrivacyPageProps {
  readonly egress: EgressLog;
  /** Servers that the user added: what is asked there is read there. */
  readonly servers: readonly AddedServer[];
  /** The Content Security Policy that came with this page; '' = none. */
  readonly readPolicy: () => Promise<string>;
}

const Where = ({ leavesDevice }: { readonly leavesDevice: boolean }) =>
  leavesDevice ? <Badge tone="leaves">Leaves this device</Badge> : <Badge tone="local">This machine</Badge>;

export function PrivacyPage({ egress, servers, readPolicy }: PrivacyPageProps) {
  const records = useSyncExternalStore(egress.subscribe, egress.records);
  return (
    <>
      <Section
        title="Privacy"
        isTitleHidden
        text="Models run in this browser. Chats, documents and what is made from them are stored here and go nowhere: there is no account, no statistics and no server of ours."
      />
      <Section
        title="Servers you added"
        text={
          servers.length === 0
            ? 'None. Everything is answered on this machine.'
            : 'A question that is answered by a server is sent to it, with the passages that belong to it.'
        }
      >
        {servers.length === 0 ? null : (
          <ul className={styles.rows}>
            {servers.map(({ id, label, address, leavesDevice }) => (
              <li key={id} className={styles.row}>
                <span className={styles.rowText}>
                  {label}
                  <code>{address}</code>
                </span>
                <Where leavesDevice={leavesDevice} />
              </li>
            ))}
          </ul>
        )}
      </Section>
      <Section
        title="Requests since this page was opened"
        text={records.length === 0 ? 'None has left this page.' : undefined}
      >
        {records.length === 0 ? null : (
          <ul className={styles.rows} aria-label="Requests">
            {records.map((record) => (
              <li key={`${record.startedAt}-${record.url}`} className={styles.row}>
                <span className={styles.rowText}>
                  {record.purpose} · {formatRelativeTime(record.startedAt)}
                  <code>{record.url}</code>
                </span>
                <Where leavesDevice={record.leavesDevice} />
              </li>
            ))}
          </ul>
        )}
      </Section>
      <ReachSection readPolicy={readPolicy} servers={servers} />
    </>
  );
}
