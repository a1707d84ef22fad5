import { PictureStrip } from '#features/images/index.ts';
import { type ImageParts, imagesOf } from '../images.ts';

export interface PictureStripPlaceProps {
  readonly imageParts: ImageParts;
  readonly words: string;
  readonly onFollow: () => void;
}

export function PictureStripPlace({ imageParts, ...rest }: PictureStripPlaceProps) {
  return <PictureStrip {...rest} controller={imagesOf(imageParts).controller} />;
}
