// The vector index: node bench/vector-index.mjs [--sizes 1000,10000,100000] [--rounds 5]
// Builds the page in vector-index/, runs it in headless Chromium, prints the tables as Markdown.
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openBarePage } from './shared/bare-page.mjs';

const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: '1000,10000,100000' },
    rounds: { type: 'string', default: '5' },
    // 27 KB of memory a vector: 100,000 would take 2.7 GB.
    'voy-max': { type: 'string', default: '10000' },
    json: { type: 'boolean', default: false },
  },
});
const log = (...parts) => console.error(...parts);
const number = (value, digits = 2) => (value === undefined ? '–' : value.toFixed(digits));
const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;

/** The middle of the rounds' ratios, with the least and the most. */
function ratio(slow, fast, share = 'p50') {
  const ratios = slow.byRound.map((round, i) => round[share] / fast.byRound[i][share]).sort((a, b) => a - b);
  const middle = ratios[ratios.length >> 1];
  return `${number(middle)} (${number(ratios[0])}–${number(ratios.at(-1))})`;
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

const { context, url, close } = await openBarePage({
  page: join(import.meta.dirname, 'vector-index/measure.mjs'),
  log,
});
try {
  const results = [];
  for (const count of values.sizes.split(',').map(Number))
    for (const kind of ['texts', 'uniform']) {
      log(`${count} ${kind} …`);
      const page = await context.newPage(); // memory of the size before is given back
      page.on('pageerror', (error) => log(`page error: ${error.message}`));
      await page.goto(url);
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
  if (values.json) console.log(JSON.stringify(results, null, 2));
  else {
    const { model } = cpus()[0];
    console.log(
      `Chromium ${context.browser()?.version() ?? ''}, ${cpus().length} × ${model}, 384 numbers a vector.\n`,
    );
    console.log(`${mainTable(results)}\n\n${ratioTable(results)}`);
  }
} finally {
  await close();
}
