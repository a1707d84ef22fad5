import { isLoopback } from '#shared/egress.ts';

/** A server that the user added, by its address. */
interface Server {
  readonly id: string;
  readonly label: string;
  readonly address: string;
}

/** What the browser lets this page reach, by what it is for. */
export interface Reach {
  readonly hub: readonly string[];
  readonly loopback: readonly string[];
  /** Named by whoever started the server. */
  readonly named: readonly string[];
  /** Added by the user, but not in the list: the browser refuses it. */
  readonly refused: readonly Server[];
}

const HUB_HOST = /(?:^|\.)(?:huggingface\.co|hf\.co|raw\.githubusercontent\.com)$/;

/** `scheme://host:port` of a Content Security Policy, where host may begin with `*.` and port may be `*`. */
function partsOf(source: string): { scheme: string; host: string; port: string } | undefined {
  const [, scheme = '', host = '', port = ''] = /^(https?):\/\/([^/:]+)(?::(\d+|\*))?/.exec(source) ?? [];
  return host === '' ? undefined : { scheme, host, port };
}

function allows(source: string, address: URL): boolean {
  const parts = partsOf(source);
  if (parts === undefined || `${parts.scheme}:` !== address.protocol) return false;
  const isHost = parts.host.startsWith('*.')
    ? address.hostname.endsWith(parts.host.slice(1))
    : address.hostname === parts.host;
  return isHost && (parts.port === '*' || parts.port === address.port);
}

function isLoopbackSource(source: string): boolean {
  const parts = partsOf(source);
  return parts !== undefined && isLoopback(new URL(`${parts.scheme}://${parts.host}`));
}

/** Reads `connect-src` of the policy that came with the page; undefined when it has none. */
export function reachOf(policy: string, origin: string, servers: readonly Server[]): Reach | undefined {
  const directive = policy
    .split(';')
    .map((part) => part.trim().split(/\s+/))
    .find(([name]) => name === 'connect-src');
  if (directive === undefined) return undefined;
  const sources = directive.slice(1).filter((source) => partsOf(source) !== undefined);
  const hub = sources.filter((source) => HUB_HOST.test(partsOf(source)?.host ?? ''));
  const loopback = sources.filter(isLoopbackSource);
  return {
    hub,
    loopback,
    named: sources.filter((source) => !hub.includes(source) && !loopback.includes(source)),
    refused: servers.filter(({ address }) => {
      const url = new URL(address);
      return url.origin !== origin && !sources.some((source) => allows(source, url));
    }),
  };
}

/** The host without what every reader knows: scheme and “any port”. */
export const shortSource = (source: string): string => source.replace(/^https?:\/\//, '').replace(/:\*$/, '');
