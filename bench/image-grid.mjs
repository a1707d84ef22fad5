// Tasks of the main thread over 50 ms while one scrolls through 10,000 found pictures.
//   node bench/image-grid.mjs [--rounds 2] [--pictures 10000] [--turns 150]
import { log, runBench } from './shared/bench.mjs';
import { longTasksIn, traceMainThread, watchLongTasks } from './shared/long-tasks.mjs';
import { askOnScreen, openPictures, openShelf, PICTURE_MODEL } from './shared/pictures.mjs';

/** A quick turn of a wheel, of four notches. */
const TURN_PX = 480;
const WAYS_BACK = 4;

const now = (page) => page.evaluate(() => performance.now());
const nextFrame = (page) => page.evaluate(() => new Promise((go) => requestAnimationFrame(() => go())));

/** Down, with some turns back as one who has seen something; a frame is drawn between two turns. */
async function scroll(page, turns) {
  await page.getByTestId('picture-grid').hover();
  const startMs = await now(page);
  for (let turn = 0; turn < turns; turn++) {
    await page.mouse.wheel(0, turn % WAYS_BACK === WAYS_BACK - 1 ? -TURN_PX : TURN_PX);
    await nextFrame(page);
  }
  const endMs = await now(page);
  const seen = await longTasksIn(page, { startMs, endMs });
  return { ...seen, lastedMs: endMs - startMs, turns };
}

/** How far it came, and that there are pictures to see: an empty grid scrolls well. */
async function shown(page) {
  await page.locator('[data-testid=picture] img').first().waitFor();
  return page.evaluate(() => ({
    topPx: Math.round(document.querySelector('[data-testid=picture-grid]').scrollTop),
    cells: document.querySelectorAll('[data-testid=picture]').length,
    images: document.querySelectorAll('[data-testid=picture] img').length,
  }));
}

async function measure({ rounds, threads, browser, values, newContext }) {
  const count = Number(values.pictures);
  const { context, page: openPage } = await newContext();
  await context.addInitScript(watchLongTasks);
  const shelf = await openShelf(openPage, { model: PICTURE_MODEL, path: '/models/', threads, count });
  await shelf.close();
  const page = await openPictures(openPage, count);
  const parts = [];
  for (let round = 0; round < rounds; round++) {
    await askOnScreen(page, ['red', 'house', 'animal'][round % 3]);
    const { result, computed } = await traceMainThread(browser, page, () =>
      scroll(page, Number(values.turns)),
    );
    parts.push({ ...result, computed, ...(await shown(page)) });
    log(
      `grid ${round + 1}/${rounds}: ${result.tasks.length} long tasks in ${Math.round(result.lastedMs)} ms`,
      parts.at(-1).topPx,
    );
  }
  const tasks = parts.flatMap((part) => part.tasks);
  const computed = parts.flatMap((part) => part.computed).filter(({ computedMs }) => computedMs > 50);
  const longestMs = Math.round(Math.max(0, ...tasks.map(({ ms }) => ms)));
  const seconds = Math.round(parts.reduce((sum, { lastedMs }) => sum + lastedMs, 0) / 1000);
  return {
    summary:
      tasks.length === 0
        ? `none in ${seconds} s of scrolling`
        : `${tasks.length} in ${seconds} s of scrolling, longest ${longestMs} ms; ${computed.length} of them computed for over 50 ms`,
    isMet: tasks.length === 0,
    pictures: count,
    longTasks: tasks.length,
    longestMs,
    longTasksByComputing: computed.length,
    longestComputedMs: Math.max(0, ...parts.flatMap((part) => part.computed.map((task) => task.computedMs))),
    scrolled: parts.map(({ turns, topPx, cells, images, lastedMs }) => ({
      turns,
      topPx,
      cells,
      images,
      msPerTurn: Math.round(lastedMs / turns),
    })),
    worstFrames: parts
      .flatMap(({ frames }) => frames)
      .sort((a, b) => b.ms - a.ms)
      .slice(0, 5),
  };
}

await runBench({
  name: 'image-grid',
  claim: 'Tasks of the main thread over 50 ms while one scrolls by wheel through 10,000 found pictures',
  goal: 'none',
  rounds: 2,
  options: { pictures: { type: 'string', default: '10000' }, turns: { type: 'string', default: '150' } },
  measure,
});
