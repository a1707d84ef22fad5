import { Maximize2, X } from 'lucide-react';
import { useCallback, useEffect, useState } from 'react';
import type { DocumentRecord } from '#core/ports/library-records.ts';
import { ErrorCard } from '#ui/error-card.tsx';
import { IconButton } from '#ui/icon-button.tsx';
import { Tabs } from '#ui/tabs.tsx';
import type { LibraryController } from '../library-controller.ts';
import type { DocumentTarget, Span } from '../library-state.ts';
import styles from '../viewer.module.css';
import { ChunkList } from './chunk-list.tsx';
import { PdfView } from './pdf-view.tsx';
import { TextView } from './text-view.tsx';
import { useLoaded } from './use-loaded.ts';

type View = 'pages' | 'text' | 'chunks';

export interface DocumentViewerProps extends DocumentTarget {
  readonly controller: LibraryController;
  readonly onExpand?: () => void;
  readonly onClose?: () => void;
}

function Body({
  document,
  view,
  span,
  page,
  controller,
  onSpan,
}: {
  readonly document: DocumentRecord;
  readonly view: View;
  readonly span: Span | undefined;
  readonly page: number | undefined;
  readonly controller: LibraryController;
  readonly onSpan: (span: Span) => void;
}) {
  if (view === 'pages')
    return <PdfView controller={controller} document={document} span={span} page={page} />;
  if (view === 'chunks') return <ChunkList controller={controller} document={document} onOpen={onSpan} />;
  return <TextView controller={controller} document={document} span={span} />;
}

/**
 * A document as it looks, as the text that was read from it, and as the chunks it was cut into; a cited span is marked
 * and in view. Works in the inspector and over the whole screen.
 */
export function DocumentViewer({
  controller,
  documentId,
  span,
  page,
  onExpand,
  onClose,
}: DocumentViewerProps) {
  const loaded = useLoaded(useCallback(() => controller.document(documentId), [controller, documentId]));
  const [chosen, setChosen] = useState<View>();
  const [picked, setPicked] = useState<Span>();
  const start = span?.start;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another target begins anew
  useEffect(() => {
    setChosen(undefined);
    setPicked(undefined);
  }, [documentId, start, page]);
  if (loaded.status === 'failed') return <ErrorCard error={loaded.error} />;
  const document = loaded.status === 'ready' ? loaded.value : undefined;
  const hasPages = (document?.pages?.length ?? 0) > 0 || document?.mediaType === 'application/pdf';
  const view = chosen ?? (hasPages ? 'pages' : 'text');
  const tabs = [
    ...(hasPages ? [{ value: 'pages', label: 'Pages' }] : []),
    { value: 'text', label: 'Text' },
    {
      value: 'chunks',
      label: 'Chunks',
      ...(document?.chunkCount === undefined ? {} : { count: document.chunkCount }),
    },
  ];
  return (
    <article
      className={styles.viewer}
      aria-label={document?.name ?? 'Document'}
      data-testid="document-viewer"
    >
      <header className={styles.head}>
        <h2 className={styles.name} title={document?.name}>
          {document?.name ?? ' '}
        </h2>
        {onExpand ? <IconButton label="Open in full" icon={<Maximize2 />} onClick={onExpand} /> : null}
        {onClose ? <IconButton label="Close document" icon={<X />} onClick={onClose} /> : null}
      </header>
      {document ? (
        <>
          <div className={styles.tabs}>
            <Tabs
              value={view}
              onChange={(next) => setChosen(next as View)}
              tabs={tabs}
              label="Views of the document"
            />
          </div>
          <Body
            document={document}
            view={view}
            span={picked ?? span}
            page={page}
            controller={controller}
            onSpan={(next) => {
              setPicked(next);
              setChosen(undefined);
            }}
          />
        </>
      ) : null}
    </article>
  );
}
