import type { ImageRecord } from '#core/ports/image-records.ts';
import type { JobRecord } from '#core/ports/job-records.ts';
import type { ImageIngestInput } from '#core/ports/pictures.ts';
import { toAppError } from '#shared/errors.ts';
import { formatNumber } from '#ui/format.ts';
import type { ImagesDependencies, ImagesStore } from './images-state.ts';
import { baseName } from './picture-names.ts';

/** What is held in memory for an undo; the browser keeps blobs of files on disk, so this is mostly their handles. */
const MOST_KEPT_BYTES = 500_000_000;

/** Takes pictures away so that they can be put back. */
export function createImagesRemoval(
  { repositories, pictures, notify }: ImagesDependencies,
  store: ImagesStore,
) {
  const repository = repositories.images;

  async function restoreOf(
    ids: readonly string[],
    isLarge: boolean,
  ): Promise<(() => Promise<void>) | undefined> {
    const snapshot = await repository.remove(ids);
    await pictures.forget({ imageIds: ids });
    return isLarge ? undefined : () => repository.restore(snapshot);
  }

  function nextOf(shown: readonly string[], gone: ReadonlySet<string>, openId: string): string | undefined {
    const at = shown.indexOf(openId);
    return (
      shown.slice(at + 1).find((id) => !gone.has(id)) ??
      shown.slice(0, Math.max(0, at)).findLast((id) => !gone.has(id))
    );
  }

  /** `shown`: the order on screen, so that the next picture takes the place of an open one. */
  async function remove(ids: readonly string[], shown: readonly string[] = []): Promise<void> {
    const wanted = new Set(ids);
    const mine = store.getState().images.filter(({ id }) => wanted.has(id));
    if (mine.length === 0) return;
    const bytes = mine.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    const back = await restoreOf(ids, bytes > MOST_KEPT_BYTES);
    const { openId, images, selectedIds, isPreviewing } = store.getState();
    const isOpenGone = openId !== undefined && wanted.has(openId);
    const next = isOpenGone ? nextOf(shown, wanted, openId) : openId;
    store.setState({
      images: images.filter(({ id }) => !wanted.has(id)),
      selectedIds: new Set([...selectedIds].filter((id) => !wanted.has(id))),
      openId: next,
      isPreviewing: isPreviewing && next !== undefined,
    });
    const what = `Deleted ${wordsFor(mine)}.`;
    if (back === undefined) return void notify(`${what} It is too much to be kept for undo.`);
    let restore: (() => Promise<void>) | undefined = back;
    notify(what, {
      label: 'Undo',
      onSelect: () => {
        restore?.().catch((error: unknown) => notify(`Could not be restored: ${toAppError(error).message}`));
        restore = undefined;
      },
      onGone: () => {
        restore = undefined; // the copy held in memory goes with it
      },
    });
  }

  /** As it was before it was indexed: in one transaction, in which the file goes and comes back. */
  async function unindex(image: ImageRecord): Promise<void> {
    const blobs = await Promise.all(
      [`picture:${image.id}`, `thumbnail:${image.id}`].map(async (id) => {
        const blob = await repository.blob(id);
        return blob ? [{ id, blob }] : [];
      }),
    );
    const { spaceId: _, moments: __, error: ___, ...stored } = image;
    await repository.restore({
      images: [{ ...stored, status: 'queued' }],
      blobs: blobs.flat(),
      vectors: [],
    });
  }

  /**
   * Takes out of the index what a job has put there; the files stay and wait. What was indexed before the job keeps its new
   * reading: the one before is gone.
   */
  async function discard({ input }: JobRecord): Promise<void> {
    const { imageIds = [], againIds = [] } = input as Partial<ImageIngestInput>;
    const again = new Set(againIds);
    const done: string[] = [];
    let failure: unknown;
    try {
      for (const id of imageIds) {
        const image = again.has(id) ? undefined : await repository.get(id);
        if (image?.status !== 'ready') continue;
        await unindex(image);
        done.push(id);
      }
    } catch (error) {
      failure = error; // those before it are gone from the index all the same
    }
    await pictures.forget({ imageIds: done });
    const kept = again.size > 0 ? ' What was indexed before keeps its new reading.' : '';
    const count = done.length === 1 ? '1 picture' : `${formatNumber(done.length)} pictures`;
    const why = failure === undefined ? '' : ` The rest stays: ${toAppError(failure).message}`;
    notify(`Discarded what was indexed of ${count}.${kept}${why}`);
  }

  return { remove, discard };
}

function wordsFor(images: readonly ImageRecord[]): string {
  const [first] = images;
  return images.length === 1 && first ? baseName(first.name) : `${formatNumber(images.length)} pictures`;
}
