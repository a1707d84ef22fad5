import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EMOJI, emojiFiles } from '#adapters/engine-transformers/emoji-clip.test-support.ts';
import { createTransformersImageEmbedder } from '#adapters/engine-transformers/index.ts';
import { sha256Of } from '#adapters/hash-stream/index.ts';
import { createPictureDecoder } from '#adapters/picture-decoder/index.ts';
import { trainContract } from '#contracts/train.ts';
import type { ImageEmbedder, ImageEmbedderInfo } from '#core/ports/image-embedder.ts';
import type { CaptionedPictures, LessonReport, PictureTeacher } from '#core/ports/picture-teacher.ts';
import { createWorkerHandle } from '#rpc/worker-handle.ts';
import evaluation from '../../../e2e/fixtures/emoji-eval/captions.json' with { type: 'json' };
import { probeTag } from './tag-probe.ts';

// The figures of docs/features/images.md, by the product's own path: decoder, embedder, train worker.
const urls = import.meta.glob<string>('../../../e2e/fixtures/emoji-eval/pictures/*.webp', {
  query: '?url',
  import: 'default',
  eager: true,
});
/** Vectors differ a little from machine to machine, and a picture more or less is 0.03. */
const TOLERANCE = 0.05;
const { pictures } = evaluation;

const train = createWorkerHandle<PictureTeacher>({
  name: 'train',
  contract: trainContract,
  spawn: () =>
    new Worker(new URL('../../../workers/train/train.worker.ts', import.meta.url), { type: 'module' }),
});

describe('learning on the evaluation pictures', () => {
  let embedder: ImageEmbedder;
  let info: ImageEmbedderInfo;
  let vectors: Float32Array;
  /** As the product names pictures: which are held out hangs on it. */
  const ids: string[] = [];

  beforeAll(async () => {
    const decoder = createPictureDecoder();
    embedder = createTransformersImageEmbedder({ openFile: emojiFiles() });
    info = await embedder.load({ model: EMOJI, device: 'cpu', threads: 1 });
    const { input } = info;
    const size = input.width * input.height * 3;
    const pixels = new Uint8Array(pictures.length * size);
    for (const [i, { file }] of pictures.entries()) {
      const url = urls[`../../../e2e/fixtures/emoji-eval/${file}`];
      if (url === undefined) throw new Error(`No picture ${file}`);
      const blob = await (await fetch(url)).blob();
      ids.push(await sha256Of(blob));
      pixels.set((await decoder.decode({ file: blob, name: file, input })).pixels, i * size);
    }
    const count = pictures.length;
    vectors = (await embedder.embedImages({ modelId: EMOJI.id, pixels, count })).vectors;
  }, 120_000);
  afterAll(() => train.restart());

  async function lesson(captionsOf: (picture: (typeof pictures)[number]) => readonly string[]) {
    const order = ids.map((_, i) => i).sort((a, b) => ((ids[a] ?? '') < (ids[b] ?? '') ? -1 : 1));
    const pairs = order.flatMap((row, at) => {
      const picture = pictures[row];
      return picture ? captionsOf(picture).map((caption) => ({ caption, at })) : [];
    });
    const captions = pairs.map(({ caption }) => caption);
    const { vectors: texts } = await embedder.embedTexts({ modelId: EMOJI.id, texts: captions });
    const captioned: CaptionedPictures = {
      spaceId: info.fingerprint,
      logits: info.logits,
      dimension: info.dimension,
      imageIds: order.map((row) => ids[row] ?? ''),
      pictures: Float32Array.from(
        order.flatMap((row) => [...vectors.subarray(row * info.dimension, (row + 1) * info.dimension)]),
      ),
      captions,
      pictureOf: pairs.map(({ at }) => at),
      texts,
    };
    let report: LessonReport | undefined;
    for await (const event of train.client.teach({ captioned }))
      if (event.type === 'end') report = event.report;
    if (report === undefined) throw new Error('The lesson has no end.');
    return report;
  }

  test('captions that the model was trained on: nothing is gained, and nothing is claimed', async () => {
    const { split, before, after, verdict } = await lesson(({ caption, keywords }) => [
      ...new Set([caption, ...keywords]),
    ]);
    expect(split).toEqual({
      pictures: { train: 72, validation: 18, test: 30 },
      captions: { train: 568, validation: 86, test: 129 },
      sharedCaptions: 135,
    });
    expect(Math.abs(before.recall1.mean - 0.603)).toBeLessThan(TOLERANCE);
    expect(Math.abs(after.recall1.mean - 0.603)).toBeLessThan(TOLERANCE);
    expect(['unclear', 'none']).toContain(verdict);
  });

  test('captions in a wording of one’s own, which the model does not know: held-out ones are found sooner', async () => {
    const { split, before, after, change } = await lesson(({ name }) => [
      `where did we put the ${name} sheet, drawer seven`,
    ]);
    expect(split.captions).toEqual({ train: 72, validation: 18, test: 30 });
    expect(Math.abs(before.reciprocalRank.mean - 0.543)).toBeLessThan(TOLERANCE);
    expect(Math.abs(after.reciprocalRank.mean - 0.756)).toBeLessThan(TOLERANCE);
    expect(change.reciprocalRank.better).toBeGreaterThan(3 * change.reciprocalRank.worse);
  });

  // Every other picture is an example; the rest are held out. Accuracies are balanced: guessing is 0.5.
  test.each([
    ['animal', 15, 0.744, 0.811],
    ['food', 10, 0.77, 0.71],
    ['face', 8, 0.846, 0.793],
    ['nature', 19, 0.645, 0.671],
  ])('a linear probe for “%s”', async (tag, examples, crossValidated, heldOut) => {
    const has = new Set(ids.filter((_, i) => pictures[i]?.keywords.includes(tag)));
    const [seen, unseen] = [0, 1].map((odd) => ids.filter((_, i) => i % 2 === odd));
    const positive = new Set(seen?.filter((id) => has.has(id)));
    const negative = new Set(seen?.filter((id) => !has.has(id)));
    expect(positive.size).toBe(examples);
    const probe = await probeTag(
      { imageIds: ids, vectors, dimension: info.dimension },
      { tag, positive, negative },
    );
    const found = new Set(probe.suggested.map(({ imageId }) => imageId));
    const shareFound = (rows: readonly string[] = []): number =>
      rows.filter((id) => found.has(id)).length / rows.length;
    const yes = shareFound(unseen?.filter((id) => has.has(id)));
    const no = shareFound(unseen?.filter((id) => !has.has(id)));
    expect(Math.abs(probe.accuracy - crossValidated)).toBeLessThan(TOLERANCE);
    expect(Math.abs((yes + 1 - no) / 2 - heldOut)).toBeLessThan(TOLERANCE);
  });
});
