// The vector index against voy and a scan in JavaScript.
//   node bench/vector-index.mjs [--sizes 1000,10000,100000] [--rounds 5]     all sizes take half an hour
// Builds the page in vector-index/ and runs it in headless Chromium; the JSON has the tables as Markdown.
import { join } from 'node:path';
import { runBareBench } from './shared/bare-bench.mjs';
import { log } from './shared/report.mjs';

const OF_VOY = 8;
const OF_SCAN = 5;
const LEAST_RECALL = 0.99;
const MOST_BYTES = 0.275;
const number = (value, digits = 2) => (value === undefined ? '–' : value.toFixed(digits));
const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;

const ratios = (slow, fast, share = 'p50') =>
  slow.byRound.map((round, i) => round[share] / fast.byRound[i][share]).sort((a, b) => a - b);

/** The middle of the rounds' ratios, with the least and the most. */
function ratio(slow, fast, share) {
  const all = ratios(slow, fast, share);
  const middle = median(all);
  return `${number(middle)} (${number(all[0])}–${number(all.at(-1))})`;
}

const median = (times) => [...times].sort((a, b) => a - b)[times.length >> 1];

function mainTable(results) {
  const rows = results.flatMap(({ count, kind, float32Bytes, buildMs, plain }) =>
    Object.entries(plain).map(([name, figures]) => {
      const build = buildMs[name] === undefined ? '–' : `${Math.round(buildMs[name])} ms`;
      const bytes = `${megabytes(figures.bytes)} (${number(figures.bytes / float32Bytes, 3)})`;
      const times = `${number(figures.p50)} | ${number(figures.p95)} | ${number(figures.recall, 4)}`;
      return `| ${count.toLocaleString('en')} ${kind} | ${name} | ${build} | ${bytes} | ${times} |`;
    }),
  );
  return [
    '| vectors | index | build | bytes (of Float32) | p50 ms | p95 ms | recall@10 |',
    '|---|---|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}

function ratioTable(results) {
  const rows = results.flatMap(({ count, kind, plain, filters, times }) => {
    const ours = plain['int8 codes'];
    const name = `${count.toLocaleString('en')} ${kind}`;
    const parts = [
      ...(plain.voy ? [`voy ÷ int8 codes | ${ratio(plain.voy, ours)}`] : []),
      `js scan ÷ int8 codes | ${ratio(plain['js scan'], ours)}`,
      `js scan ÷ int8 rescored | ${ratio(plain['js scan'], plain['int8 rescored'])}`,
      ...Object.entries(filters)
        .slice(1)
        .map(
          ([filter, figures]) =>
            `p95, filter “${filter}” ÷ none | ${ratio(figures, filters['no filter'], 'p95')}`,
        ),
    ];
    if (times) {
      const share = (open, made) =>
        `${number(median(open) / median(made), 3)} (${number(median(open), 1)} of ${number(median(made), 1)} ms)`;
      parts.push(`open ÷ build, in memory | ${share(times.open, times.build)}`);
      parts.push(`open ÷ build, with IndexedDB | ${share(times.openStored, times.buildStored)}`);
    }
    return parts.map((part) => `| ${name} | ${part} |`);
  });
  return ['| vectors | ratio | middle (least–most) of the rounds |', '|---|---|---|', ...rows].join('\n');
}

/** What the goals are about: vectors like those of texts. */
function verdicts(results) {
  return results.flatMap(({ count, kind, float32Bytes, plain }) => {
    if (kind !== 'texts' || count < 10_000) return [];
    const ours = plain['int8 codes'];
    const { voy, 'js scan': scan } = plain;
    const name = count.toLocaleString('en');
    const bytes = ours.bytes / float32Bytes;
    const rows = [
      { text: `recall ${number(ours.recall, 3)}`, isMet: ours.recall >= LEAST_RECALL },
      { text: `${number(bytes, 3)} of Float32`, isMet: bytes <= MOST_BYTES },
    ];
    if (voy) rows.push({ text: `voy ${ratio(voy, ours)}`, isMet: median(ratios(voy, ours)) >= OF_VOY });
    const isLarge = count >= 100_000;
    const isFast = !isLarge || median(ratios(scan, ours)) >= OF_SCAN;
    rows.push({ text: `scan ${ratio(scan, ours)}`, isMet: isFast });
    return rows.map(({ text, isMet }) => ({ text: `${name}: ${text}`, isMet }));
  });
}

async function measure({ open, values }) {
  const results = [];
  for (const count of values.sizes.split(',').map(Number))
    for (const kind of ['texts', 'uniform']) {
      log(`${count} ${kind} …`);
      const page = await open(); // memory of the size before is given back
      await page.waitForFunction(() => 'measureSize' in window);
      const input = {
        count,
        kind,
        rounds: Number(values.rounds),
        queryCount: count > 20_000 ? 60 : 100,
        withVoy: count <= Number(values['voy-max']),
        withOpenings: kind === 'texts' && count > 1000,
      };
      results.push(await page.evaluate((asked) => window.measureSize(asked), input));
      await page.close();
    }
  const all = verdicts(results);
  log(`${mainTable(results)}\n\n${ratioTable(results)}`);
  return {
    summary: all.map(({ text }) => text).join('; '),
    ...(all.length > 0 ? { isMet: all.every(({ isMet }) => isMet) } : {}),
    table: mainTable(results),
    ratios: ratioTable(results),
    results,
  };
}

await runBareBench({
  name: 'vector-index',
  claim:
    'A query of the vector index against voy and against a Float32 scan in JavaScript; recall and memory',
  goal: `10,000: voy ≥ ${OF_VOY}; 100,000: scan ≥ ${OF_SCAN}; recall ≥ ${LEAST_RECALL}; bytes ≤ ${MOST_BYTES} of Float32`,
  script: join(import.meta.dirname, 'vector-index/measure.mjs'),
  options: {
    sizes: { type: 'string', default: '1000,10000' },
    rounds: { type: 'string', default: '3' },
    // 27 KB of memory a vector: 100,000 would take 2.7 GB.
    'voy-max': { type: 'string', default: '10000' },
  },
  measure,
});
