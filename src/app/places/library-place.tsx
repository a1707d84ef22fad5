import { lazy, Suspense, useMemo } from 'react';
import { useLocation, useSearch } from 'wouter';
import { LibraryScreen } from '#features/rag/index.ts';
import { toAppError } from '#shared/errors.ts';
import { notify } from '../notify.ts';
import { documentPath, documentTarget, threadPath } from '../paths.ts';
import type { Services } from '../services.ts';

const PicturesBeside = lazy(() =>
  import('./pictures-beside.tsx').then(({ PicturesBeside: load }) => ({ default: load })),
);

export interface LibraryPlaceProps {
  readonly services: Services;
  readonly documentId: string | undefined;
}

export function LibraryPlace({ services, documentId }: LibraryPlaceProps) {
  const [, navigate] = useLocation();
  const search = useSearch();
  const route = useMemo(
    () => (documentId === undefined ? undefined : documentTarget(documentId, search)),
    [documentId, search],
  );
  return (
    <LibraryScreen
      controller={services.library}
      {...(route ? { route } : {})}
      onRouteChange={(target) => navigate(target ? documentPath(target) : '/library')}
      beside={(query) => (
        <Suspense fallback={null}>
          <PicturesBeside services={services} query={query} onFollow={() => navigate('/pictures')} />
        </Suspense>
      )}
      onGetEmbedder={() => navigate('/models')}
      onAskWhole={(id) =>
        void services.chat.whole.open(id).then((threadId) => threadId && navigate(threadPath(threadId)))
      }
      onAskWithin={(passages) =>
        void services.chat.openWithin(passages).then(
          (id) => navigate(threadPath(id)),
          (error: unknown) => notify(`The chat could not be begun: ${toAppError(error).message}`),
        )
      }
      onEvaluate={() => navigate('/evals')}
    />
  );
}
