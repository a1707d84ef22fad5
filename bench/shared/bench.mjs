// The frame of every bench: options, build, server, browser, and the one JSON that it prints.
import { parseArgs } from 'node:util';
import { chromium } from 'playwright';
import { CHROMIUM_FLAGS, findChromium } from '../../scripts/find-chromium.mjs';
import { fetchPack } from '../../scripts/models.mjs';
import { startServer } from '../../scripts/serve.mjs';
import { describeMachine } from './machine.mjs';
import { watchAnswers } from './page-watch.mjs';
import { log, report } from './report.mjs';
import { buildSite, removeSite } from './site.mjs';

const FIRST_PORT = 4900;
/** Nothing that a bench waits for takes longer; what does is broken. */
const LONG_MS = 180_000;

export { log };

/** A page that reports an error measures something else than what was meant: the first one ends the bench. */
function createAlarm() {
  let ring;
  const rung = new Promise((_, reject) => {
    ring = (text) => {
      log(text);
      reject(new Error(`A page of the bench reported an error: ${text}`));
    };
  });
  rung.catch(() => {}); // whoever measures hears of it
  return { ring, rung };
}

/** One browser profile with the app's own page; what its console calls an error rings the alarm. */
async function openContext(browser, url, alarm) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  context.setDefaultTimeout(LONG_MS);
  await context.addInitScript(watchAnswers);
  const page = async (path = 'chat') => {
    const opened = await context.newPage();
    opened.on('pageerror', (error) => alarm.ring(`page error: ${error.message}`));
    opened.on('console', (message) => {
      if (message.type() === 'error')
        alarm.ring(`console error: ${message.text()} (${message.location().url})`);
    });
    await opened.goto(url + path);
    return opened;
  };
  return { context, page };
}

/**
 * Runs one bench. `measure` gets the tools and returns what goes into the row and the JSON.
 * @param {{ name: string, claim: string, goal: string, rounds: number, measure: Function, options?: object, flags?: string[] }} bench
 */
export async function runBench({ name, claim, goal, rounds, measure, options = {}, flags = [] }) {
  const { values } = parseArgs({
    options: { rounds: { type: 'string', default: String(rounds) }, ...options },
  });
  const root = await buildSite();
  await fetchPack('starter', { log });
  const server = await startServer({ root, port: FIRST_PORT });
  const browser = await chromium.launch({
    executablePath: await findChromium({ log }),
    args: [...CHROMIUM_FLAGS, ...flags],
  });
  const alarm = createAlarm();
  try {
    const { context, page } = await openContext(browser, server.url, alarm);
    const machine = await describeMachine(browser, await page());
    await context.close();
    const measuring = measure({
      url: server.url,
      port: server.port,
      browser,
      rounds: Number(values.rounds),
      values,
      threads: machine.engineThreads,
      newContext: (url = server.url) => openContext(browser, url, alarm),
    });
    const measured = await Promise.race([measuring, alarm.rung]);
    report({ name, claim, goal }, measured, machine);
  } finally {
    await browser.close();
    await server.close();
    removeSite();
  }
}
