import type { DocumentTarget } from '#features/rag/index.ts';

/** Addresses of the app. Whoever has one finds the same place after a reload. */
export const threadPath = (id: string | undefined): string => (id === undefined ? '/chat' : `/chat/${id}`);

export function documentPath({ documentId, span, page }: DocumentTarget): string {
  const query = new URLSearchParams();
  if (span) query.set('span', `${span.start}-${span.end}`);
  if (page !== undefined) query.set('page', String(page));
  const text = query.toString();
  return `/library/${documentId}${text === '' ? '' : `?${text}`}`;
}

/** The inverse of `documentPath`; what cannot be read is left out. */
export function documentTarget(documentId: string, search: string): DocumentTarget {
  const query = new URLSearchParams(search);
  const [, start, end] = /^(\d+)-(\d+)$/.exec(query.get('span') ?? '') ?? [];
  const page = Number(query.get('page') ?? Number.NaN);
  return {
    documentId,
    ...(start !== undefined && end !== undefined ? { span: { start: Number(start), end: Number(end) } } : {}),
    ...(Number.isInteger(page) && page > 0 ? { page } : {}),
  };
}
