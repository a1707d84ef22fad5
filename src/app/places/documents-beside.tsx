import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { isAbort } from '#shared/errors.ts';
import { Button } from '#ui/button.tsx';
import { formatNumber } from '#ui/format.ts';
import type { Services } from '../services.ts';

export interface DocumentsBesideProps {
  readonly library: Services['library'];
  /** What pictures are searched for. */
  readonly words: string;
  readonly onFollow: () => void;
}

/** Letters follow each other faster than documents are worth being searched. */
const AFTER_MS = 250;

const inWords = (count: number): string =>
  `${formatNumber(count)} ${count === 1 ? 'passage' : 'passages'} in documents →`;

interface Found {
  readonly query: string;
  /** Undefined: that could not be found out. */
  readonly count: number | undefined;
}

/** How many passages of documents match what pictures are searched for, and the way there. */
export function DocumentsBeside({ library, words, onFollow }: DocumentsBesideProps) {
  const hasDocuments = useStore(library.store, ({ documents }) =>
    documents.some(({ status }) => status === 'ready'),
  );
  const query = words.trim();
  const [found, setFound] = useState<Found>();
  useEffect(() => {
    if (!hasDocuments || query === '') return;
    const abort = new AbortController();
    const { signal } = abort;
    const timer = setTimeout(() => {
      library.countPassages(query, signal).then(
        (count) => signal.aborted || setFound({ query, count }),
        (error: unknown) => signal.aborted || isAbort(error) || setFound({ query, count: undefined }),
      );
    }, AFTER_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [library, query, hasDocuments]);
  // Of other words nothing is said.
  if (!hasDocuments || found?.query !== query) return null;
  if (found.count === undefined) return <p role="status">Documents could not be searched.</p>;
  if (found.count === 0) return null;
  return (
    <Button
      size="small"
      variant="quiet"
      onClick={() => {
        library.selectCollection(null);
        void library.search(query);
        onFollow();
      }}
    >
      {inWords(found.count)}
    </Button>
  );
}
