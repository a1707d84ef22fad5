import * as v from 'valibot';
import type { Album, LabelScore, PictureGroup, PictureMap, TagProbe } from '#core/ports/pictures.ts';
import { toAppError } from '#shared/errors.ts';
import { DEFAULT_LABELS } from './default-labels.ts';
import type { ImagesDependencies, ImagesStore } from './images-state.ts';
import { readyEmbedder } from './ready-embedder.ts';

const LABELS_KEY = 'images.labels';
const labelsSchema = v.array(v.string());
/** What an album may be called; more words make the names finer, not the albums. */
const BEST_LABELS = 5;

/** What pictures show: labels, albums, a map, duplicates, tags. */
export function createImagesInsight(deps: ImagesDependencies, store: ImagesStore) {
  const { repositories, pictures, notify } = deps;

  async function readLabels(): Promise<void> {
    const stored = v.safeParse(
      labelsSchema,
      await repositories.settings.get(LABELS_KEY).catch(() => undefined),
    );
    store.setState({ labels: stored.success && stored.output.length > 0 ? stored.output : DEFAULT_LABELS });
  }
  void readLabels();
  const stopChanges = repositories.changes.subscribe(({ store: name, ids }) => {
    if (name === 'settings' && ids.includes(LABELS_KEY)) void readLabels();
  });

  const changeTags = (ids: readonly string[], change: (tags: readonly string[]) => readonly string[]) =>
    repositories.images
      .commit({
        updates: ids.map((id) => ({ id, change: (stored) => ({ ...stored, tags: change(stored.tags) }) })),
      })
      .catch((error: unknown) => notify(`The tags could not be stored: ${toAppError(error).message}`));

  return {
    /** The words that pictures are compared with, one a line; nothing = those that it came with. */
    async setLabels(text: string): Promise<void> {
      const labels = [...new Set(text.split('\n').map((line) => line.trim()))].filter((line) => line !== '');
      await repositories.settings.set(LABELS_KEY, labels);
      store.setState({ labels: labels.length > 0 ? labels : DEFAULT_LABELS });
    },

    async bestLabels(imageId: string, signal: AbortSignal): Promise<readonly LabelScore[]> {
      const embedder = await readyEmbedder(deps, { signal });
      const input = { embedder, imageIds: [imageId], labels: store.getState().labels, limit: BEST_LABELS };
      const [best = []] = await pictures.labels(input, { signal });
      return best;
    },

    async groups(signal: AbortSignal): Promise<readonly PictureGroup[]> {
      return pictures.groups({ embedder: await readyEmbedder(deps, { signal }) }, { signal });
    },
    async map(signal: AbortSignal): Promise<PictureMap> {
      return pictures.map({ embedder: await readyEmbedder(deps, { signal }) }, { signal });
    },
    async albums(count: number, signal: AbortSignal): Promise<readonly Album[]> {
      const embedder = await readyEmbedder(deps, { signal });
      return pictures.albums({ embedder, count, labels: store.getState().labels }, { signal });
    },

    /** '' gives it its suggested name back. */
    async renameAlbum({ centre }: Album, name: string): Promise<void> {
      try {
        const embedder = await readyEmbedder(deps, {});
        await pictures.renameAlbum({ embedder, centre, name });
      } catch (error) {
        notify(`The name could not be stored: ${toAppError(error).message}`);
      }
    },

    addTag: (ids: readonly string[], tag: string): Promise<void> => {
      const name = tag.trim();
      return name === '' ? Promise.resolve() : changeTags(ids, (tags) => [...new Set([...tags, name])]);
    },
    removeTag: (ids: readonly string[], tag: string): Promise<void> =>
      changeTags(ids, (tags) => tags.filter((other) => other !== tag)),

    async learnTag(
      tag: string,
      positive: readonly string[],
      negative: readonly string[],
      signal: AbortSignal,
    ): Promise<TagProbe> {
      const embedder = await readyEmbedder(deps, { signal });
      return pictures.learnTag({ embedder, tag, positive, negative }, { signal });
    },

    disposeInsight: stopChanges,
  };
}
