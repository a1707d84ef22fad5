// Indexing pictures against the plain loop, and for how much of it the embedder is at work.
//   node bench/images.mjs [--rounds 3] [--pictures 100] [--large-pictures 48]
import { log, runBench } from './shared/bench.mjs';
import { makeClipSized } from './shared/clip-sized.mjs';
import { PICTURE_MODEL } from './shared/pictures.mjs';
import { alternate, pairRatios, spread } from './shared/stats.mjs';

const GOAL = { ratio: 2, cosine: 0.99, busy: 0.9 };
const WAYS = ['product', 'plain'];
const WARM_UP = 4;
/** Of the large model: a picture takes it a second on one core, and a share needs several batches. */
const LARGE_ROUNDS = 1;

/** Both ways in turns, other pictures in every round. */
async function race(page, { model, path, count, rounds, threads, first }) {
  const call = (name, ...input) =>
    page.evaluate(([method, list]) => globalThis.pictures[method](...list), [name, input]);
  await call('storeModel', model, path);
  await call('loadPlain', model.id, path, threads);
  await call('make', first, WARM_UP);
  for (const way of WAYS) await call('run', way, model);
  await call('forget');
  const perSecond = { product: [], plain: [] };
  const busy = [];
  const adding = [];
  for (let round = 0; round < rounds; round++) {
    const bytes = await call('make', first + WARM_UP + round * count, count);
    for (const way of alternate(WAYS, round)) {
      const { ms, pictures, busyShare, addMs } = await call('run', way, model);
      perSecond[way].push((pictures * 1000) / ms);
      if (way === 'product') busy.push(busyShare);
      if (way === 'product') adding.push(addMs / ms);
    }
    log(
      `${model.id} ${round + 1}/${rounds}: ${WAYS.map((way) => `${way} ${perSecond[way].at(-1).toFixed(2)}`).join(', ')} pictures/s, embedder busy ${busy.at(-1)?.toFixed(2)} (${Math.round(bytes / count / 1000)} kB each)`,
    );
  }
  return {
    pictures: rounds * count,
    ratio: pairRatios(perSecond.product, perSecond.plain),
    busyShare: spread(busy, 3),
    shareOfAdding: spread(adding, 3),
    picturesPerSecond: Object.fromEntries(WAYS.map((way) => [way, spread(perSecond[way])])),
    cosines: await call('compare'),
  };
}

const words = (name, { pictures, ratio, busyShare, cosines }) =>
  `${name}, ${pictures} pictures: ${ratio.median} times (${ratio.min} to ${ratio.max}), busy ${busyShare.median}, cosine ${cosines.mean.toFixed(4)} (worst ${cosines.worst.toFixed(4)}, of different pictures ${cosines.meanOfOthers.toFixed(2)})`;

async function measure({ rounds, threads, values, newContext }) {
  const large = makeClipSized();
  const { page: openPage } = await newContext();
  const raced = async (options) => {
    const page = await openPage('bench/pictures.html'); // a runtime of its own: threads and paths are set once
    const figures = await race(page, { rounds, threads, ...options });
    await page.close();
    return figures;
  };
  const count = Number(values.pictures);
  const small = await raced({ model: PICTURE_MODEL, path: '/models/', count, first: 0 });
  const ofSize = await raced({
    model: large,
    path: '/bench-models/',
    count: Number(values['large-pictures']),
    rounds: LARGE_ROUNDS,
    first: 100_000,
  });
  return {
    summary: `${words(PICTURE_MODEL.label, small)}; ${words('of the size of CLIP ViT-B/32', ofSize)}`,
    isMet:
      small.ratio.median >= GOAL.ratio &&
      small.cosines.mean >= GOAL.cosine &&
      ofSize.busyShare.median >= GOAL.busy,
    small,
    ofSizeOfClip: ofSize,
    threads,
  };
}

await runBench({
  name: 'images',
  claim:
    'Indexing pictures of 2 megapixels against the plain loop of transformers.js on the page; for how much of it the embedder is at work',
  goal: `Emoji CLIP ≥ ${GOAL.ratio} times, mean cosine ≥ ${GOAL.cosine}; of the size of CLIP: busy ≥ ${GOAL.busy}`,
  rounds: 3,
  options: {
    pictures: { type: 'string', default: '100' },
    'large-pictures': { type: 'string', default: '48' },
  },
  measure,
});
