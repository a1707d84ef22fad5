// A search over stored pictures against the pure scan of the same index for the same question.
//   node bench/image-search.mjs [--pictures 50000] [--rounds 3] [--queries 20]
// The product's own search over IndexedDB; only the question's vector is given to it.
import { join } from 'node:path';
import { runBareBench } from './shared/bare-bench.mjs';
import { pairRatios, spread } from './shared/stats.mjs';

const MOST = 1.2;

const middle = (times) => [...times].sort((a, b) => a - b)[times.length >> 1];

async function measure({ open, values }) {
  const page = await open();
  await page.waitForFunction(() => 'measurePictures' in window);
  const input = {
    count: Number(values.pictures),
    rounds: Number(values.rounds),
    queryCount: Number(values.queries),
  };
  const { count, openedMs, byRound } = await page.evaluate((asked) => window.measurePictures(asked), input);
  const of = (name) => byRound.map((times) => middle(times[name]));
  const figures = (limit) => ({
    ratio: pairRatios(of(`search, ${limit}`), of(`scan, ${limit}`)),
    ratioOfAFifth: pairRatios(of(`a fifth, ${limit}`), of(`scan, ${limit}`)),
    scanMs: spread(of(`scan, ${limit}`)),
    searchMs: spread(of(`search, ${limit}`)),
  });
  const [first, screen] = [figures('first'), figures('screen')];
  const words = ({ ratio, searchMs, scanMs }) =>
    `${ratio.median} times (${ratio.min} to ${ratio.max}; ${searchMs.median} against ${scanMs.median} ms)`;
  return {
    summary: `${count.toLocaleString('en')} pictures: the best 100 ${words(first)}; the best 30,000, as the screen asks, ${words(screen)}`,
    isMet: first.ratio.median <= MOST && screen.ratio.median <= MOST,
    count,
    bestHundred: first,
    asTheScreen: screen,
    openedMs: Math.round(openedMs),
  };
}

await runBareBench({
  name: 'image-search',
  claim: 'A search over pictures against the pure scan of the same vectors for the same question',
  goal: `≤ ${MOST} times`,
  script: join(import.meta.dirname, 'vector-index/measure-pictures.mjs'),
  options: {
    pictures: { type: 'string', default: '50000' },
    rounds: { type: 'string', default: '3' },
    queries: { type: 'string', default: '20' },
  },
  measure,
});
