import { useCallback } from 'react';
import { ErrorCard } from '#ui/error-card.tsx';
import { useLoaded } from '#ui/use-loaded.ts';
import type { ImagesController } from '../images-controller.ts';
import type { ImagesState } from '../images-state.ts';
import { MapPlane } from './map-plane.tsx';
import styles from './views.module.css';

interface MapProps {
  readonly state: ImagesState;
  readonly controller: ImagesController;
}

/** All pictures on a plane, near each other where they are alike. */
export function PictureMap({ state, controller }: MapProps) {
  const loaded = useLoaded(useCallback((signal: AbortSignal) => controller.map(signal), [controller]));
  if (loaded.status === 'loading')
    return (
      <p className={styles.message} role="status">
        Drawing the map…
      </p>
    );
  if (loaded.status === 'failed')
    return (
      <div className={styles.message}>
        <ErrorCard error={loaded.error} />
      </div>
    );
  if (loaded.value.imageIds.length === 0)
    return <p className={styles.message}>Nothing is indexed yet: there is nothing to place.</p>;
  return <MapPlane map={loaded.value} state={state} controller={controller} />;
}
