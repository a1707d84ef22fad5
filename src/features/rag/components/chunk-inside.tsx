import { useCallback, useState } from 'react';
import type { ChunkRecord } from '#core/ports/library-records.ts';
import { Button } from '#ui/button.tsx';
import { ErrorCard } from '#ui/error-card.tsx';
import { useLoaded } from '#ui/use-loaded.ts';
import type { LibraryController } from '../library-controller.ts';
import styles from '../viewer.module.css';

interface InsideProps {
  readonly chunk: ChunkRecord;
  readonly controller: LibraryController;
}

type Shown = 'neighbours' | 'tokens';

/** What the search sees in a chunk: the passages nearest to it, and its text as the embedder reads it. */
export function ChunkInside(props: InsideProps) {
  const [shown, setShown] = useState<Shown>();
  const toggle = (next: Shown) => ({
    'aria-expanded': shown === next,
    onClick: () => setShown(shown === next ? undefined : next),
  });
  return (
    <div className={styles.inside}>
      <div className={styles.insideBar}>
        <Button size="small" variant="quiet" {...toggle('neighbours')}>
          Nearest passages
        </Button>
        <Button size="small" variant="quiet" {...toggle('tokens')}>
          Tokens
        </Button>
      </div>
      {shown === 'neighbours' ? <Neighbours {...props} /> : null}
      {shown === 'tokens' ? <Tokens {...props} /> : null}
    </div>
  );
}

function Neighbours({ chunk: { documentId, ordinal }, controller }: InsideProps) {
  const load = useCallback(
    (signal: AbortSignal) => controller.neighbours(documentId, ordinal, signal),
    [controller, documentId, ordinal],
  );
  const loaded = useLoaded(load);
  if (loaded.status === 'loading') return <p className={styles.note}>Looking…</p>;
  if (loaded.status === 'failed') return <ErrorCard error={loaded.error} />;
  if (loaded.value.length === 0) return <p className={styles.note}>This is the only passage.</p>;
  return (
    <ol className={styles.neighbours} aria-label="Nearest passages">
      {loaded.value.map(({ documentId: id, ordinal: at, documentName, denseScore = 0, text, start, end }) => (
        <li key={`${id} ${at}`}>
          <button type="button" onClick={() => controller.open({ documentId: id, span: { start, end } })}>
            <span className={styles.chunkHead}>
              {documentName}, passage {at + 1}
              <span>cosine {denseScore.toFixed(2)}</span>
            </span>
            <span className={styles.excerpt}>{text.trim()}</span>
          </button>
        </li>
      ))}
    </ol>
  );
}

/** Every other token is tinted, so that the borders are seen. */
function Tokens({ chunk: { text }, controller }: InsideProps) {
  const loaded = useLoaded(
    useCallback((signal: AbortSignal) => controller.tokens(text, signal), [controller, text]),
  );
  if (loaded.status === 'loading') return <p className={styles.note}>Reading…</p>;
  if (loaded.status === 'failed') return <ErrorCard error={loaded.error} />;
  const spans = loaded.value;
  return (
    <p className={styles.tokens} data-testid="tokens">
      {spans.map(({ start, end }, i) => (
        <span key={start}>
          {text.slice(spans[i - 1]?.end ?? 0, start)}
          <span className={styles.token} data-odd={i % 2 === 1 || undefined}>
            {text.slice(start, end)}
          </span>
        </span>
      ))}
    </p>
  );
}
