import { expect, type Page } from '@playwright/test';

/** The Models screen, in the user's words. */
export class ModelsPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  async open(): Promise<void> {
    await this.page.goto('/models');
    await expect(this.page.getByRole('heading', { name: 'This machine', exact: true })).toBeVisible();
  }

  async download(label: string): Promise<void> {
    await this.page.getByRole('button', { name: `Download ${label}` }).click();
    await expect(this.page.getByRole('button', { name: `Delete ${label}` })).toBeVisible({
      timeout: 120_000,
    });
  }

  async load(label: string): Promise<void> {
    await this.page.getByRole('button', { name: `Load ${label}`, exact: true }).click();
    await expect(this.page.getByRole('button', { name: `Unload ${label}` })).toBeVisible({
      timeout: 120_000,
    });
  }
}
