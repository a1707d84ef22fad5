/** One Content Security Policy as far as addresses go: sources that name a host, a scheme or everything. */
export interface Policy {
  /** For requests of the page's code. */
  readonly connect: readonly string[];
  /** For whatever the page may fetch: requests, pictures, fonts, scripts, frames. */
  readonly all: readonly string[];
}

interface Source {
  /** '' = as the page. */
  readonly scheme: string;
  readonly host: string;
  readonly port: string;
  readonly path: string;
}

const HOST_SOURCE =
  /^(?:(https?|wss?):\/\/)?(\*|(?:\*\.)?[a-z\d_-]+(?:\.[a-z\d_-]+)*\.?)(?::(\d+|\*))?(\/[^?#]*)?$/;
const SCHEME_SOURCE = /^(https?|wss?):$/;

/** Undefined for what names no address: keywords, hashes, `data:`, `blob:`, and what browsers skip, as an IPv6 address. */
export function parseSource(source: string): Source | undefined {
  const [, only] = SCHEME_SOURCE.exec(source) ?? [];
  if (only !== undefined) return { scheme: only, host: '*', port: '*', path: '' };
  const [, scheme = '', host = '', port = '', path = ''] = HOST_SOURCE.exec(source) ?? [];
  if (host === '') return undefined;
  return { scheme, host, port: source === '*' ? '*' : port, path };
}

/** `*`, `https:`, `https://*`: every host there is. */
export const isOpen = (source: string): boolean => parseSource(source)?.host === '*';

/** What a directive falls back to before `default-src`. Each is something that a page can send a request with. */
const FETCHING: Readonly<Record<string, readonly string[]>> = {
  'connect-src': [],
  'img-src': [],
  'media-src': [],
  'font-src': [],
  'object-src': [],
  'manifest-src': [],
  'style-src-elem': ['style-src'],
  'script-src-elem': ['script-src'],
  'frame-src': ['child-src'],
  'worker-src': ['child-src', 'script-src'],
};

/** The policies of a header; several are parted by a comma. Those that leave out where the page connects to are not given. */
export function parsePolicies(header: string): readonly Policy[] {
  return header.split(',').flatMap((text): Policy[] => {
    const directives = new Map<string, readonly string[]>();
    for (const part of text.split(';')) {
      const [name = '', ...sources] = part.trim().toLowerCase().split(/\s+/);
      if (!directives.has(name)) directives.set(name, sources); // the first one counts
    }
    const listOf = (name: string): readonly string[] => {
      const named = [name, ...(FETCHING[name] ?? []), 'default-src'].find((each) => directives.has(each));
      const sources = named === undefined ? ['*'] : (directives.get(named) ?? []);
      return sources.filter((source) => parseSource(source) !== undefined);
    };
    if (!directives.has('connect-src') && !directives.has('default-src')) return [];
    return [{ connect: listOf('connect-src'), all: [...new Set(Object.keys(FETCHING).flatMap(listOf))] }];
  });
}

/** A source for http is one for https too, never the other way round. */
const SECURER: Readonly<Record<string, readonly string[]>> = {
  http: ['http:', 'https:'],
  https: ['https:'],
};

function matchesHost(pattern: string, hostname: string): boolean {
  if (pattern === '*') return true;
  return pattern.startsWith('*.') ? hostname.endsWith(pattern.slice(1)) : hostname === pattern;
}

/** URL leaves a scheme's own port out. */
function matchesPort(port: string, url: URL): boolean {
  if (port === '*' || port === url.port) return true;
  return url.port === '' && (port === '80' || (port === '443' && url.protocol === 'https:'));
}

const matchesPath = (path: string, { pathname }: URL): boolean =>
  path === '' || (path.endsWith('/') ? `${pathname}/`.startsWith(path) : pathname === path);

/** Whether a list lets a page from `origin` send a request to an address. */
export function policyAllows(sources: readonly string[], url: URL, origin: string): boolean {
  return sources.some((source) => {
    const parts = parseSource(source);
    if (parts === undefined) return false;
    const isScheme =
      source === '*' ||
      SECURER[parts.scheme || new URL(origin).protocol.slice(0, -1)]?.includes(url.protocol);
    return (
      isScheme === true &&
      matchesHost(parts.host, url.hostname) &&
      matchesPort(parts.port, url) &&
      matchesPath(parts.path, url)
    );
  });
}
