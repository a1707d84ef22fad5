import { lazy, Suspense, useEffect, useState } from 'react';
import type { ImageRepository } from '#core/ports/repositories.ts';
import { parseQuery } from '#core/rag/index.ts';
import { toAppError } from '#shared/errors.ts';
import { notify } from '../notify.ts';
import type { Services } from '../services.ts';

function NotFetched() {
  return (
    <p role="status">
      Pictures could not be searched: that part of the page could not be fetched. Reload it.
    </p>
  );
}

// Whoever has no pictures fetches none of their code; where it cannot be fetched, documents are found all the same.
const Strip = lazy(() =>
  import('./picture-strip-place.tsx').then(
    ({ PictureStripPlace: load }) => ({ default: load }),
    () => ({ default: NotFetched }),
  ),
);

/** Once there was a picture in this tab, it is not looked for again. */
const seen = new WeakSet<ImageRepository>();

/** Whether there is a picture; looked up anew when any is written. */
function useHasPictures({ images, changes }: Services['repositories']): boolean {
  const [has, setHas] = useState(seen.has(images));
  useEffect(() => {
    if (has) return;
    let isGone = false;
    const look = (): void =>
      void images.count().then(
        (count) => {
          if (count === 0) return;
          seen.add(images);
          if (!isGone) setHas(true);
        },
        (error: unknown) => notify(toAppError(error).message),
      );
    look();
    const stop = changes.subscribe(({ store }) => {
      if (store === 'images') look();
    });
    return () => {
      isGone = true;
      stop();
    };
  }, [images, changes, has]);
  return has;
}

export interface PicturesBesideProps {
  readonly services: Services;
  /** As it was written into the library's box. */
  readonly query: string;
  readonly onFollow: () => void;
}

/** Pictures beside what is found in documents. Filters of documents are none of pictures: the words are looked for. */
export function PicturesBeside({ services, query, onFollow }: PicturesBesideProps) {
  const words = parseQuery(query).text;
  const has = useHasPictures(services.repositories);
  if (!has || words === '') return null;
  return (
    <Suspense fallback={null}>
      <Strip imageParts={services.imageParts} words={words} onFollow={onFollow} />
    </Suspense>
  );
}
