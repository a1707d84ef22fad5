// Where the figures were measured.
import { execFileSync } from 'node:child_process';
import { cpus, loadavg, platform, release, totalmem } from 'node:os';

function commit() {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  } catch {
    return 'unknown'; // an unpacked archive
  }
}

/** @param {import('playwright').Page} page an isolated page of the app: it says what the product sees */
export async function describeMachine(browser, page) {
  const seen = await page.evaluate(async () => {
    const adapter = await navigator.gpu?.requestAdapter();
    const { vendor = '', architecture = '', isFallbackAdapter = false } = adapter?.info ?? {};
    return {
      cores: navigator.hardwareConcurrency,
      isIsolated: crossOriginIsolated,
      gpu: adapter ? `${vendor} ${architecture}${isFallbackAdapter ? ' (software)' : ''}`.trim() : 'none',
    };
  });
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGB: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${release()}`,
    chromium: browser.version(),
    node: process.version,
    gpu: seen.gpu,
    isIsolated: seen.isIsolated,
    engineThreads: Math.max(1, seen.cores - 1),
    date: new Date().toISOString().slice(0, 16).replace('T', ' '),
    commit: commit(),
    loadAverage: Number(loadavg()[0].toFixed(2)),
  };
}
