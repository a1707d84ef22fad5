import { isLoopback } from '#shared/egress.ts';
import { isOpen, type Policy, parsePolicies, parseSource, policyAllows } from './content-policy.ts';

/** A server that the user added, by its address. */
interface Server {
  readonly id: string;
  readonly label: string;
  readonly address: string;
}

/** What the browser lets this page reach, by what it is for. */
export interface Reach {
  /** Sources that name no host (`*`, `https:`): with one of them the list closes nothing. */
  readonly open: readonly string[];
  readonly hub: readonly string[];
  readonly loopback: readonly string[];
  /** Named by whoever started the server. */
  readonly named: readonly string[];
  /** Added by the user, but not in the list: the browser refuses it. */
  readonly refused: readonly Server[];
}

const HUB_HOST = /(?:^|\.)(?:huggingface\.co|hf\.co|raw\.githubusercontent\.com)$/;

const hostOf = (source: string): string => parseSource(source)?.host ?? '';

function isLoopbackHost(host: string): boolean {
  const address = `http://${host}`;
  return URL.canParse(address) && isLoopback(new URL(address));
}

/** Each policy closes more: what the page reaches is in the list of every one, so the narrowest says it best. */
function narrowest(policies: readonly Policy[]): readonly string[] {
  const lists = policies.map(({ all }) => all);
  return lists.reduce((a, b) => {
    const [openA, openB] = [a.filter(isOpen).length, b.filter(isOpen).length];
    return openB < openA || (openB === openA && b.length < a.length) ? b : a;
  });
}

/** Reads the policy that came with the page; undefined when it says nothing about where the page connects to. */
export function reachOf(policy: string, origin: string, servers: readonly Server[]): Reach | undefined {
  const policies = parsePolicies(policy);
  if (policies.length === 0) return undefined;
  const sources = narrowest(policies);
  const hosts = sources.filter((source) => !isOpen(source));
  const hub = hosts.filter((source) => HUB_HOST.test(hostOf(source)));
  const loopback = hosts.filter((source) => isLoopbackHost(hostOf(source)));
  return {
    open: sources.filter(isOpen),
    hub,
    loopback,
    named: hosts.filter((source) => !hub.includes(source) && !loopback.includes(source)),
    refused: servers.filter(({ address }) => {
      const url = new URL(address);
      return url.origin !== origin && !policies.every(({ connect }) => policyAllows(connect, url, origin));
    }),
  };
}

/** The host without what every reader knows: scheme and “any port”. */
export const shortSource = (source: string): string =>
  source.replace(/^(?:https?|wss?):\/\//i, '').replace(/:\*$/, '');

/** What makes a refused server reachable. A list cannot hold an IPv6 address: browsers skip it (Chromium 2026-11). */
export function remedyFor(address: string): { readonly connect: string } | { readonly instead: string } {
  const url = new URL(address);
  if (!url.hostname.startsWith('[')) return { connect: url.origin };
  if (!isLoopback(url)) return { instead: 'its name' };
  url.hostname = 'localhost';
  return { instead: url.origin };
}
