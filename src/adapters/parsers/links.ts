/** Longer ones carry data, not an address. */
const MAX_CHARACTERS = 2048;

/** An absolute address that may be shown as a link; undefined for all others, and for relative ones without a base. */
export function linkTarget(href: string, base: string | undefined): string | undefined {
  const trimmed = href.trim();
  // A place on the same page.
  if (trimmed === '' || trimmed.startsWith('#') || trimmed.length > MAX_CHARACTERS) return undefined;
  try {
    const { protocol, href: absolute } = new URL(trimmed, base);
    return /^(?:https?|mailto):$/.test(protocol) ? absolute : undefined;
  } catch {
    return undefined;
  }
}

/** The same, of pages on the web only. */
export function webAddress(href: string, base?: string): string | undefined {
  const address = linkTarget(href, base);
  return address?.startsWith('mailto:') ? undefined : address;
}
