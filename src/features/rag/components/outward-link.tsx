import { type ReactNode, useMemo } from 'react';
import type { DocumentLink } from '#core/ports/document-parser.ts';
import styles from '../viewer.module.css';

/** Leads out of Benchtop, in a tab of its own that knows nothing of this one; nothing is fetched before the click. */
function OutwardLink({ href, children }: { readonly href: string; readonly children: ReactNode }) {
  return (
    <a className={styles.outward} href={href} title={href} target="_blank" rel="noopener noreferrer">
      {children}
    </a>
  );
}

/** Where a page was saved from. */
export function SourceNote({ href }: { readonly href: string }) {
  return (
    <p className={styles.source} data-testid="document-source">
      Saved from <OutwardLink href={href}>{href}</OutwardLink>
    </p>
  );
}

/** A piece of a document's text that begins at character `start`, with its links; what is between them as `prose` has it. */
export function LinkedText({
  text,
  start,
  links,
  prose,
}: {
  readonly text: string;
  readonly start: number;
  readonly links: readonly DocumentLink[];
  readonly prose: (text: string) => ReactNode;
}) {
  const inside = useMemo(() => {
    const end = start + text.length;
    return links
      .filter((link) => link.end > start && link.start < end)
      .map((link) => ({ from: Math.max(0, link.start - start), to: Math.min(link.end, end) - start, link }));
  }, [links, start, text]);
  let at = 0;
  const parts: ReactNode[] = [];
  for (const { from, to, link } of inside) {
    if (from > at) parts.push(<span key={at}>{prose(text.slice(at, from))}</span>);
    parts.push(
      <OutwardLink key={`${from}-${link.href}`} href={link.href}>
        {text.slice(from, to)}
      </OutwardLink>,
    );
    at = to;
  }
  if (parts.length === 0) return prose(text);
  return (
    <>
      {parts}
      {prose(text.slice(at))}
    </>
  );
}
