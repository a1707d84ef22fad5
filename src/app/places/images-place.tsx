import { ImagesScreen } from '#features/images/index.ts';
import { type ImageParts, imagesOf } from '../images.ts';

export function ImagesPlace({ imageParts }: { readonly imageParts: ImageParts }) {
  return <ImagesScreen controller={imagesOf(imageParts).controller} />;
}
