import { Maximize2, MessageSquareText, X } from 'lucide-react';
import { useCallback, useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { DocumentRecord } from '#core/ports/library-records.ts';
import { Button } from '#ui/button.tsx';
import { ErrorCard } from '#ui/error-card.tsx';
import { IconButton } from '#ui/icon-button.tsx';
import { Tabs, type TabsProps } from '#ui/tabs.tsx';
import { useLoaded } from '#ui/use-loaded.ts';
import type { LibraryController } from '../library-controller.ts';
import type { DocumentTarget, Span } from '../library-state.ts';
import { RecognizeButton } from '../recognition/recognition-dialog.tsx';
import { RecognitionNote } from '../recognition/recognition-note.tsx';
import { canRecognize } from '../recognition/recognizable.ts';
import { RecordingView } from '../transcription/recording-view.tsx';
import { canTranscribe } from '../transcription/recordings.ts';
import { TranscribeButton } from '../transcription/transcription-dialog.tsx';
import styles from '../viewer.module.css';
import { ChunkList } from './chunk-list.tsx';
import { HitBar } from './hit-bar.tsx';
import { SourceNote } from './outward-link.tsx';
import { PdfView } from './pdf-view.tsx';
import { TextView } from './text-view.tsx';
import { useHits } from './use-hits.ts';

type View = 'pages' | 'recording' | 'text' | 'chunks';

export interface DocumentViewerProps extends DocumentTarget {
  readonly controller: LibraryController;
  readonly onAskWhole?: (documentId: string) => void;
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
  if (view === 'recording') return <RecordingView controller={controller} document={document} span={span} />;
  if (view === 'chunks') return <ChunkList controller={controller} document={document} onOpen={onSpan} />;
  return <TextView controller={controller} document={document} span={span} />;
}

function isPaged({ pages, mediaType, parserId }: DocumentRecord): boolean {
  return (pages?.length ?? 0) > 0 || parserId === 'pdf' || mediaType === 'application/pdf';
}

function tabsOf(document: DocumentRecord): TabsProps['tabs'] {
  const { chunkCount } = document;
  return [
    ...(isPaged(document) ? [{ value: 'pages', label: 'Pages' }] : []),
    ...(document.times ? [{ value: 'recording', label: 'Recording' }] : []),
    { value: 'text', label: 'Text' },
    { value: 'chunks', label: 'Chunks', ...(chunkCount === undefined ? {} : { count: chunkCount }) },
  ];
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
  hits,
  onAskWhole,
  onExpand,
  onClose,
}: DocumentViewerProps) {
  const listed = useStore(controller.store, ({ documents }) => documents.find(({ id }) => id === documentId));
  const loaded = useLoaded(useCallback(() => controller.document(documentId), [controller, documentId]));
  const document = listed ?? (loaded.status === 'ready' ? loaded.value : undefined);
  const [chosen, setChosen] = useState<View>();
  const [picked, setPicked] = useState<Span>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: another target, or the same once more, begins anew
  useEffect(() => {
    setChosen(undefined);
    setPicked(undefined);
  }, [documentId, span, page]);
  const pick = (next: Span): void => {
    setPicked(next);
    setChosen(undefined);
  };
  const shown = picked ?? span;
  const walk = useHits(hits, shown, pick);
  const hasPages = document !== undefined && isPaged(document);
  const view = chosen ?? (hasPages ? 'pages' : document?.times ? 'recording' : 'text');
  return (
    <article
      className={styles.viewer}
      aria-label={document?.name ?? 'Document'}
      data-testid="document-viewer"
      onKeyDown={walk.onKeyDown}
    >
      <header className={styles.head}>
        <h2 className={styles.name} title={document?.name}>
          {document?.name ?? ' '}
        </h2>
        <HitBar walk={walk} />
        {onAskWhole && document?.status === 'ready' ? (
          <IconButton
            label="Ask the whole document"
            icon={<MessageSquareText />}
            onClick={() => onAskWhole(document.id)}
          />
        ) : null}
        {onExpand ? <IconButton label="Open in full" icon={<Maximize2 />} onClick={onExpand} /> : null}
        {onClose ? <IconButton label="Close document" icon={<X />} onClick={onClose} /> : null}
      </header>
      {document ? (
        <>
          <div className={styles.tabs}>
            <Tabs
              value={view}
              onChange={(next) => setChosen(next as View)}
              tabs={tabsOf(document)}
              label="Views of the document"
            />
          </div>
          {document.status === 'failed' && document.error ? (
            <ErrorCard
              error={document.error}
              actions={
                canTranscribe(document) ? (
                  <TranscribeButton
                    controller={controller}
                    document={document}
                    label="Write down what is said…"
                  />
                ) : (
                  <>
                    {canRecognize(document) ? (
                      <RecognizeButton controller={controller} target={{ document }} />
                    ) : null}
                    <Button size="small" onClick={() => void controller.retry(document.id)}>
                      Read again
                    </Button>
                  </>
                )
              }
            />
          ) : null}
          {document.source ? <SourceNote href={document.source} /> : null}
          <RecognitionNote document={document} controller={controller} />
          <Body
            key={`${document.id}-${document.status}`}
            document={document}
            view={view}
            span={shown}
            page={page}
            controller={controller}
            onSpan={pick}
          />
        </>
      ) : loaded.status === 'failed' ? (
        <ErrorCard error={loaded.error} />
      ) : null}
    </article>
  );
}
