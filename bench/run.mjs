// npm run bench: one bench after the other, and docs/benchmarks.md with what they measured.
//   node bench/run.mjs [--only decode] [--only ingest]     the rows of the others stay as they are
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { resultPath } from './shared/report.mjs';
import { PROJECT } from './shared/site.mjs';

const NAMES = [
  'decode',
  'second-turn',
  'book',
  'embedding',
  'ingest',
  'ingest-memory',
  'vector-index',
  'hybrid-query',
  'images',
  'image-search',
  'image-query',
  'image-grid',
  'main-thread',
  'first-load',
  'warm-reload',
];
const DOCUMENT = join(PROJECT, 'docs/benchmarks.md');
const HEAD = ['| Claim | Goal | Measured | | Command | When |', '|---|---|---|---|---|---|'];

const cell = (text) => String(text).replaceAll('|', '\\|');

/** A figure without a goal is only stated. */
function verdict(isMet) {
  if (isMet === undefined) return 'stated';
  return isMet ? 'met' : '**missed**';
}

function rowOf({ row, machine }) {
  const { claim, goal, measured, isMet, command } = row;
  return `| ${[claim, goal, measured, verdict(isMet), `\`${command}\``, `${machine.date}, ${machine.commit}`].map(cell).join(' | ')} |`;
}

function machineLines(machine) {
  return [
    `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGB} GB, ${machine.system}. Chromium ${machine.chromium} (headless), Node ${machine.node}.`,
    `Graphics processor: ${machine.gpu}. Engine threads: ${machine.engineThreads} (one fewer than cores). Isolated page: ${machine.isIsolated ? 'yes' : 'no'}.`,
    `Load average before the last run: ${machine.loadAverage}${machine.loadAverage > 1 ? ' (the machine was busy with something else: read the ratios with care)' : ''}.`,
  ];
}

/** Puts lines between two marks of the document; everything around them is written by hand. */
function between(text, mark, lines) {
  const [start, end] = [`<!-- ${mark}:begin -->`, `<!-- ${mark}:end -->`];
  const [from, to] = [text.indexOf(start), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/benchmarks.md has no ${start} … ${end}`);
  return `${text.slice(0, from + start.length)}\n${lines.join('\n')}\n${text.slice(to)}`;
}

function write(results) {
  const text = readFileSync(DOCUMENT, 'utf8');
  const known = new Map(
    [...text.matchAll(/^\|.*`node bench\/([\w-]+)\.mjs`.*\|$/gm)].map(([line, name]) => [name, line]),
  );
  for (const result of results) known.set(result.name, rowOf(result));
  const rows = NAMES.flatMap((name) => known.get(name) ?? []);
  const withTable = between(text, 'results', [...HEAD, ...rows]);
  writeFileSync(DOCUMENT, between(withTable, 'machine', machineLines(results.at(-1).machine)));
}

const { values } = parseArgs({ options: { only: { type: 'string', multiple: true, default: NAMES } } });
const unknown = values.only.filter((name) => !NAMES.includes(name));
if (unknown.length > 0) throw new Error(`There is no bench “${unknown}”. There are: ${NAMES.join(', ')}.`);

const failed = [];
for (const name of NAMES.filter((candidate) => values.only.includes(candidate))) {
  console.log(`\n${name}`);
  const { status } = spawnSync(process.execPath, [join(PROJECT, `bench/${name}.mjs`)], {
    cwd: PROJECT,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) {
    failed.push(name);
    continue;
  }
  const result = JSON.parse(readFileSync(resultPath(name), 'utf8'));
  write([result]); // after each: a later one that fails loses nothing
  console.log(`  ${result.row.measured} (goal: ${result.row.goal})`);
}
if (failed.length > 0) {
  console.error(`\nNot measured: ${failed.join(', ')}`);
  process.exitCode = 1;
}
