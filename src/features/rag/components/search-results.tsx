import { SearchX } from 'lucide-react';
import { type KeyboardEvent, useMemo } from 'react';
import type { SourcePassage } from '#core/ports/chat-records.ts';
import type { SearchResponse } from '#core/ports/library.ts';
import { parseQuery } from '#core/rag/index.ts';
import { clockOf } from '#shared/clock.ts';
import { Badge } from '#ui/badge.tsx';
import { EmptyState } from '#ui/empty-state.tsx';
import { ErrorCard } from '#ui/error-card.tsx';
import { formatNumber } from '#ui/format.ts';
import { Select } from '#ui/select.tsx';
import type { LibraryController } from '../library-controller.ts';
import type { LibrarySearch, SearchMode, Span } from '../library-state.ts';
import styles from '../results.module.css';
import { QueryChips } from './query-chips.tsx';

const MODES = [
  { value: 'hybrid', label: 'Meaning and words' },
  { value: 'dense', label: 'Meaning only' },
  { value: 'lexical', label: 'Words only' },
];

const ORIGINS = {
  dense: { label: 'meaning', title: 'Found by meaning (dense search)' },
  lexical: { label: 'words', title: 'Found by its words (lexical search)' },
  both: { label: 'meaning + words', title: 'Found by meaning and by its words' },
} as const;

/** The passage with the words of the query set off. */
function Marked({ text, query }: { readonly text: string; readonly query: string }) {
  const words = query.match(/[\p{L}\p{N}]{2,}/gu) ?? [];
  if (words.length === 0) return text;
  const parts = text.split(new RegExp(`(${words.join('|')})`, 'iu'));
  return parts.map((part, i) =>
    i % 2 === 1 ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text never move
      <b key={i} className={styles.matched}>
        {part}
      </b>
    ) : (
      part
    ),
  );
}

function scoresOf({ denseScore, lexicalScore, score }: SourcePassage): string {
  return [
    ...(denseScore === undefined ? [] : [`cosine ${denseScore.toFixed(2)}`]),
    ...(lexicalScore === undefined ? [] : [`BM25 ${lexicalScore.toFixed(1)}`]),
    `fused ${score.toFixed(4)}`,
  ].join(' · ');
}

function Passage({
  passage,
  query,
  isOpen,
  onOpen,
}: {
  readonly passage: SourcePassage;
  readonly query: string;
  readonly isOpen: boolean;
  readonly onOpen: () => void;
}) {
  const origin = ORIGINS[passage.origin];
  return (
    <li>
      <button
        type="button"
        className={styles.passage}
        data-testid="passage"
        data-origin={passage.origin}
        data-open={isOpen || undefined}
        onClick={onOpen}
      >
        <span className={styles.passageHead}>
          <span className={styles.passageNumber}>{passage.number}</span>
          <span className={styles.passageName}>{passage.documentName}</span>
          {passage.page === undefined ? null : <span className={styles.quiet}>p. {passage.page}</span>}
          {passage.seconds === undefined ? null : (
            <span className={styles.quiet}>at {clockOf(passage.seconds)}</span>
          )}
          <span title={origin.title}>
            <Badge tone={passage.origin === 'both' ? 'accent' : 'neutral'}>{origin.label}</Badge>
          </span>
        </span>
        {passage.headingPath.length > 0 ? (
          <span className={styles.path}>{passage.headingPath.join(' › ')}</span>
        ) : null}
        <span className={styles.passageText}>
          <Marked text={passage.text.trim()} query={query} />
        </span>
        <span className={styles.scores}>{scoresOf(passage)}</span>
      </button>
    </li>
  );
}

/** What was found in one document, in its order. */
function hitsIn(documentId: string, passages: readonly SourcePassage[]): readonly Span[] {
  return passages
    .filter((passage) => passage.documentId === documentId)
    .map(({ start, end }) => ({ start, end }))
    .sort((a, b) => a.start - b.start);
}

function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-testid="passage"]')];
  const next = items[items.indexOf(document.activeElement as HTMLElement) + step];
  if (step === 0 || !next) return;
  event.preventDefault();
  next.focus();
}

function Passages({
  search,
  response,
  controller,
  openStart,
}: {
  readonly search: LibrarySearch;
  readonly response: SearchResponse;
  readonly controller: LibraryController;
  readonly openStart: number | undefined;
}) {
  const { passages, searchedChunks, isBelowFloor } = response;
  const words = useMemo(() => parseQuery(search.query).text, [search.query]);
  if (passages.length === 0)
    return (
      <EmptyState
        icon={<SearchX />}
        title="Nothing found"
        text={
          isBelowFloor
            ? 'Some passages were near, but none near enough to be about this. Try other words.'
            : `None of ${formatNumber(searchedChunks)} passages matches. Try other words or another collection.`
        }
      />
    );
  return (
    <ul onKeyDown={moveFocus} aria-label="Passages" aria-busy={search.status === 'searching'}>
      {passages.map((passage) => (
        <Passage
          key={`${passage.documentId}-${passage.ordinal}`}
          passage={passage}
          query={words}
          isOpen={openStart === passage.start}
          onOpen={() =>
            controller.open({
              documentId: passage.documentId,
              span: { start: passage.start, end: passage.end },
              hits: hitsIn(passage.documentId, passages),
            })
          }
        />
      ))}
    </ul>
  );
}

function figuresOf({ passages, searchedChunks, droppedCopies, unaskedModels, timingsMs }: SearchResponse): {
  readonly line: string;
  readonly detail: string;
} {
  const { embed, dense, lexical } = timingsMs;
  const wordsOnly = unaskedModels
    ? ` · documents indexed with ${unaskedModels.join(', ')} by words only: re-index them`
    : '';
  const copies = droppedCopies > 0 ? `, ${formatNumber(droppedCopies)} near-copies left out` : '';
  return {
    line: `${formatNumber(passages.length)} of ${formatNumber(searchedChunks)} passages${copies} · ${Math.max(1, Math.round(embed + dense + lexical))} ms${wordsOnly}`,
    detail: `query embedded ${embed.toFixed(1)} ms, dense ${dense.toFixed(1)} ms, lexical ${lexical.toFixed(1)} ms`,
  };
}

/** Passages, best first, each with its scores and where it came from. */
export function SearchResults({
  search,
  controller,
  openStart,
}: {
  readonly search: LibrarySearch;
  readonly controller: LibraryController;
  /** Start of the passage that is open. */
  readonly openStart: number | undefined;
}) {
  const { response, error } = search;
  const figures = response && figuresOf(response);
  return (
    <section aria-label="Search results" className={styles.results} data-status={search.status}>
      <header className={styles.resultsHead}>
        <p className={styles.note} role="status" title={figures?.detail}>
          {figures?.line ?? (error ? '' : 'Searching…')}
        </p>
        <Select
          label="Search by"
          hideLabel
          value={search.mode}
          onChange={(mode) => void controller.setSearchMode(mode as SearchMode)}
          options={MODES}
        />
      </header>
      <QueryChips query={search.query} onQuery={(query) => void controller.search(query)} />
      {error ? <ErrorCard error={error} /> : null}
      {response ? (
        <Passages search={search} response={response} controller={controller} openStart={openStart} />
      ) : null}
    </section>
  );
}
