// A filtered hybrid query against the pure scan, and what opening the indexes costs.
//   node bench/hybrid-query.mjs [--chunks 100000] [--rounds 3] [--queries 60] [--words 150]
// Queries run through the product's own retrieval over IndexedDB; only embedding the question is left out.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openBarePage } from './shared/bare-page.mjs';
import { spread } from './shared/stats.mjs';

const MOST = 3;
const { values } = parseArgs({
  options: {
    chunks: { type: 'string', default: '100000' },
    rounds: { type: 'string', default: '3' },
    queries: { type: 'string', default: '60' },
    words: { type: 'string', default: '150' },
  },
});
const log = (...parts) => console.error(...parts);

function quantile(times, share) {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

const rounded = (times) =>
  Object.fromEntries(Object.entries(times).map(([name, ms]) => [name, Math.round(ms)]));

const { context, url, close } = await openBarePage({
  page: join(import.meta.dirname, 'vector-index/measure-hybrid.mjs'),
  log,
});
try {
  const page = await context.newPage();
  page.on('pageerror', (error) => log(`page error: ${error.message}`));
  await page.goto(url);
  await page.waitForFunction(() => 'measureHybrid' in window);
  const { count, built, opened, byRound, parts } = await page.evaluate(
    (asked) => window.measureHybrid(asked),
    {
      count: Number(values.chunks),
      rounds: Number(values.rounds),
      queryCount: Number(values.queries),
      words: Number(values.words),
    },
  );
  const of = (name, share) => byRound.map((times) => quantile(times[name], share));
  const scan = of('pure scan', 0.95);
  const p95 = Object.fromEntries(Object.keys(byRound[0]).map((name) => [name, spread(of(name, 0.95))]));
  const ratios = of('hybrid, a fifth of the documents', 0.95).map((ms, i) => ms / scan[i]);
  const ratio = spread(ratios);
  const figures = {
    count,
    goal: `p95 of the filtered hybrid query ≤ ${MOST} times that of the pure scan`,
    ratio,
    isMet: ratio.median <= MOST,
    p95Ms: p95,
    p95MsOfParts: { dense: quantile(parts.dense, 0.95), lexical: quantile(parts.lexical, 0.95) },
    builtMs: rounded(built),
    openedMs: rounded(opened),
    openedOfBuilt: Number((opened.totalMs / built.totalMs).toFixed(3)),
  };
  console.log(JSON.stringify(figures, null, 2));
} finally {
  await close();
}
