import { expect, type Locator, type Page } from '@playwright/test';
import { ChatPage } from './chat.page.ts';
import type { DroppedFile } from './drop-files.ts';

/** Questions about pictures, in the user's words. */
export class PictureChatPage extends ChatPage {
  readonly attached: Locator;
  readonly askedPictures: Locator;

  constructor(page: Page) {
    super(page);
    this.attached = page.getByRole('list', { name: 'Attached pictures' }).getByRole('img');
    this.askedPictures = page.getByRole('list', { name: 'Pictures', exact: true }).getByRole('button');
  }

  async attach(files: readonly Exclude<DroppedFile, string>[]): Promise<void> {
    const chooser = this.page.waitForEvent('filechooser');
    await this.page.getByRole('button', { name: 'Attach pictures' }).click();
    await (await chooser).setFiles([...files]);
  }

  /** The picture of a question as large as it is. */
  async openLarge(name: string): Promise<Locator> {
    await this.askedPictures.filter({ has: this.page.getByRole('img', { name }) }).click();
    const large = this.page.getByRole('dialog', { name });
    await expect(large.getByRole('img', { name })).toBeVisible();
    return large;
  }
}
