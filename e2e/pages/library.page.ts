import { expect, type Locator, type Page } from '@playwright/test';

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

  /** Drops files on the screen as a person does; `paths` from the project's top. */
  async drop(
    files: readonly { readonly name: string; readonly type: string; readonly bytes: Buffer }[],
  ): Promise<void> {
    const transfer = await this.page.evaluateHandle(
      (list) => {
        const data = new DataTransfer();
        for (const { name, type, base64 } of list) {
          const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
          data.items.add(new File([bytes], name, { type }));
        }
        return data;
      },
      files.map(({ name, type, bytes }) => ({ name, type, base64: bytes.toString('base64') })),
    );
    for (const event of ['dragenter', 'dragover', 'drop'])
      await this.dropZone.dispatchEvent(event, { dataTransfer: transfer });
  }

  get dropZone(): Locator {
    return this.page.getByRole('region', { name: 'Drop documents to add them' });
  }

  row(name: string): Locator {
    return this.page.getByTestId('document').filter({ hasText: name });
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
