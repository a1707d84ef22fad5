// Claim 7: a warm reload without a network, up to the moment in which a question can be typed, against a blank page.
//   node bench/warm-reload.mjs [--rounds 15]
import { ask, CHAT_MODEL, download, load, newChat } from './shared/app.mjs';
import { log, runBench } from './shared/bench.mjs';
import { alternate, pairRatios, spread } from './shared/stats.mjs';

/** A visitor who comes back: a model on this device, a chat with an answer, the service worker in charge. */
async function settle(page) {
  await download(page, CHAT_MODEL.label);
  await load(page, CHAT_MODEL.label);
  await newChat(page, { maxTokens: 24 });
  await ask(page, 'What is the capital of France?');
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await page.reload();
  await page.evaluate(() => globalThis.benchWatch.usable);
  const isControlled = await page.evaluate(() => navigator.serviceWorker.controller !== null);
  if (!isControlled) throw new Error('The service worker is not in charge of the page');
}

async function reloadApp(page) {
  await page.reload();
  const { sinceStartMs } = await page.evaluate(() => globalThis.benchWatch.usable);
  const [{ transferSize, workerStart }] = await page.evaluate(() =>
    performance.getEntriesByType('navigation').map((entry) => entry.toJSON()),
  );
  if (workerStart === 0) throw new Error(`The page came from elsewhere (${transferSize} bytes)`);
  return sinceStartMs;
}

async function reloadBlank(page) {
  await page.reload();
  return page.evaluate(() => performance.getEntriesByType('navigation')[0].loadEventEnd);
}

async function measure({ rounds, newContext }) {
  const { context, page: openPage } = await newContext();
  const app = await openPage('models');
  await settle(app);
  await context.setOffline(true);
  // In a profile of its own: no service worker stands before it, and it keeps its network.
  const blank = await (await newContext()).page('bench/blank.html');
  const runs = { app: [], blank: [] };
  for (let round = 0; round < rounds; round++)
    for (const side of alternate(['app', 'blank'], round))
      runs[side].push(side === 'app' ? await reloadApp(app) : await reloadBlank(blank));
  log(`warm reload: ${rounds} rounds`);
  const ratio = pairRatios(runs.app, runs.blank, 1);
  const [appMs, blankMs] = [spread(runs.app, 0), spread(runs.blank, 0)];
  return {
    summary: `${appMs.median} ms (${appMs.min} to ${appMs.max}) against ${blankMs.median} ms: ${ratio.median} times`,
    appMs,
    blankMs,
    ratio,
  };
}

await runBench({
  name: 'warm-reload',
  claim: 'Warm reload to a usable composer, offline, against a blank page of the same server',
  goal: 'both stated',
  rounds: 15,
  measure,
});
