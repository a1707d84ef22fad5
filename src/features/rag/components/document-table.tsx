import { useVirtualizer } from '@tanstack/react-virtual';
import {
  Book,
  Ellipsis,
  FileCode2,
  FileSpreadsheet,
  FileText,
  FileType,
  Image,
  Mail,
  RotateCcw,
  ScanText,
  Trash2,
} from 'lucide-react';
import { type KeyboardEvent, useRef, useState } from 'react';
import type { JobRecord } from '#core/ports/job-records.ts';
import type { DocumentRecord } from '#core/ports/library-records.ts';
import type { NearDuplicate } from '#core/rag/index.ts';
import { Button } from '#ui/button.tsx';
import { classNames } from '#ui/class-names.ts';
import { formatBytes, formatNumber, formatRelativeTime } from '#ui/format.ts';
import { IconButton } from '#ui/icon-button.tsx';
import { Menu, type MenuProps } from '#ui/menu.tsx';
import screen from '#ui/screen.module.css';
import { VisuallyHidden } from '#ui/visually-hidden.tsx';
import type { LibraryController } from '../library-controller.ts';
import type { RecognitionTarget } from '../recognition/create-recognition.ts';
import { RecognitionDialog } from '../recognition/recognition-dialog.tsx';
import { canRecognize, pagesWithoutText } from '../recognition/recognizable.ts';
import styles from '../table.module.css';
import { canTranscribe, isBeingWritten } from '../transcription/recordings.ts';
import { TranscribeButton } from '../transcription/transcription-dialog.tsx';
import { DocumentStatus } from './document-status.tsx';
import { NearDuplicateNote } from './near-duplicate.tsx';

const ICONS: Readonly<Record<string, typeof FileText>> = {
  pdf: FileType,
  html: FileCode2,
  code: FileCode2,
  xlsx: FileSpreadsheet,
  csv: FileSpreadsheet,
  epub: Book,
  eml: Mail,
  picture: Image,
};
/** Before a document was read, its name tells. */
const ENDINGS: readonly (readonly [RegExp, string])[] = [
  [/\.pdf$/i, 'pdf'],
  [/\.html?$/i, 'html'],
  [/\.(?:xls[xm]|csv|tsv)$/i, 'xlsx'],
  [/\.epub$/i, 'epub'],
  [/\.eml$/i, 'eml'],
  [/\.(?:png|jpe?g|webp)$/i, 'picture'],
];

function KindIcon({ document }: { readonly document: DocumentRecord }) {
  // 'pdf-ocr-eng' is a PDF, 'picture-ocr-eng' a picture.
  const kind =
    document.parserId?.replace(/-ocr-.*/, '') ??
    ENDINGS.find(([ending]) => ending.test(document.name))?.[1] ??
    '';
  const Icon = ICONS[kind] ?? FileText;
  return <Icon aria-hidden />;
}

interface RowProps {
  readonly document: DocumentRecord;
  readonly jobs: readonly JobRecord[];
  readonly isOpen: boolean;
  /** The older document that it is nearly the same as. */
  readonly twin: { readonly older: DocumentRecord; readonly similarity: number } | undefined;
  readonly controller: LibraryController;
  readonly onOpenFull: (documentId: string) => void;
}

function Figure({ value, unit }: { readonly value: number | undefined; readonly unit: string }) {
  return (
    <span className={styles.number}>
      {value === undefined ? '–' : formatNumber(value)}
      <VisuallyHidden> {unit}</VisuallyHidden>
    </span>
  );
}

function actionsOf(
  { document, controller, onOpenFull }: RowProps,
  recognize: () => void,
): MenuProps['items'] {
  const { id, status } = document;
  return [
    { id: 'open', label: 'Open', icon: <FileText />, onSelect: () => onOpenFull(id) },
    ...(status === 'failed'
      ? [
          {
            id: 'retry',
            label: 'Read again',
            icon: <RotateCcw />,
            onSelect: () => void controller.retry(id),
          },
        ]
      : []),
    ...(canRecognize(document)
      ? [{ id: 'recognize', label: 'Read with OCR…', icon: <ScanText />, onSelect: recognize }]
      : []),
    'separator',
    {
      id: 'delete',
      label: 'Delete',
      icon: <Trash2 />,
      danger: true,
      onSelect: () => void controller.removeDocument(id),
    },
  ];
}

/** What a document that could not be read, or not all of it, needs most. */
function RowButton({
  document,
  jobs,
  controller,
  onRecognize,
}: Pick<RowProps, 'document' | 'jobs' | 'controller'> & { readonly onRecognize: () => void }) {
  const isFailed = document.status === 'failed';
  if (canTranscribe(document))
    return isBeingWritten(document, jobs) ? null : (
      <TranscribeButton controller={controller} document={document} />
    );
  if (isFailed ? canRecognize(document) : pagesWithoutText(document) > 0)
    return (
      <Button size="small" icon={<ScanText />} onClick={onRecognize}>
        Read with OCR…
      </Button>
    );
  return isFailed ? (
    <Button size="small" icon={<RotateCcw />} onClick={() => void controller.retry(document.id)}>
      Retry
    </Button>
  ) : null;
}

function Row(props: RowProps) {
  const { document, jobs, isOpen, twin, controller, onOpenFull } = props;
  const { id, name, title, pages } = document;
  const error = document.status === 'failed' ? document.error : undefined;
  const [asked, setAsked] = useState<RecognitionTarget>();
  const recognize = (): void => setAsked({ document });
  return (
    <div className={styles.row} data-testid="document" data-open={isOpen || undefined}>
      <div className={styles.nameCell}>
        <KindIcon document={document} />
        <div className={styles.nameText}>
          <button
            type="button"
            className={styles.nameButton}
            onClick={() => controller.open({ documentId: id })}
            onDoubleClick={() => onOpenFull(id)}
          >
            {name}
          </button>
          {error ? (
            <p className={styles.reason}>{error.message}</p>
          ) : title && title !== name ? (
            <p className={styles.subtitle}>{title}</p>
          ) : null}
          {twin ? <NearDuplicateNote document={document} {...twin} controller={controller} /> : null}
        </div>
      </div>
      <div className={styles.statusCell}>
        <DocumentStatus document={document} jobs={jobs} />
        <RowButton document={document} jobs={jobs} controller={controller} onRecognize={recognize} />
        {asked ? (
          <RecognitionDialog controller={controller} target={asked} onClose={() => setAsked(undefined)} />
        ) : null}
      </div>
      <Figure value={pages && pages.length > 0 ? pages.length : undefined} unit="pages" />
      <Figure value={document.chunkCount} unit="chunks" />
      <span className={styles.number}>{formatBytes(document.sizeBytes)}</span>
      <span className={classNames(styles.number, styles.added)}>{formatRelativeTime(document.addedAt)}</span>
      <Menu
        trigger={<IconButton label={`Actions for ${name}`} icon={<Ellipsis />} />}
        items={actionsOf(props, recognize)}
      />
    </div>
  );
}

/** Arrows move along the names. */
function moveFocus(event: KeyboardEvent<HTMLElement>): boolean {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  if (step === 0) return false;
  const names = [...event.currentTarget.querySelectorAll<HTMLButtonElement>(`.${styles.nameButton}`)];
  const next = names[names.indexOf(document.activeElement as HTMLButtonElement) + step];
  next?.focus();
  next?.scrollIntoView({ block: 'nearest' });
  return next !== undefined;
}

const COLUMNS = ['Name', 'Status', 'Pages', 'Chunks', 'Size', 'Added'];

/**
 * All documents of a collection; only the rows in view are in the page. On a name: space previews, Enter opens the full
 * view, Delete deletes (with undo), arrows move.
 */
export function DocumentTable({
  documents,
  openId,
  controller,
  nearDuplicates,
  ...rest
}: Omit<RowProps, 'document' | 'isOpen' | 'twin'> & {
  readonly nearDuplicates: ReadonlyMap<string, NearDuplicate>;
  readonly documents: readonly DocumentRecord[];
  readonly openId: string | undefined;
}) {
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: documents.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 56,
    overscan: 12,
    getItemKey: (index) => documents[index]?.id ?? index,
  });
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    const target = event.target as HTMLElement;
    if (!target.matches(`.${styles.nameButton}`)) return;
    const id = target.closest<HTMLElement>('[data-document]')?.dataset.document ?? '';
    if (event.key === 'Enter') rest.onOpenFull(id);
    else if (event.key === 'Delete') void controller.removeDocument(id);
    else if (!moveFocus(event)) return;
    event.preventDefault();
  };
  const twinOf = ({ id }: DocumentRecord): RowProps['twin'] => {
    const found = nearDuplicates.get(id);
    const older = found && controller.store.getState().documents.find((other) => other.id === found.of);
    return found && older ? { older, similarity: found.similarity } : undefined;
  };
  return (
    <div ref={scroller} className={screen.scroller}>
      <div className={classNames(styles.tableHead, styles.row)} aria-hidden>
        {COLUMNS.map((name, i) => (
          <span key={name} className={classNames(i > 1 && styles.number, name === 'Added' && styles.added)}>
            {name}
          </span>
        ))}
        <span />
      </div>
      <ul
        aria-label="Documents"
        className={styles.tableBody}
        style={{ height: rows.getTotalSize() }}
        onKeyDown={onKeyDown}
      >
        {rows.getVirtualItems().map(({ index, start }) => {
          const entry = documents[index];
          return entry ? (
            <li
              key={entry.id}
              ref={rows.measureElement}
              data-index={index}
              data-document={entry.id}
              aria-setsize={documents.length}
              aria-posinset={index + 1}
              className={styles.virtualRow}
              style={{ transform: `translateY(${start}px)` }}
            >
              <Row
                document={entry}
                isOpen={entry.id === openId}
                twin={twinOf(entry)}
                controller={controller}
                {...rest}
              />
            </li>
          ) : null;
        })}
      </ul>
    </div>
  );
}
