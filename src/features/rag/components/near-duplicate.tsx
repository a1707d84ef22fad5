import type { DocumentRecord } from '#core/ports/library-records.ts';
import type { NearDuplicate } from '#core/rag/index.ts';
import { Button } from '#ui/button.tsx';
import type { LibraryController } from '../library-controller.ts';
import styles from '../table.module.css';

/** Says that a document is nearly the same as an older one, and what can be done about it. */
export function NearDuplicateNote({
  document,
  older,
  similarity,
  controller,
}: {
  readonly document: DocumentRecord;
  readonly older: DocumentRecord;
  readonly similarity: NearDuplicate['similarity'];
  readonly controller: LibraryController;
}) {
  const share = Math.min(99, Math.floor(similarity * 100));
  return (
    <div className={styles.twin} data-testid="near-duplicate">
      <span>
        Nearly the same as{' '}
        <button
          type="button"
          className={styles.twinName}
          onClick={() => controller.open({ documentId: older.id })}
        >
          {older.name}
        </button>{' '}
        ({share} %)
      </span>
      <span className={styles.twinActions}>
        <Button
          size="small"
          variant="quiet"
          aria-label={`Keep both: ${document.name} and ${older.name}`}
          onClick={() => void controller.keepBoth(document.id, older.id)}
        >
          Keep both
        </Button>
        <Button
          size="small"
          variant="quiet"
          aria-label={`Remove ${document.name}`}
          onClick={() => void controller.removeDocument(document.id)}
        >
          Remove this one
        </Button>
        <Button
          size="small"
          variant="quiet"
          aria-label={`Remove ${older.name}`}
          onClick={() => void controller.removeDocument(older.id)}
        >
          Remove the older
        </Button>
      </span>
    </div>
  );
}
