import { useMemo } from 'react';
import type { DocumentRecord } from '#core/ports/library-records.ts';
import { formatNumber } from '#ui/format.ts';
import type { LibraryController } from '../library-controller.ts';
import styles from './recognition.module.css';
import { RecognizeButton } from './recognition-dialog.tsx';
import { pagesWithoutText, recognizedText } from './recognizable.ts';

export const percent = (share: number): string => `${Math.round(share * 100)} %`;

/** Over a document: pages that nobody has read, or how surely those with OCR were read. */
export function RecognitionNote({
  document,
  controller,
}: {
  readonly document: DocumentRecord;
  readonly controller: LibraryController;
}) {
  const target = useMemo(() => ({ document }), [document]);
  const unread = pagesWithoutText(document);
  if (unread > 0)
    return (
      <div className={styles.note} data-testid="recognition-note">
        <span>
          {unread === 1 ? '1 page has' : `${formatNumber(unread)} pages have`} no text: scans, pictures or
          blank.
        </span>
        <RecognizeButton controller={controller} target={target} />
      </div>
    );
  const read = recognizedText(document);
  if (read === undefined) return null;
  const { pages, confidence, worst } = read;
  const what = pages === 1 ? '1 page was' : `${formatNumber(pages)} pages were`;
  const isEven = percent(worst.confidence) === percent(confidence);
  const least = pages > 1 && !isEven ? `; least on page ${worst.page}, ${percent(worst.confidence)}` : '';
  return (
    <div className={styles.note} data-testid="recognition-note">
      {what} read with OCR, {percent(confidence)} sure on average{least}.
    </div>
  );
}
