import { expect, type Locator, type Page } from '@playwright/test';
import { type DroppedFile, dropFiles } from './drop-files.ts';

/** The library, in the user's words. */
export class LibraryPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  async open(): Promise<void> {
    await this.page.goto('/library');
    await expect(this.page.getByRole('navigation', { name: 'Collections' })).toBeVisible();
  }

  /** Drops files on the screen as a person does. */
  async drop(files: readonly DroppedFile[]): Promise<void> {
    await dropFiles(this.page.getByRole('region', { name: 'Drop documents to add them' }), files);
  }

  row(name: string): Locator {
    return this.page.getByTestId('document').filter({ hasText: name });
  }

  /** Opens the question whether a document's pictures are to be read. */
  async askRecognition(name: string): Promise<Locator> {
    await this.row(name).getByRole('button', { name: 'Read with OCR…' }).click();
    return this.page.getByRole('dialog', { name: 'Read with OCR?' });
  }

  /** The same for a picture that was not taken in. */
  async askRecognitionOfPicture(name: string): Promise<Locator> {
    const refused = this.page.getByRole('alert').filter({ hasText: name });
    await refused.getByRole('button', { name: 'Read with OCR…' }).click();
    return this.page.getByRole('dialog', { name: 'Read with OCR?' });
  }

  async ready(name: string): Promise<void> {
    await expect(this.row(name)).toContainText('Ready', { timeout: 120_000 });
  }

  /** Waits until a first batch of a document is stored and more is to come. */
  async partlyEmbedded(name: string): Promise<void> {
    await expect(this.row(name)).toContainText(/Embedding [1-9]/, { timeout: 120_000 });
  }

  get viewer(): Locator {
    return this.page.getByTestId('document-viewer');
  }

  /** The marked words of the open document. */
  async markedText(): Promise<string> {
    await expect(this.page.getByTestId('cited-span').first()).toBeVisible();
    return (await this.page.getByTestId('cited-span').allTextContents()).join('');
  }
}
