import { expect, type Locator, type Page } from '@playwright/test';
import { type DroppedFile, dropFiles } from './drop-files.ts';

/** A search and the names of the best pictures that it has to show. */
interface Found {
  readonly query: string;
  readonly best: readonly string[];
}

/** The pictures, in the user's words. */
export class ImagesPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  async open(): Promise<void> {
    await this.page.goto('/pictures');
    await expect(this.page.getByRole('heading', { name: 'Pictures', exact: true })).toBeVisible();
  }

  get dropZone(): Locator {
    return this.page.getByRole('region', { name: 'Drop pictures to add them' });
  }

  get searchBox(): Locator {
    return this.page.getByRole('searchbox', { name: 'Search pictures' });
  }

  get job(): Locator {
    return this.page.getByTestId('image-job');
  }

  get shown(): Locator {
    return this.page.getByTestId('picture');
  }

  picture(name: string): Locator {
    return this.page.locator(`[data-testid=picture][data-name="${name}"]`);
  }

  drop(files: readonly DroppedFile[]): Promise<void> {
    return dropFiles(this.dropZone, files);
  }

  /** From now on: the fewest pictures that a search showed while a job was at work on more; 0 = it showed none. */
  async watchEarlyHits(): Promise<() => Promise<number>> {
    const seen = await this.page.evaluateHandle(() => {
      const fewest = { hits: 0 };
      new MutationObserver(() => {
        const first = document.querySelector('[data-testid=picture][data-score]');
        const isAtWork = document.querySelector('[data-testid=image-job][data-state=running]') !== null;
        const isMore = document
          .querySelector('[data-testid=picture-count]')
          ?.textContent.includes('not yet indexed');
        if (first && isAtWork && isMore)
          fewest.hits = Math.min(fewest.hits || Number.POSITIVE_INFINITY, Number(first.ariaSetSize));
      }).observe(document.body, { subtree: true, childList: true, attributes: true });
      return fewest;
    });
    return async () => (await seen.jsonValue()).hits;
  }

  /** Calls back once, as soon as the page shows that a picture is indexed while others wait. */
  async onFirstIndexed(then: () => void): Promise<void> {
    await this.page.exposeFunction('tellFirstIndexed', then);
    await this.page.evaluate(() => {
      const watch = new MutationObserver(() => {
        const states = document.querySelectorAll<HTMLElement>('[data-testid=picture]');
        const isSome = [...states].some(({ dataset }) => dataset.status === 'ready');
        if (!isSome) return;
        watch.disconnect();
        (window as unknown as { tellFirstIndexed(): void }).tellFirstIndexed();
      });
      watch.observe(document.body, { subtree: true, childList: true, attributes: true });
    });
  }

  async indexed(count: number): Promise<void> {
    await expect(this.page.getByTestId('picture-count')).toHaveText(
      new RegExp(`^${count} pictures(?!.*not yet indexed)`),
      { timeout: 120_000 },
    );
    await expect(this.job).toHaveCount(0);
  }

  /** Writes each query into the box as a person does, waits for its answer and reads the best. One call for all of them. */
  async findAll(queries: readonly string[], limit = 5): Promise<readonly Found[]> {
    await expect(this.searchBox).toBeVisible();
    return this.page.evaluate(
      async ({ all, count }) => {
        const box = document.querySelector<HTMLInputElement>('input[aria-label="Search pictures"]');
        const write = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set;
        if (box === null || write === undefined) throw new Error('There is no search box.');
        const answer = (query: string): string[] | undefined => {
          const list = document.querySelector<HTMLElement>('[data-testid=pictures]');
          if (list?.dataset.query !== query || list.dataset.search !== 'done') return undefined;
          return [...list.querySelectorAll<HTMLElement>('[data-testid=picture]')]
            .sort((a, b) => Number(a.dataset.place) - Number(b.dataset.place))
            .slice(0, count)
            .map(({ dataset }) => dataset.name ?? '');
        };
        const found: { query: string; best: string[] }[] = [];
        for (const query of all) {
          write.call(box, query);
          box.dispatchEvent(new Event('input', { bubbles: true }));
          const best = await new Promise<string[]>((resolve) => {
            const look = (): void => {
              const names = answer(query);
              if (names === undefined) return;
              watch.disconnect();
              resolve(names);
            };
            const watch = new MutationObserver(look);
            watch.observe(document.body, { subtree: true, childList: true, attributes: true });
            look();
          });
          found.push({ query, best });
        }
        return found;
      },
      { all: queries, count: limit },
    );
  }

  /** Drops a picture on the search box; the names of those that are most like it. */
  async findLike(path: string, limit = 5): Promise<readonly string[]> {
    await dropFiles(this.page.getByTestId('picture-search'), [path]);
    const name = path.slice(path.lastIndexOf('/') + 1);
    const answer = this.page.locator(
      `[data-testid=pictures][data-query=""][data-query-picture="${name}"][data-search=done]`,
    );
    await expect(answer).toBeVisible();
    return answer.evaluate(
      (list, count) =>
        [...list.querySelectorAll<HTMLElement>('[data-testid=picture]')]
          .sort((a, b) => Number(a.dataset.place) - Number(b.dataset.place))
          .slice(0, count)
          .map(({ dataset }) => dataset.name ?? ''),
      limit,
    );
  }

  /** Of the film that is open: the second that it shows, and where its strip stands highest. */
  async openFilm(): Promise<{ readonly shown: number; readonly best: number }> {
    const film = this.page.getByTestId('film');
    await expect
      .poll(() => film.evaluate((video: HTMLVideoElement) => video.readyState >= 2 && !video.seeking))
      .toBe(true);
    const scored = this.page.locator('[data-testid=film-part][data-score]');
    await expect(scored.first()).toBeAttached();
    const parts = await scored.evaluateAll((all) =>
      all.map((part) => ({
        seconds: Number((part as SVGElement).dataset.seconds),
        score: Number((part as SVGElement).dataset.score),
      })),
    );
    const best = parts.sort((a, b) => b.score - a.score)[0]?.seconds ?? -1;
    return { shown: await film.evaluate((video: HTMLVideoElement) => video.currentTime), best };
  }

  async clearSearch(): Promise<void> {
    await this.searchBox.press('Escape');
    await expect(this.searchBox).toHaveValue('');
    await expect(this.page.getByTestId('query-picture')).toHaveCount(0);
  }
}
