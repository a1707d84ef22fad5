// What a bench leaves behind: one JSON on its output, and the same for bench/run.mjs.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CACHE } from './site.mjs';

export const log = (...parts) => console.error(...parts);

/** Where a bench leaves its result for bench/run.mjs. */
export const resultPath = (name) => join(CACHE, `${name}.json`);

/**
 * @param {{ name: string, claim: string, goal: string }} bench
 * @param {{ summary: string, isMet?: boolean }} measured and all figures
 */
export function report({ name, claim, goal }, { summary, isMet, ...figures }, machine) {
  const row = { claim, goal, measured: summary, isMet, command: `node bench/${name}.mjs` };
  const result = { name, row, figures, machine };
  mkdirSync(CACHE, { recursive: true });
  writeFileSync(resultPath(name), JSON.stringify(result, null, 2));
  console.log(JSON.stringify(result, null, 2));
}
