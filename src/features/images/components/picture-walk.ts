import type { ShownPicture } from '../shown-pictures.ts';

/** The pictures that stand before and after one on screen. */
export function neighboursOf(
  shown: readonly ShownPicture[],
  id: string,
): { readonly before: string | undefined; readonly after: string | undefined } {
  const at = shown.findIndex(({ image }) => image.id === id);
  return {
    before: at > 0 ? shown[at - 1]?.image.id : undefined,
    after: at < 0 ? undefined : shown[at + 1]?.image.id,
  };
}
