// npm test: typecheck, lint, dead code, unit, browser, size, e2e on the production build.
//   --only unit,e2e runs some stages. Ends with one line: N passed, N failed.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from './build.mjs';
import { findChromium } from './find-chromium.mjs';
import { fetchPack } from './models.mjs';

const PROJECT = resolve(import.meta.dirname, '..');
const RESULTS = join(PROJECT, 'test-results');
const bin = (name) => join(PROJECT, 'node_modules/.bin', name);

function run(command, args, env = {}) {
  const { status } = spawnSync(command, args, {
    cwd: PROJECT,
    stdio: 'inherit',
    env: { ...process.env, ...env },
  });
  return status === 0;
}

/** A stage without a test report counts as one test. */
const single = (isOk) => ({ passed: isOk ? 1 : 0, failed: isOk ? 0 : 1 });

function vitest(stage, projects) {
  const report = join(RESULTS, `${stage}.json`);
  const isOk = run(bin('vitest'), [
    'run',
    '--project',
    projects,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ]);
  if (!existsSync(report)) return { passed: 0, failed: 1 };
  const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, 'utf8'));
  return { passed: numPassedTests, failed: Math.max(numFailedTests, isOk ? 0 : 1) };
}

function playwright() {
  const report = join(RESULTS, 'e2e.json');
  const isOk = run(bin('playwright'), ['test', '--config', 'e2e/playwright.config.ts'], {
    BENCHTOP_E2E_REPORT: report,
  });
  if (!existsSync(report)) return { passed: 0, failed: 1 };
  const { stats } = JSON.parse(readFileSync(report, 'utf8'));
  return { passed: stats.expected, failed: Math.max(stats.unexpected + stats.flaky, isOk ? 0 : 1) };
}

const stages = {
  typecheck: () => single(['.', 'workers', 'e2e'].every((program) => run(bin('tsc'), ['-p', program]))),
  lint: () => single(run(bin('biome'), ['ci', '--error-on-warnings', '.'])),
  knip: () => single(run(bin('knip'), ['--no-progress'])),
  unit: () => vitest('unit', 'node'),
  browser: () => vitest('browser', 'browser*'),
  size: async () => {
    await build();
    return single(run(bin('size-limit'), []));
  },
  e2e: async () => {
    await build();
    return playwright();
  },
};

const { values } = parseArgs({ options: { only: { type: 'string' } } });
const wanted = values.only ? values.only.split(',') : Object.keys(stages);
rmSync(RESULTS, { recursive: true, force: true });
mkdirSync(RESULTS, { recursive: true });
const total = { passed: 0, failed: 0 };
const times = [];
try {
  if (wanted.some((name) => name === 'browser' || name === 'e2e' || name === 'unit')) {
    process.env.CHROMIUM_PATH = await findChromium();
    await fetchPack('test');
  }
  for (const name of wanted) {
    console.log(`\n── ${name} ──`);
    const startMs = Date.now();
    const { passed, failed } = await stages[name]();
    total.passed += passed;
    total.failed += failed;
    times.push(
      `${name.padEnd(10)} ${String(Math.round((Date.now() - startMs) / 1000)).padStart(5)} s  ${passed} passed, ${failed} failed`,
    );
  }
} catch (error) {
  console.error(error.message ?? error);
  total.failed += 1;
}
console.log(`\n${times.join('\n')}\n\n${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;
