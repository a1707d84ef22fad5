import axe from 'axe-core';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { AppError } from '#shared/errors.ts';
import { settingsCommands } from './index.ts';
import { egressOf, openTab, showScreen, type Tab } from './settings.test-support.tsx';
import { SETTINGS_KEY } from './settings.ts';
import { SETTINGS_SECTIONS } from './settings-sections.ts';

let name: string;
let tab: Tab;
let screen: ReturnType<typeof showScreen> | undefined;
const root = document.documentElement;
const look = () => [root.dataset.theme, root.dataset.textSize, getComputedStyle(root).colorScheme];

/** As the page's head does, from the same file. */
function runAppearanceScript(): Promise<void> {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = '/appearance.js';
    script.onload = () => resolve();
    script.onerror = reject;
    document.head.append(script);
  });
}

beforeEach(async () => {
  await page.viewport(1440, 900);
  name = `settings-test-${crypto.randomUUID()}`;
  tab = await openTab(name);
});
afterEach(async () => {
  screen?.hide();
  screen = undefined;
  await tab.controller.change({ theme: 'system', textSize: 'normal' });
  tab.close();
});

describe('appearance', () => {
  test('takes effect at once, is stored, and stands before the first paint of the next visit', async () => {
    screen = showScreen(tab.controller);
    await page.getByRole('radio', { name: 'Dark' }).click();
    await page.getByRole('radio', { name: 'Large' }).click();
    expect(look()).toEqual(['dark', 'large', 'dark']);
    await vi.waitFor(async () =>
      expect(await tab.repositories.settings.get(SETTINGS_KEY)).toMatchObject({
        version: 1,
        theme: 'dark',
        textSize: 'large',
      }),
    );
    delete root.dataset.theme;
    delete root.dataset.textSize;
    await runAppearanceScript();
    expect(look()).toEqual(['dark', 'large', 'dark']);
  });

  test('the script before the first paint survives whatever lies in localStorage', async () => {
    for (const stored of ['', '{', 'null', '[]', '{"theme":"<img>","textSize":3}', '"dark"']) {
      localStorage.setItem('benchtop-appearance', stored);
      delete root.dataset.theme;
      await runAppearanceScript();
      expect(look().slice(0, 2)).toEqual([undefined, undefined]);
    }
  });
});

describe('storage of settings', () => {
  test('another tab follows, and neither overwrites what the other changed', async () => {
    const other = await openTab(name);
    await Promise.all([
      tab.controller.change({ theme: 'dark' }),
      other.controller.change({ sendKey: 'mod+enter' }),
    ]);
    await vi.waitFor(() => {
      for (const { controller } of [tab, other])
        expect(controller.current()).toMatchObject({ theme: 'dark', sendKey: 'mod+enter' });
    });
    other.close();
  });

  test('a refusal to store is shown, and the page shows what is stored', async () => {
    screen = showScreen(tab.controller);
    await expect.element(page.getByRole('radio', { name: 'Dark' })).toBeVisible();
    tab.repositories.close();
    await tab.controller.change({ theme: 'dark' });
    await expect.element(page.getByRole('alert')).toBeVisible();
    tab.close();
    tab = await openTab(name);
    expect(tab.controller.current().theme).toBe('system');
  });
});

describe('chat', () => {
  test('instructions are stored while one types and when one leaves', async () => {
    screen = showScreen(tab.controller, { section: 'chat' });
    const field = page.getByRole('textbox', { name: 'Instructions for new chats' });
    await field.fill('Answer in one sentence.');
    await vi.waitFor(async () =>
      expect(await tab.repositories.settings.get(SETTINGS_KEY)).toMatchObject({
        systemPrompt: 'Answer in one sentence.',
      }),
    );
    await userEvent.type(field, ' Be kind.');
    screen.hide();
    screen = undefined;
    await vi.waitFor(async () =>
      expect(await tab.repositories.settings.get(SETTINGS_KEY)).toMatchObject({
        systemPrompt: 'Answer in one sentence. Be kind.',
      }),
    );
  });

  test('wording and the key that sends', async () => {
    screen = showScreen(tab.controller, { section: 'chat' });
    await page.getByRole('radio', { name: /Precise/ }).click();
    await page.getByRole('radio', { name: /Ctrl or/ }).click();
    expect(tab.controller.current()).toMatchObject({ presetId: 'precise', sendKey: 'mod+enter' });
  });
});

describe('documents', () => {
  const embedders = [
    { id: 'minilm', label: 'MiniLM', description: 'English, 23 MB' },
    { id: 'e5', label: 'E5 small', description: '94 languages, 118 MB' },
  ];

  test('an embedding model is chosen; one that is gone is said to be gone', async () => {
    const chosen: (string | undefined)[] = [];
    screen = showScreen(tab.controller, {
      section: 'documents',
      embedders,
      onEmbedderChange(embedderId) {
        chosen.push(embedderId);
        screen?.set({ embedderId });
      },
    });
    await expect.element(page.getByRole('radio', { name: /Automatic/ })).toBeChecked();
    await page.getByRole('radio', { name: /E5 small/ }).click();
    await expect.element(page.getByRole('radio', { name: /E5 small/ })).toBeChecked();
    screen.set({ embedders: embedders.slice(0, 1) });
    await expect.element(page.getByText(/no longer on this machine/)).toBeVisible();
    await expect.element(page.getByRole('radio', { name: /Automatic/ })).toBeChecked();
    screen.set({ embedders });
    await page.getByRole('radio', { name: /Automatic/ }).click();
    expect(chosen).toEqual(['e5', undefined]);
  });

  test('without any, it says so and leads to them', async () => {
    const onGetEmbedder = vi.fn();
    screen = showScreen(tab.controller, { section: 'documents', onGetEmbedder });
    await page.getByRole('button', { name: 'Show embedding models' }).click();
    expect(onGetEmbedder).toHaveBeenCalledOnce();
  });
});

describe('storage', () => {
  test('says what takes the space; the browser may refuse to keep it, or promise', async () => {
    screen = showScreen(tab.controller, { section: 'storage' });
    await expect.element(page.getByText('1.1 GB')).toBeVisible();
    await page.getByRole('button', { name: /Ask the browser/ }).click();
    await expect.element(page.getByText(/The browser said no/)).toBeVisible();
    tab.browser.grants = true;
    await page.getByRole('button', { name: /Ask the browser/ }).click();
    await expect.element(page.getByText(/has promised/)).toBeVisible();
  });

  test('everything is deleted only after the words were typed; a failure is shown', async () => {
    tab.browser.obstacle = new AppError('storage/version-blocked', 'Close the other tabs and try again.');
    screen = showScreen(tab.controller, { section: 'storage' });
    await page.getByRole('button', { name: 'Delete everything…' }).click();
    const confirm = page.getByRole('button', { name: 'Delete everything', exact: true });
    await expect.element(confirm).toBeDisabled();
    const field = page.getByRole('textbox', { name: /Type/ });
    await field.fill('delete something');
    await userEvent.keyboard('{Enter}');
    await expect.element(confirm).toBeDisabled();
    await field.fill('Delete everything');
    await confirm.click();
    await expect.element(page.getByText('Close the other tabs and try again.')).toBeVisible();
    expect(tab.browser.deletions).toBe(0);
    tab.browser.obstacle = undefined;
    await confirm.click();
    await expect.element(page.getByRole('dialog', { name: 'Everything is deleted' })).toBeVisible();
    expect(tab.browser.deletions).toBe(1);
  });
});

const FULL = {
  egress: egressOf([
    {
      url: 'https://huggingface.co/HuggingFaceTB/SmolLM2-135M-Instruct-GGUF/resolve/main/smollm2-135m-instruct.Q4_1.gguf',
      purpose: 'Model download',
      startedAt: Date.now() - 240_000,
      leavesDevice: true,
    },
    {
      url: 'http://127.0.0.1:8080/v1/chat/completions',
      purpose: 'Answer by a server',
      startedAt: Date.now() - 3000,
      leavesDevice: false,
    },
  ]),
  servers: [
    { id: 'a', label: 'llama.cpp', address: 'http://127.0.0.1:8080/v1', leavesDevice: false },
    { id: 'b', label: 'GPU box', address: 'https://gpu.example.org/v1', leavesDevice: true },
  ],
  embedders: [{ id: 'e5', label: 'E5 small', description: '94 languages, 118 MB' }],
  onGetEmbedder: () => {},
  onOpenModels: () => {},
  commands: [
    { id: 'a', label: 'New chat', group: 'Chat', keys: 'mod+shift+o', perform: () => {} },
    { id: 'b', label: 'Commands', group: 'View', keys: 'mod+k', perform: () => {} },
  ],
};

test('privacy lists servers and requests, each with whether it leaves the device', async () => {
  screen = showScreen(tab.controller, { section: 'privacy', ...FULL });
  const requests = page.getByRole('list', { name: 'Requests' });
  await expect.element(requests).toBeVisible();
  const rows = requests
    .getByRole('listitem')
    .elements()
    .map((row) => row.textContent);
  expect(rows[0]).toMatch(/Model download.*smollm2-135m-instruct.Q4_1.gguf.*Leaves this device/);
  expect(rows[1]).toMatch(/Answer by a server.*127.0.0.1:8080.*This machine/);
});

test('privacy says what is configured now: hub, named addresses, added servers, and one that is refused', async () => {
  const far = { id: 'c', label: 'Far', address: 'https://api.elsewhere.org/v1', leavesDevice: true };
  screen = showScreen(tab.controller, { section: 'privacy', ...FULL, servers: [...FULL.servers, far] });
  await expect.element(page.getByText('huggingface.co, *.hf.co', { exact: true })).toBeVisible();
  await expect
    .element(page.getByText(/Model servers on this machine.*You added: llama\.cpp\./))
    .toBeVisible();
  await expect.element(page.getByText(/by whoever runs this server.*You added: GPU box\./)).toBeVisible();
  await expect.element(page.getByText(/“Far” cannot be reached.*--connect https:\/\/api/)).toBeVisible();
  screen.set({ servers: [], readPolicy: async () => "default-src 'self' http://localhost:*" });
  await expect.element(page.getByText(/You added none/)).toBeVisible();
  await expect.element(page.getByText('No other address')).toBeVisible();
  screen.set({ readPolicy: async () => "connect-src 'self' *" });
  await expect.element(page.getByText(/leaves every host open \(\*\)/)).toBeVisible();
  await expect.element(page.getByText('No other address')).not.toBeInTheDocument();
  screen.set({ readPolicy: async () => '' });
  await expect.element(page.getByText(/sends no list of addresses/)).toBeVisible();
});

test('commands change the theme and open sections', async () => {
  const shown: (string | undefined)[] = [];
  const commands = settingsCommands(tab.controller, (section) => shown.push(section));
  const by = (id: string) => commands.find((command) => command.id === id);
  await by('settings.theme-dark')?.perform();
  expect(look()[0]).toBe('dark');
  expect(by('settings.theme-dark')?.isAvailable?.()).toBe(false);
  void by('settings.privacy')?.perform();
  expect(shown).toEqual(['privacy']);
});

test('every page: axe finds nothing serious in both themes, and nothing runs out at 360 px', async () => {
  screen = showScreen(tab.controller, FULL);
  for (const { id } of SETTINGS_SECTIONS) {
    await page.viewport(1440, 900);
    screen.set({ section: id });
    await expect.element(page.getByTestId(`settings-${id}`)).toBeVisible();
    await vi.waitFor(() =>
      expect(document.querySelector(`[data-testid="settings-${id}"] h2`)).not.toBeNull(),
    );
    for (const theme of ['light', 'dark'] as const) {
      root.dataset.theme = theme;
      await new Promise((resolve) => setTimeout(resolve, 250)); // colours fade over
      const { violations } = await axe.run(document.body, {
        rules: { 'landmark-one-main': { enabled: false }, region: { enabled: false } },
      });
      const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
      expect(serious.map((one) => [id, one.id, one.nodes.map(({ html }) => html)])).toEqual([]);
    }
    await page.viewport(360, 740);
    expect(root.scrollWidth).toBeLessThanOrEqual(360);
  }
});

test('on a phone the list comes first, and a section leads back to it', async () => {
  await page.viewport(390, 844);
  screen = showScreen(tab.controller, { section: undefined });
  await page.getByRole('button', { name: 'Privacy' }).click();
  await expect.element(page.getByText('What this page may talk to')).toBeVisible();
  await page.getByRole('button', { name: 'Show settings' }).click();
  await expect.element(page.getByRole('button', { name: 'Storage' })).toBeVisible();
});
