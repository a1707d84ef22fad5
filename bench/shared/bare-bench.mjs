// The frame of the benches that run one script of src/ on a page of its own, in a profile on disk.
import { parseArgs } from 'node:util';
import { openBarePage } from './bare-page.mjs';
import { describeMachine } from './machine.mjs';
import { log, report } from './report.mjs';

/**
 * `measure` gets a way to open the page, and the options; it returns what goes into the row and the JSON.
 * @param {{ name: string, claim: string, goal: string, script: string, options: object, measure: Function }} bench
 */
export async function runBareBench({ script, options, measure, ...bench }) {
  const { values } = parseArgs({ options });
  const { context, url, close } = await openBarePage({ page: script, log });
  const open = async () => {
    const page = await context.newPage();
    page.on('pageerror', (error) => log(`page error: ${error.message}`));
    await page.goto(url);
    return page;
  };
  try {
    const first = await open();
    const version = () => context.browser()?.version() ?? 'unknown';
    const machine = await describeMachine({ version }, first);
    await first.close();
    report(bench, await measure({ open, values }), machine);
  } finally {
    await close();
  }
}
