import { expect, type Locator, type Page } from '@playwright/test';
import { type DroppedFile, dropFiles } from './drop-files.ts';

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
    await this.startDownload(label);
    await this.downloaded(label);
  }

  async startDownload(label: string): Promise<void> {
    await this.page.getByRole('button', { name: `Download ${label}` }).click();
  }

  /** Waits until it is here and verified. */
  async downloaded(label: string): Promise<void> {
    const card = this.page.getByRole('article', { name: label, exact: true }).first();
    await expect(card).toContainText('On disk', { timeout: 120_000 });
  }

  async load(label: string): Promise<void> {
    await this.page.getByRole('button', { name: `Load ${label}`, exact: true }).click();
    await expect(this.page.getByRole('button', { name: `Unload ${label}` })).toBeVisible({
      timeout: 120_000,
    });
  }

  /** By way of the options: with a context of so many tokens. */
  async loadWithContext(label: string, tokens: number): Promise<void> {
    await this.page.getByRole('button', { name: `Load ${label} with options` }).click();
    const options = this.page.getByRole('dialog');
    await options.getByRole('combobox', { name: 'Context' }).selectOption(String(tokens));
    await options.getByRole('button', { name: 'Load', exact: true }).click();
    await expect(this.page.getByRole('button', { name: `Unload ${label}` })).toBeVisible({
      timeout: 120_000,
    });
  }

  async drop(files: readonly DroppedFile[]): Promise<void> {
    await dropFiles(this.page.getByRole('region', { name: 'Drop GGUF files to import them' }), files);
  }

  /** A file that is being taken in, or was refused. */
  imported(fileName: string): Locator {
    return this.page.getByRole('article', { name: fileName });
  }

  async search(text: string): Promise<void> {
    await this.page.getByRole('searchbox', { name: 'Search models' }).fill(text);
  }

  /** The list holds back what this machine is too small for, until asked. */
  async showWhatDoesNotFit(): Promise<void> {
    await this.page.getByRole('button', { name: 'Show them' }).click();
  }

  async downloadAnyway(id: string): Promise<void> {
    const card = this.card(id);
    await card.getByRole('button', { name: /^Download anyway/ }).click();
    await expect(card.getByRole('button', { name: /^Delete / })).toBeVisible({ timeout: 120_000 });
  }

  async loadAnyway(id: string): Promise<void> {
    await this.card(id)
      .getByRole('button', { name: /^Try anyway/ })
      .click();
    await this.page
      .getByRole('dialog')
      .getByRole('button', { name: /^Try anyway/ })
      .click();
    await expect(this.card(id).getByRole('button', { name: /^Unload / })).toBeVisible({ timeout: 120_000 });
  }

  /** The first card of a model: what is recommended or here is also in the whole list. */
  card(id: string): Locator {
    return this.page.locator(`[data-testid=model][data-model-id="${id}"]`).first();
  }
}
