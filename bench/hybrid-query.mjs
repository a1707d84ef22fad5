// A filtered hybrid query against the pure scan, and what opening the indexes costs.
//   node bench/hybrid-query.mjs [--chunks 100000] [--rounds 3] [--queries 60] [--words 150]
// Queries run through the product's own retrieval over IndexedDB; only embedding the question is left out.
import { join } from 'node:path';
import { runBareBench } from './shared/bare-bench.mjs';
import { spread } from './shared/stats.mjs';

const MOST = 3;
const MOST_OPENING = 0.1;
const SCAN = 'pure scan';
const FILTERED = 'hybrid, a fifth of the documents';

function quantile(times, share) {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

const rounded = (times) =>
  Object.fromEntries(Object.entries(times).map(([name, ms]) => [name, Math.round(ms)]));

async function measure({ open, values }) {
  const page = await open();
  await page.waitForFunction(() => 'measureHybrid' in window);
  const input = {
    count: Number(values.chunks),
    rounds: Number(values.rounds),
    queryCount: Number(values.queries),
    words: Number(values.words),
  };
  const { count, built, opened, byRound, parts } = await page.evaluate(
    (asked) => window.measureHybrid(asked),
    input,
  );
  const of = (name, share) => byRound.map((times) => quantile(times[name], share));
  const ratioAt = (share) => {
    const scan = of(SCAN, share);
    return spread(of(FILTERED, share).map((ms, i) => ms / scan[i]));
  };
  const [ratio, medianRatio] = [ratioAt(0.95), ratioAt(0.5)];
  const openedOfBuilt = Number((opened.totalMs / built.totalMs).toFixed(3));
  const timesAt = (share) =>
    Object.fromEntries(Object.keys(byRound[0]).map((name) => [name, spread(of(name, share))]));
  const [p50Ms, p95Ms] = [timesAt(0.5), timesAt(0.95)];
  const partsAt = (share) =>
    Object.fromEntries(Object.entries(parts).map(([name, times]) => [name, quantile(times, share)]));
  return {
    summary: `${count.toLocaleString('en')} chunks: p95 ${ratio.median} times (${ratio.min} to ${ratio.max}; ${p95Ms[FILTERED].median} against ${p95Ms[SCAN].median} ms), middle ${medianRatio.median} times; opening ${openedOfBuilt} (${(opened.totalMs / 1000).toFixed(2)} of ${(built.totalMs / 1000).toFixed(1)} s)`,
    isMet: ratio.median <= MOST && openedOfBuilt <= MOST_OPENING,
    count,
    ratio,
    medianRatio,
    p50Ms,
    p95Ms,
    p50MsOfParts: partsAt(0.5),
    p95MsOfParts: partsAt(0.95),
    builtMs: rounded(built),
    openedMs: rounded(opened),
    openedOfBuilt,
  };
}

await runBareBench({
  name: 'hybrid-query',
  claim:
    'A filtered hybrid query against the pure scan of all codes; opening stored indexes against building them',
  goal: `p95 ≤ ${MOST} times; opening ≤ ${MOST_OPENING}`,
  script: join(import.meta.dirname, 'vector-index/measure-hybrid.mjs'),
  options: {
    chunks: { type: 'string', default: '100000' },
    rounds: { type: 'string', default: '3' },
    queries: { type: 'string', default: '60' },
    words: { type: 'string', default: '150' },
  },
  measure,
});
