import { useEffect, useState } from 'react';
import { type Reach, reachOf, remedyFor, shortSource } from '../reach.ts';
import styles from '../settings.module.css';
import type { AddedServer } from './privacy-page.tsx';
import { Section } from './section.tsx';

/** undefined = not read yet, or it cannot be read. */
function usePolicy(readPolicy: () => Promise<string>): string | undefined {
  const [policy, setPolicy] = useState<string>();
  useEffect(() => {
    let isShown = true;
    readPolicy().then(
      (read) => isShown && setPolicy(read),
      () => {}, // without a network and a kept copy: nothing is claimed
    );
    return () => {
      isShown = false;
    };
  }, [readPolicy]);
  return policy;
}

const listed = (sources: readonly string[]): string => sources.map(shortSource).join(', ');

function Rows({ reach, servers }: { readonly reach: Reach; readonly servers: readonly AddedServer[] }) {
  const here = servers.filter(({ leavesDevice }) => !leavesDevice).map(({ label }) => label);
  const elsewhere = servers.filter(
    ({ id, leavesDevice }) => leavesDevice && !reach.refused.some((other) => other.id === id),
  );
  return (
    <dl className={styles.facts}>
      <dt>{location.host}</dt>
      <dd>Where this page comes from: its own files and models that lie beside them</dd>
      {reach.hub.length > 0 ? (
        <>
          <dt>{listed(reach.hub)}</dt>
          <dd>Where models are downloaded, when you press Download</dd>
        </>
      ) : null}
      {reach.loopback.length > 0 ? (
        <>
          <dt>{listed(reach.loopback)}</dt>
          <dd>
            Model servers on this machine.{' '}
            {here.length > 0 ? `You added: ${here.join(', ')}.` : 'You added none.'}
          </dd>
        </>
      ) : null}
      <dt>{reach.named.length > 0 ? listed(reach.named) : 'No other address'}</dt>
      <dd>
        {reach.named.length > 0 ? (
          <>
            Named with <code>--connect</code> by whoever runs this server.{' '}
            {elsewhere.length > 0
              ? `You added: ${elsewhere.map(({ label }) => label).join(', ')}.`
              : 'You added no model server there.'}
          </>
        ) : (
          <>
            Whoever runs this server can name some with <code>--connect</code>
          </>
        )}
      </dd>
    </dl>
  );
}

const NO_LIST =
  'This server sends no list of addresses with the page, so the browser refuses none: only the page’s own code decides. docs/deploy.md says which header is missing.';
const CLOSED =
  'The server sends this list with the page, and the browser refuses every other address, whatever a model writes or a library does.';

/** What the list says about addresses that are not in it. */
function claimOf(reach: Reach | undefined): string {
  if (reach === undefined) return NO_LIST;
  if (reach.open.length === 0) return CLOSED;
  return `The list that the server sends with the page leaves every host open (${reach.open.join(', ')}), so only the page’s own code decides. docs/deploy.md has a list that is closed.`;
}

function Refused({ label, address }: { readonly label: string; readonly address: string }) {
  const remedy = remedyFor(address);
  return (
    <p className={styles.refused} role="status">
      “{label}” cannot be reached:{' '}
      {'connect' in remedy ? (
        <>
          the list lacks {remedy.connect}. Start this server with <code>--connect {remedy.connect}</code>.
        </>
      ) : (
        <>a list cannot name an IPv6 address. Add the server by {remedy.instead}.</>
      )}
    </p>
  );
}

/** What the browser lets this page talk to, read from the policy that came with it (docs/decisions/2026-11-24-connect-src.md). */
export function ReachSection({
  readPolicy,
  servers,
}: {
  readonly readPolicy: () => Promise<string>;
  readonly servers: readonly AddedServer[];
}) {
  const policy = usePolicy(readPolicy);
  if (policy === undefined) return null;
  const reach = reachOf(policy, location.origin, servers);
  return (
    <Section title="What this page may talk to" text={claimOf(reach)}>
      {reach && reach.open.length === 0 ? <Rows reach={reach} servers={servers} /> : null}
      {reach?.refused.map(({ id, ...server }) => (
        <Refused key={id} {...server} />
      ))}
    </Section>
  );
}
