import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from '../fixtures/benchtop.ts';
import { ModelsPage } from '../pages/models.page.ts';

const folder = process.env.BENCHTOP_MODELS ?? resolve(import.meta.dirname, '../../.models');
const MODEL = join(folder, 'smollm2-135m-instruct/SmolLM2-135M-Instruct.Q4_1.gguf');
const mimeType = 'application/octet-stream';

test('a GGUF that is broken is refused in words; a whole one is taken in and runs', async ({ page }) => {
  const head = readFileSync(MODEL).subarray(0, 4_000_000);
  const models = new ModelsPage(page);
  await models.open();
  await models.drop([
    { name: 'page.gguf', mimeType, buffer: Buffer.from('<!doctype html><p>Not found') },
    { name: 'torn-header.gguf', mimeType, buffer: head.subarray(0, 10_000) },
    { name: 'torn-weights.gguf', mimeType, buffer: head },
  ]);
  const said = (name: string) => models.imported(name).locator('[data-code]');
  await expect(said('page.gguf')).toHaveAttribute('data-code', /^(?:input\/|model\/integrity)/);
  await expect(said('page.gguf')).toContainText('not with “GGUF”');
  await expect(said('page.gguf')).toBeInViewport();
  await expect(said('torn-header.gguf')).toHaveAttribute('data-code', /^(?:input\/|model\/integrity)/);
  await expect(said('torn-header.gguf')).toContainText('ends inside its header');
  await expect(said('torn-weights.gguf')).toHaveAttribute('data-code', /^(?:input\/|model\/integrity)/);
  await expect(said('torn-weights.gguf')).toContainText('it is cut off: 4000000 of');

  await models.drop([MODEL]);
  const load = page
    .getByRole('region', { name: 'On this device' })
    .getByRole('button', { name: /^Load (?!.*with options)/ });
  await load.click({ timeout: 120_000 });
  await expect(page.getByRole('button', { name: /^Unload / })).toBeVisible({ timeout: 120_000 });
});
