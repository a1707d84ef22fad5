import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from '../fixtures/benchtop.ts';
import { ImagesPage } from '../pages/images.page.ts';
import { storedPictures } from '../pages/stored-pictures.ts';

const FOLDER = resolve(import.meta.dirname, '../fixtures/emoji-eval');
const read = (name: string): unknown => JSON.parse(readFileSync(resolve(FOLDER, name), 'utf8'));

const captions = read('captions.json') as {
  readonly pictures: readonly { readonly id: string; readonly file: string; readonly name: string }[];
};
const queries = read('queries.json') as readonly {
  readonly query: string;
  readonly right: readonly string[];
}[];
const similar = read('similar.json') as readonly {
  readonly file: string;
  readonly right: readonly string[];
}[];
const paths = captions.pictures.map(({ file }) => resolve(FOLDER, file));

/** What the model's README measured in a browser, and how far from it a figure may lie. */
const EXPECTED = { queries: [0.432, 0.691], names: [0.85, 0.992] } as const;
const TOLERANCE = 0.03;

const idOf = (name: string): string => name.replace(/\.webp$/, '');

interface Answer {
  readonly best: readonly string[];
  readonly right: readonly string[];
}

const isWithin = ({ best, right }: Answer, k: number): boolean =>
  best.slice(0, k).some((name) => right.includes(idOf(name)));

const recallAt = (answers: readonly Answer[], k: number): number =>
  answers.filter((answer) => isWithin(answer, k)).length / answers.length;

async function ask(
  images: ImagesPage,
  asked: readonly { readonly query: string; readonly right: readonly string[] }[],
): Promise<readonly Answer[]> {
  const found = await images.findAll(asked.map(({ query }) => query));
  return found.map(({ best }, i) => ({ best, right: asked[i]?.right ?? [] }));
}

function expectNear(what: string, answers: readonly Answer[], [at1, at5]: readonly [number, number]): void {
  const [first, fifth] = [recallAt(answers, 1), recallAt(answers, 5)];
  console.log(`${what}: recall@1 ${first.toFixed(3)} (${at1}), recall@5 ${fifth.toFixed(3)} (${at5})`);
  expect(Math.abs(first - at1), `${what}: recall@1 ${first}`).toBeLessThanOrEqual(TOLERANCE);
  expect(Math.abs(fifth - at5), `${what}: recall@5 ${fifth}`).toBeLessThanOrEqual(TOLERANCE);
}

test('pictures are found by words while they are indexed, then as well as the model can, and without a network', async ({
  page,
  context,
}) => {
  const images = new ImagesPage(page);
  await images.open();
  const earlyHits = await images.watchEarlyHits();
  await images.drop(paths);
  await images.searchBox.fill('a picture');
  await images.indexed(paths.length);
  const early = await earlyHits();
  console.log(`found while the job ran: ${early} of ${paths.length}`);
  expect(early, 'found while the job runs').toBeGreaterThan(0);
  expect(early).toBeLessThan(paths.length);
  await images.clearSearch();

  const answers = await ask(images, queries);
  expectNear(`${queries.length} queries`, answers, EXPECTED.queries);
  const names = captions.pictures.map(({ name, id }) => ({ query: name, right: [id] }));
  expectNear(`${names.length} bare names`, await ask(images, names), EXPECTED.names);
  await images.clearSearch();

  const twins: Answer[] = [];
  for (const { file, right } of similar)
    twins.push({ best: await images.findLike(resolve(FOLDER, file)), right });
  const firsts = twins.filter((twin) => isWithin(twin, 1)).length;
  console.log(`picture to picture: ${firsts} of ${twins.length} first`);
  expect(firsts).toBeGreaterThanOrEqual(22);
  expect(twins.filter((twin) => isWithin(twin, 5))).toHaveLength(twins.length);

  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await context.setOffline(true);
  await page.reload();
  await images.indexed(paths.length);
  const sample = queries.slice(0, 12);
  const again = await ask(images, sample);
  expect(again.map(({ best }) => best)).toEqual(answers.slice(0, sample.length).map(({ best }) => best));
});

test('a tab that is killed while it indexes pictures: the next one goes on, and each is there once', async ({
  page,
  context,
  console: watcher,
}) => {
  const images = new ImagesPage(page);
  await images.open();
  const killer = await context.newCDPSession(page);
  // From the page itself, in the moment in which the first batch is seen: the job is quick.
  await images.onFirstIndexed(() => void killer.send('Page.crash').catch(() => {}));
  const crash = page.waitForEvent('crash');
  await images.drop(paths);
  await crash;

  const next = await context.newPage();
  // A page of the same origin that is not the app: what is stored is read before anything goes on.
  await next.goto('/icon.svg');
  const before = await storedPictures(next);
  await next.waitForLoadState('networkidle'); // it asks for an icon that a picture does not have
  watcher.watch(next);
  const reopened = new ImagesPage(next);
  await reopened.open();
  await reopened.indexed(paths.length);
  const after = await storedPictures(next);
  expect(before.vectors.length, 'there must be something left to do').toBeLessThan(paths.length);
  expect(before.vectors.length, 'there must be something to keep').toBeGreaterThan(0);
  const names = captions.pictures.map(({ file }) => file.slice(file.lastIndexOf('/') + 1)).sort();
  expect(after.images.map(({ name }) => name).sort()).toEqual(names);
  expect(after.images.filter(({ status }) => status !== 'ready')).toEqual([]);
  expect([...after.vectors].sort()).toEqual(names);
  expect(after.thumbnails).toBe(paths.length);
});
