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
import queries from '../../../e2e/fixtures/emoji-eval/queries.json' with { type: 'json' };
import { isMatch, NOTHING_SAID } from './match-floor.ts';
import { probeTag } from './tag-probe.ts';
import { dot, rowOf } from './vector-math.ts';

// The figures of docs/features/images.md, by the product's own path: decoder, embedder, train worker.
const urls = import.meta.glob<string>('../../../e2e/fixtures/emoji-eval/pictures/*.webp', {
  query: '?url',
  import: 'default',
  eager: true,
});
/** Vectors differ a little from machine to machine, and a picture more or less is 0.03. */
const TOLERANCE = 0.05;
/** Asked of documents; no picture of the set shows any of it (of one, a bicycle repair manual, one shows a part). */
const UNRELATED = (
  'invoice payment terms, quarterly revenue report, how do I reset my password, ' +
  'liability clause in the rental contract, annual leave policy, database migration steps, ' +
  'interest rates and inflation, minutes of the board meeting, tax deduction for home office, ' +
  'kernel scheduler latency, blood pressure medication dosage, passport renewal form, ' +
  'knitting pattern for socks, chess opening theory, warranty of the washing machine, ' +
  'python exception handling, notice period of employees, carbon emissions of cement, ' +
  'insurance claim number, agenda for tuesday, photosynthesis in deep water, the treaty of westphalia, ' +
  'linear regression coefficients, vaccine trial results, parliamentary election turnout, ' +
  'recipe for sourdough starter, unit tests for the parser, mortgage repayment schedule, ' +
  'history of the ottoman empire, customer churn analysis, privacy policy cookies, ' +
  'grammar of ancient greek, supply chain bottleneck, x-ray of a fractured wrist, ' +
  'lease renewal deadline, bicycle repair manual torque, net present value, asylum procedure appeal, ' +
  'maximum likelihood estimation, expense report march'
).split(', ');
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

  test('the floor under which a picture does not match: what it keeps, and what it sends away', async () => {
    const texts = [...queries.map(({ query }) => query), ...pictures.map(({ name }) => name), ...UNRELATED];
    const embed = async (words: readonly string[]) =>
      (await embedder.embedTexts({ modelId: EMOJI.id, texts: words })).vectors;
    const [asked, nothing] = [await embed(texts), await embed(NOTHING_SAID)];
    const { dimension, logits } = info;
    const cosines = (row: number, of: Float32Array): readonly number[] =>
      Array.from({ length: of.length / dimension }, (_, i) =>
        dot(rowOf(vectors, row, dimension), rowOf(of, i, dimension)),
      );
    const others = pictures.map((_, row) => cosines(row, nothing));
    const scores = pictures.map((_, row) => cosines(row, asked));
    /** The best eight of a text, and which of them match. */
    const strip = (text: number) => {
      const scoreOf = (row: number): number => scores[row]?.[text] ?? 0;
      const best = pictures.map((_, row) => row).sort((a, b) => scoreOf(b) - scoreOf(a));
      const eight = best.slice(0, 8);
      const names = (rows: readonly number[]) => rows.map((row) => pictures[row]?.id ?? '');
      const matching = eight.filter((row) => isMatch(scoreOf(row), others[row] ?? [], logits.scale));
      return { eight: names(eight), matching: names(matching) };
    };
    const rights = [...queries.map(({ right }) => right), ...pictures.map(({ id }) => [id])];
    const among = (shown: readonly string[], right: readonly string[]) =>
      right.some((id) => shown.includes(id));
    const found = rights.map((right, text) => {
      const { eight, matching } = strip(text);
      return { before: among(eight, right), after: among(matching, right) };
    });
    const of = (from: number, to: number, key: 'before' | 'after'): number =>
      found.slice(from, to).filter((each) => each[key]).length;
    const empty = UNRELATED.filter((_, i) => strip(rights.length + i).matching.length === 0).length;
    expect(queries).toHaveLength(81);
    expect(UNRELATED).toHaveLength(40);
    // The figures of docs/features/images.md.
    const figures = {
      before: of(0, 81, 'before'),
      kept: of(0, 81, 'after'),
      names: of(81, 201, 'after'),
      empty,
    };
    for (const [key, value] of Object.entries({ before: 59, kept: 50, names: 115, empty: 28 }))
      expect(
        Math.abs(figures[key as keyof typeof figures] - value),
        `${key} ${JSON.stringify(figures)}`,
      ).toBeLessThanOrEqual(2);
  });

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
