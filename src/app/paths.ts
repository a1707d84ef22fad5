import type { DocumentTarget } from '#features/rag/index.ts';

/** Addresses of the app. Whoever has one finds the same place after a reload. */
export const threadPath = (id: string | undefined): string => (id === undefined ? '/chat' : `/chat/${id}`);

/** Models, with what is looked for in the search box. */
export const SIGHTED_MODELS_PATH = '/models?find=sees%20pictures';

type Span = NonNullable<DocumentTarget['span']>;

const spanText = ({ start, end }: Span): string => `${start}-${end}`;

function spanFrom(text: string): Span | undefined {
  const [, start, end] = /^(\d+)-(\d+)$/.exec(text) ?? [];
  return start === undefined || end === undefined ? undefined : { start: Number(start), end: Number(end) };
}

export function documentPath({ documentId, span, page, hits = [] }: DocumentTarget): string {
  const query = new URLSearchParams();
  if (span) query.set('span', spanText(span));
  if (hits.length > 1) query.set('hits', hits.map(spanText).join('.'));
  if (page !== undefined) query.set('page', String(page));
  const text = query.toString();
  return `/library/${documentId}${text === '' ? '' : `?${text}`}`;
}

/** The inverse of `documentPath`; what cannot be read is left out. */
export function documentTarget(documentId: string, search: string): DocumentTarget {
  const query = new URLSearchParams(search);
  const span = spanFrom(query.get('span') ?? '');
  const hits = (query.get('hits') ?? '').split('.').flatMap((text) => spanFrom(text) ?? []);
  const page = Number(query.get('page') ?? Number.NaN);
  return {
    documentId,
    ...(span ? { span } : {}),
    ...(Number.isInteger(page) && page > 0 ? { page } : {}),
    ...(hits.length > 1 ? { hits } : {}),
  };
}
