import axe from 'axe-core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { until } from '#shared/until.test-support.ts';
import { runsOut } from '#ui/sideways.test-support.ts';
import { FirstVisit, ModelSwitcher, ModelsScreen, StepDownDialog } from './index.ts';
import {
  LAPTOP,
  makeModels,
  OLD_LAPTOP,
  removeAllFiles,
  show,
  type TestModels,
  tinyGguf,
} from './models.test-support.tsx';
import { BGE, CATALOG, SMOL } from './sample-models.test-support.ts';

let models: TestModels;
let hide: () => void = () => {};
const state = () => models.controller.store.getState();
const nothing = (): void => {};
const card = (label: string) => page.getByRole('article', { name: label, exact: true });
const isHere = (id: string) =>
  until(() => state().stored.some(({ modelId, isComplete }) => isComplete && modelId === id));

async function open(machine = LAPTOP): Promise<void> {
  models = await makeModels({ catalog: CATALOG, machine });
}

async function importTiny(): Promise<void> {
  await models.controller.importFiles([tinyGguf('tiny.gguf')]);
  await until(() => state().added.length === 1 && state().transfers.length === 0);
}

async function findsNothingSerious(): Promise<void> {
  for (const theme of ['light', 'dark']) {
    document.documentElement.dataset.theme = theme;
    await Promise.all(document.getAnimations().map((animation) => animation.finished.catch(nothing)));
    const { violations } = await axe.run(document.body, {
      rules: { 'landmark-one-main': { enabled: false }, region: { enabled: false } },
    });
    const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    expect(serious.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  }
  delete document.documentElement.dataset.theme;
}

beforeEach(async () => {
  await page.viewport(1440, 900);
  await removeAllFiles();
});
afterEach(async () => {
  hide();
  await models.close();
});

describe('the models screen', () => {
  test('says what the machine is, recommends, and shows one of many rows only', async () => {
    await open();
    hide = show(<ModelsScreen controller={models.controller} />);
    await expect.element(page.getByRole('heading', { name: 'This machine', exact: true })).toBeVisible();
    await expect.element(page.getByText(/Intel GPU/)).toBeVisible();
    await expect.element(page.getByText('Best start here')).toBeVisible();
    await expect.element(page.getByText('For your documents')).toBeVisible();
    const rows = page.getByRole('list', { name: 'All models' });
    await userEvent.fill(page.getByRole('searchbox', { name: 'Search models' }), 'q4f16');
    await until(() => rows.getByRole('listitem').elements().length > 3);
    await expect.element(page.getByText(/more do not fit this machine/)).toBeVisible();
    await page.getByRole('button', { name: 'Show them' }).click();
    const all = CATALOG.filter(({ quantization }) => quantization.startsWith('q4f16')).length;
    await expect.element(page.getByText(`${all} models.`)).toBeVisible();
    expect(rows.getByRole('listitem').elements().length).toBeLessThan(all);
    await page.getByRole('combobox', { name: 'Licence' }).selectOptions('llama3.2');
    await expect.element(page.getByText('5 models.')).toBeVisible();
  });

  test('what does not fit says why, and cannot be downloaded where it cannot run', async () => {
    await open(OLD_LAPTOP);
    hide = show(<ModelsScreen controller={models.controller} />);
    await page.getByRole('switch', { name: 'Fits here' }).click();
    await userEvent.fill(page.getByRole('searchbox', { name: 'Search models' }), 'Qwen3 0.6B q4f16_1');
    const only = page.getByTestId('model');
    await expect.element(only.getByText('Does not fit here')).toBeVisible();
    await expect.element(only.getByText('Needs a GPU, and this browser offers none.')).toBeVisible();
    expect(only.getByRole('button').elements()).toEqual([]);
  });

  test('downloads, loads, unloads and deletes a real model with the keyboard', async () => {
    await open(OLD_LAPTOP);
    hide = show(<ModelsScreen controller={models.controller} />);
    await userEvent.fill(page.getByRole('searchbox', { name: 'Search models' }), 'SmolLM2 135M');
    const press = async (name: string): Promise<void> => {
      const button = page.getByRole('button', { name, exact: true });
      await expect.element(button).toBeVisible();
      (button.element() as HTMLElement).focus();
      await userEvent.keyboard('{Enter}');
    };
    await press('Download SmolLM2 135M');
    await expect.element(page.getByRole('progressbar', { name: /downloading SmolLM2/ })).toBeVisible();
    await isHere(SMOL.id);
    await press('Load SmolLM2 135M');
    await expect.element(card(SMOL.label).getByText(/^Loaded · WASM/)).toBeVisible();
    await press('Unload SmolLM2 135M');
    await press('Load SmolLM2 135M');
    await expect.element(card(SMOL.label).getByText(/^Loaded/)).toBeVisible();
    await press('Delete SmolLM2 135M');
    await expect.element(page.getByText(/It is unloaded first\. 98 MB are freed/)).toBeVisible();
    await press('Delete');
    await until(() => state().stored.length === 0 && state().engine.status === 'none');
  });

  test('takes a GGUF that is dropped anywhere; a bad one says what is wrong, at its card', async () => {
    await open();
    hide = show(<ModelsScreen controller={models.controller} />);
    const zone = await until(
      () => document.querySelector('section[aria-label="Drop GGUF files to import them"]') ?? undefined,
    );
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(tinyGguf('tiny.gguf'));
    dataTransfer.items.add(new File(['nothing of a model'], 'broken.gguf'));
    for (const type of ['dragenter', 'dragover', 'drop'])
      zone.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
    await expect.element(card('Tiny')).toBeVisible();
    await expect.element(card('broken.gguf').getByRole('alert')).toBeVisible();
    await card('broken.gguf').getByRole('button', { name: 'Dismiss' }).click();
    await until(() => state().transfers.length === 0);
  });

  test('the offer to load goes when the model is loaded from its card, or deleted', async () => {
    await open();
    hide = show(<ModelsScreen controller={models.controller} />);
    const offer = page.getByRole('region', { name: 'Messages' }).getByText('Tiny is on this device.');
    await importTiny();
    await expect.element(offer).toBeVisible();
    await page.getByRole('button', { name: 'Load Tiny', exact: true }).click();
    await expect.element(card('Tiny').getByText(/^Loaded/)).toBeVisible();
    await expect.element(offer).not.toBeInTheDocument();
    await models.controller.remove(state().added[0]?.id ?? '');
    await importTiny();
    await expect.element(offer).toBeVisible();
    await models.controller.remove(state().added[0]?.id ?? '');
    await expect.element(offer).not.toBeInTheDocument();
  });

  test('options say what follows from them before anything is loaded', async () => {
    await open();
    await importTiny();
    hide = show(<ModelsScreen controller={models.controller} />);
    await page.getByRole('button', { name: 'Load Tiny with options' }).click();
    await page.getByRole('combobox', { name: 'Context' }).selectOptions('1024');
    await page.getByRole('combobox', { name: 'Runs on' }).selectOptions('cpu');
    await expect.element(page.getByRole('status').getByText(/of memory on the CPU/)).toBeVisible();
    await page.getByRole('dialog').getByRole('button', { name: 'Load', exact: true }).click();
    await until(() => state().engine.status === 'ready');
    expect(state().engine).toMatchObject({ loaded: { contextTokens: 1024 } });
  });

  test('a server is tested, added with a plain warning, and removed', async () => {
    await open();
    hide = show(<ModelsScreen controller={models.controller} />);
    await page.getByRole('button', { name: 'Add a server' }).click();
    await expect.element(page.getByText(/leave this device/)).toBeVisible();
    const dialog = page.getByRole('dialog');
    await userEvent.fill(page.getByLabelText('Address'), 'http://models.example/v1');
    await dialog.getByRole('button', { name: 'Test' }).click();
    await expect.element(dialog.getByRole('alert')).toBeVisible();
    await userEvent.fill(page.getByLabelText('Address'), 'http://127.0.0.1:8000/v1');
    await dialog.getByRole('button', { name: 'Test' }).click();
    await dialog.getByRole('combobox', { name: 'Model' }).selectOptions('other-model');
    await expect.element(dialog.getByText(/does not say how much/)).toBeVisible();
    await dialog.getByRole('switch', { name: 'It sees pictures' }).click();
    await findsNothingSerious();
    await dialog.getByRole('button', { name: 'Add', exact: true }).click();
    const added = card('other-model on 127.0.0.1:8000');
    await expect.element(added.getByText('Sees pictures')).toBeVisible();
    await expect.element(added.getByText('Server on this computer')).toBeVisible();
    await added.getByRole('button', { name: /^Remove/ }).click();
    await page.getByRole('button', { name: 'Remove', exact: true }).click();
    await until(() => state().added.length === 0);
  });

  test('axe finds nothing serious: empty, with models, loaded, failing, asking, in both themes', async () => {
    await open();
    hide = show(
      <>
        <ModelsScreen controller={models.controller} />
        <StepDownDialog controller={models.controller} />
      </>,
    );
    await expect.element(page.getByText('Best start here')).toBeVisible();
    await findsNothingSerious();
    await importTiny();
    await models.controller.importFiles([new File(['x'], 'broken.gguf')]);
    await until(() => state().transfers.some((transfer) => transfer.state === 'failed'));
    const [tiny] = state().added;
    await models.controller.load(tiny?.id ?? '');
    await expect.element(card('Tiny').getByText(/^Loaded/)).toBeVisible();
    await findsNothingSerious();
    models.memory.bytes = 1_100_000;
    await models.controller.unload();
    const loading = models.controller.load(tiny?.id ?? '');
    await expect.element(page.getByRole('dialog', { name: 'Tiny could not be loaded' })).toBeVisible();
    await findsNothingSerious();
    await page.getByRole('button', { name: 'Leave it' }).click();
    await loading;
    await expect.element(card('Tiny').getByRole('alert')).toBeVisible();
    await findsNothingSerious();
  });

  test('nothing runs out of the page at 360 px', async () => {
    await open();
    await importTiny();
    await page.viewport(360, 740);
    hide = show(<ModelsScreen controller={models.controller} />);
    await expect.element(card('Tiny')).toBeInTheDocument();
    expect(runsOut()).toEqual([]);
    for (const element of document.querySelectorAll('[data-testid="model"], [data-testid="model"] button'))
      expect(element.getBoundingClientRect().right).toBeLessThanOrEqual(360);
  });
});

describe('the first visit', () => {
  const visit = () => (
    <FirstVisit controller={models.controller} onOpenModels={nothing} onUseSamples={nothing} />
  );

  test('one button: the model and the embedder come, and the model is loaded', async () => {
    await open(OLD_LAPTOP);
    hide = show(visit());
    await expect.element(page.getByRole('checkbox')).toBeChecked();
    await findsNothingSerious();
    await page.getByRole('button', { name: 'Try the small one first (98 MB)' }).click();
    await expect.element(page.getByRole('progressbar', { name: /downloading SmolLM2/ })).toBeVisible();
    await expect.element(page.getByText(/You can ask already/)).toBeVisible();
    await expect.element(page.getByText(/^Ask SmolLM2 135M\./)).toBeVisible();
    expect(state().engine.status).toBe('ready');
  });

  test('offline with the starter pack on this server: that is the offer, with the embedder', async () => {
    await open(OLD_LAPTOP);
    models.controller.store.setState({ isOnline: false });
    hide = show(visit());
    await expect.element(page.getByText('Ready on this server, no internet needed')).toBeVisible();
    await page.getByRole('button', { name: 'Start with SmolLM2 135M' }).click();
    await isHere(SMOL.id);
    await isHere(BGE.id);
    await until(() => state().engine.status === 'ready');
  });

  test('what is stored is one button away', async () => {
    await open();
    await importTiny();
    hide = show(visit());
    await page.getByRole('button', { name: 'Load Tiny' }).click();
    await expect.element(page.getByText(/^Ask Tiny\./)).toBeVisible();
  });
});

describe('the switcher', () => {
  test('shows what runs where, and switches by keyboard', async () => {
    await open();
    await importTiny();
    const model = await models.controller.addServer({
      baseUrl: 'http://127.0.0.1:8000/v1',
      remoteModel: 'big-model',
      contextTokens: 4096,
    });
    hide = show(<ModelSwitcher controller={models.controller} onOpenModels={nothing} />);
    const trigger = page.getByTestId('model-switcher');
    await expect.element(trigger).toHaveTextContent('Choose a model');
    (trigger.element() as HTMLElement).focus();
    await userEvent.keyboard('{Enter}');
    const list = page.getByRole('list', { name: 'Models to switch to' });
    await expect.element(list.getByRole('button', { name: /Tiny/ })).toBeVisible();
    await list.getByRole('button', { name: /Tiny/ }).click();
    await expect.element(trigger).toHaveTextContent(/Tiny.*WASM, 7 threads/);
    await list.getByRole('button', { name: new RegExp(model.label) }).click();
    await expect.element(page.getByText('What you write is sent to this server.')).toBeVisible();
    await findsNothingSerious();
    await models.controller.unload();
    models.gate.wait = new Promise(nothing);
    void models.controller.load(model.id);
    await page.getByRole('button', { name: 'Cancel' }).click();
    await until(() => state().engine.status === 'none');
  });
});
