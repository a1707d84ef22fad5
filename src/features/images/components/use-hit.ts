import { useMemo } from 'react';
import { useStore } from 'zustand';
import type { ImagesController } from '../images-controller.ts';

/** Of the search that is on screen: when the film or animation matches best. */
export function useHit(controller: ImagesController, id: string): number | undefined {
  const response = useStore(controller.store, ({ search }) => search.response);
  return useMemo(() => response?.hits.find(({ imageId }) => imageId === id)?.seconds, [response, id]);
}
