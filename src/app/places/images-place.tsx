import { useCallback } from 'react';
import { useLocation } from 'wouter';
import { ImagesScreen } from '#features/images/index.ts';
import { askAboutPictures } from '../ask-about-pictures.ts';
import { imagesOf } from '../images.ts';
import { threadPath } from '../paths.ts';
import type { Services } from '../services.ts';
import { DocumentsBeside } from './documents-beside.tsx';

export function ImagesPlace({ services }: { readonly services: Services }) {
  const { imageParts, library } = services;
  const [, navigate] = useLocation();
  const beside = useCallback(
    (words: string) => (
      <DocumentsBeside library={library} words={words} onFollow={() => navigate('/library')} />
    ),
    [library, navigate],
  );
  const ask = useCallback(
    (imageIds: readonly string[]) =>
      void askAboutPictures(services, imageIds).then((id) => id !== undefined && navigate(threadPath(id))),
    [services, navigate],
  );
  return <ImagesScreen controller={imagesOf(imageParts).controller} beside={beside} onAsk={ask} />;
}
