import { expect, type Page } from '@playwright/test';

type CaptionsFile = Parameters<ReturnType<Page['getByTestId']>['setInputFiles']>[0];

/** The captions of the pictures, in the user's words. */
export class ImageCaptionsPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  async open(): Promise<void> {
    await this.page.getByRole('tab', { name: 'Captions' }).click();
    await expect(this.page.getByTestId('caption-lessons')).toBeVisible();
  }

  async importFile(file: CaptionsFile, count: number): Promise<void> {
    await this.page.getByTestId('captions-file').setInputFiles(file);
    await expect(this.page.getByTestId('captions-imported')).toContainText(`added to ${count} pictures`);
    // All of them indexed: what is learned from, and what is held out, hangs on it.
    await expect(this.page.getByTestId('lesson-readiness')).toContainText(`${count} indexed pictures have`);
  }

  /** One lesson, with what it says of itself and its figures on held-out pictures. */
  async learn(): Promise<{ readonly verdict: string; readonly figures: readonly string[] }> {
    await this.page.getByRole('button', { name: 'Learn from captions' }).click();
    const result = this.page.getByTestId('lesson-result');
    await expect(result).toBeVisible();
    const figures = await result
      .locator('[data-figure]')
      .evaluateAll((rows) =>
        rows.map((row) =>
          row instanceof HTMLElement
            ? `${row.dataset.figure} ${Number(row.dataset.before).toFixed(3)} -> ${Number(row.dataset.after).toFixed(3)}`
            : '',
        ),
      );
    return { verdict: (await result.getAttribute('data-verdict')) ?? '', figures };
  }

  async isKept(words: string): Promise<void> {
    await expect(this.page.getByTestId('lesson-kept')).toContainText(words);
    await expect(this.page.getByRole('switch', { name: 'Search with what was learned' })).toBeChecked();
  }
}
