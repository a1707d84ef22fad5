import * as v from 'valibot';
import type { BlobRecord } from '#core/ports/library-records.ts';
import type { ImageRepository } from '#core/ports/repositories.ts';

/** How far a film was read, so that a job that was cut off goes on behind the last frame that it has embedded. */
export interface FilmProgress {
  /** The model's; what another one has embedded is worth nothing. */
  readonly spaceId: string;
  /** Of the frames that are embedded, in milliseconds. */
  readonly moments: readonly number[];
  readonly vectors: Float32Array;
  /** What the next frame is compared with. */
  readonly last: { readonly seconds: number; readonly colours: Uint8Array };
}

const headSchema = v.object({
  spaceId: v.string(),
  moments: v.array(v.number()),
  seconds: v.number(),
  colours: v.array(v.number()),
});

export const filmProgressId = (imageId: string): string => `frames:${imageId}`;

/** A line of JSON, then the vectors: one blob, which each batch of frames writes anew in the transaction of its job. */
export function filmProgressBlob(imageId: string, progress: FilmProgress): BlobRecord {
  const { spaceId, moments, vectors, last } = progress;
  const head = JSON.stringify({ spaceId, moments, seconds: last.seconds, colours: [...last.colours] });
  const bytes = vectors as Float32Array<ArrayBuffer>;
  return { id: filmProgressId(imageId), blob: new Blob([head, '\n', bytes]) };
}

/** Undefined where nothing is, or what is there is another model's or no longer whole. */
export async function readFilmProgress(
  images: Pick<ImageRepository, 'blob'>,
  imageId: string,
  { spaceId, dimension }: { readonly spaceId: string; readonly dimension: number },
): Promise<FilmProgress | undefined> {
  const blob = await images.blob(filmProgressId(imageId));
  if (blob === undefined) return undefined;
  const bytes = new Uint8Array(await blob.arrayBuffer());
  const end = bytes.indexOf(10);
  const head: unknown = end < 0 ? undefined : JSON.parse(new TextDecoder().decode(bytes.subarray(0, end)));
  if (!v.is(headSchema, head) || head.spaceId !== spaceId) return undefined;
  const vectors = new Float32Array(Math.floor((bytes.length - end - 1) / 4));
  if (vectors.length !== head.moments.length * dimension) return undefined;
  new Uint8Array(vectors.buffer).set(bytes.subarray(end + 1));
  const { moments, seconds, colours } = head;
  return { spaceId, moments, vectors, last: { seconds, colours: Uint8Array.from(colours) } };
}
