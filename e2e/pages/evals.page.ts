import { readFileSync } from 'node:fs';
import { expect, type Page } from '@playwright/test';

interface Interval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  readonly n: number;
}

/** The exported figures, as far as tests read them. */
export interface Figures {
  readonly dataset: { readonly documents: number; readonly chunks: number; readonly judged: number };
  readonly embedder: { readonly modelId: string };
  readonly settings: readonly {
    readonly label: string;
    readonly metrics: { readonly ndcg10: Interval; readonly recall100: Interval };
  }[];
}

/** The Evaluate screen, in the user's words. */
export class EvalsPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** From the library, as a person gets there. */
  async open(): Promise<void> {
    await this.page.goto('/library');
    await this.page.getByRole('button', { name: 'Evaluate retrieval' }).click();
    await expect(this.page.getByRole('heading', { name: 'Evaluate retrieval' })).toBeVisible();
  }

  async importSet(folder: string): Promise<void> {
    await this.page.getByLabel('Folder with a question set').setInputFiles(folder);
    await expect(this.page.getByRole('heading', { name: 'Settings to compare' })).toBeVisible();
  }

  async evaluate(): Promise<void> {
    await this.page.getByRole('button', { name: 'Evaluate', exact: true }).click();
    await expect(this.page.getByTestId('eval-status')).toHaveCount(0, { timeout: 150_000 });
    await expect(this.page.getByRole('main').getByRole('alert')).toHaveCount(0);
  }

  /** nDCG@10 of a row of the table, as it is shown. */
  async shownNdcg(label: string): Promise<number> {
    const row = this.page.getByTestId('eval-setting').filter({
      has: this.page.getByRole('rowheader', { name: label, exact: true }),
    });
    return Number.parseFloat((await row.getByRole('cell').first().textContent()) ?? '');
  }

  async figures(): Promise<Figures> {
    const [download] = await Promise.all([
      this.page.waitForEvent('download'),
      this.page.getByRole('button', { name: 'Download figures (JSON)' }).click(),
    ]);
    return JSON.parse(readFileSync(await download.path(), 'utf8'));
  }
}
