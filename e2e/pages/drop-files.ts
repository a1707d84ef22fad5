import type { Locator } from '@playwright/test';

/** A file on the test's disk, or one made of a few bytes. */
export type DroppedFile =
  | string
  | { readonly name: string; readonly mimeType: string; readonly buffer: Buffer };

/** Drops files on a zone as a person does, of any size: the browser reads them from disk. */
export async function dropFiles(zone: Locator, files: readonly DroppedFile[]): Promise<void> {
  const page = zone.page();
  const input = await page.evaluateHandle(() => {
    const element = document.createElement('input');
    element.type = 'file';
    element.multiple = true;
    return element;
  });
  const paths = files.filter((file) => typeof file === 'string');
  const made = files.filter((file) => typeof file !== 'string');
  const transfer = await page.evaluateHandle(() => new DataTransfer());
  for (const list of [paths, made]) {
    if (list.length === 0) continue;
    await input.setInputFiles(list as string[]);
    await input.evaluate((element, data) => {
      for (const file of element.files ?? []) data.items.add(file);
    }, transfer);
  }
  for (const event of ['dragenter', 'dragover', 'drop'])
    await zone.dispatchEvent(event, { dataTransfer: transfer });
  await input.dispose();
}
