// Tasks of the page's main thread over 50 ms, and whose script they were.

/** Installed before the page's own scripts; given to addInitScript as it stands. */
export function watchLongTasks() {
  const tasks = [];
  const frames = [];
  const scriptOf = ({ sourceURL, sourceFunctionName, sourceCharPosition, invoker, duration }) => ({
    script: sourceURL.split('/').at(-1),
    function: sourceFunctionName,
    position: sourceCharPosition,
    invoker,
    ms: Math.round(duration),
  });
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) tasks.push({ startMs: startTime, ms: duration });
  }).observe({ type: 'longtask', buffered: true });
  // The same tasks by frame: these entries name the scripts.
  if (PerformanceObserver.supportedEntryTypes.includes('long-animation-frame'))
    new PerformanceObserver((list) => {
      for (const { startTime, duration, scripts, styleAndLayoutStart } of list.getEntries())
        frames.push({
          startMs: startTime,
          ms: duration,
          styleAndLayoutMs: styleAndLayoutStart > 0 ? startTime + duration - styleAndLayoutStart : 0,
          scripts: scripts.map(scriptOf),
        });
    }).observe({ type: 'long-animation-frame', buffered: true });
  globalThis.benchLongTasks = { tasks, frames };
}

/** What was seen between two moments of the page's clock; long tasks are told a little late. */
export async function longTasksIn(page, { startMs, endMs }) {
  await page.waitForTimeout(300); // entries are handed over in a task of their own, some time after
  const { tasks, frames } = await page.evaluate(() => globalThis.benchLongTasks);
  const isInside = (entry) => entry.startMs + entry.ms > startMs && entry.startMs < endMs;
  return { tasks: tasks.filter(isInside), frames: frames.filter(isInside) };
}

/**
 * Time that the main thread really computed in its longest tasks, from the browser's own trace: a task can also be long
 * because the system gave the core to somebody else.
 */
export async function traceMainThread(browser, page, act) {
  await browser.startTracing(page, { categories: ['toplevel'] });
  let result;
  let buffer;
  try {
    result = await act();
  } finally {
    buffer = await browser.stopTracing();
  }
  const { traceEvents } = JSON.parse(buffer.toString());
  const mains = traceEvents.filter(
    ({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain',
  );
  const computed = traceEvents
    .filter(({ name, ph, dur }) => name === 'ThreadControllerImpl::RunTask' && ph === 'X' && dur > 50_000)
    .filter((event) => mains.some(({ pid, tid }) => pid === event.pid && tid === event.tid))
    .map(({ dur, tdur }) => ({ ms: Math.round(dur / 1000), computedMs: Math.round(tdur / 1000) }));
  return { result, computed };
}
