import axe from 'axe-core';
import { useState } from 'react';
import { createRoot } from 'react-dom/client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { Command } from '#shared/command.ts';
import '#ui/base.css';
import { Toaster } from '#ui/toast.tsx';
import { bindShortcuts } from '../shortcuts/bind-shortcuts.ts';
import { ShortcutsHelp } from '../shortcuts/index.ts';
import { CommandPalette } from './index.ts';

const done = vi.fn<(id: string) => void>();
let hide: () => void;
let openPalette: () => void;
let openHelp: () => void;

const command = (id: string, label: string, group: string, more: Partial<Command> = {}): Command => ({
  id,
  label,
  group,
  perform: () => done(`${id} ${document.activeElement?.getAttribute('aria-label') ?? ''}`.trim()),
  ...more,
});
const COMMANDS: readonly Command[] = [
  command('chat.new', 'New chat', 'Chat', { keys: 'mod+shift+o' }),
  command('chat.stop', 'Stop the answer', 'Chat', { keys: 'escape' }),
  command('chat.copy', 'Copy the last answer', 'Chat', { isAvailable: () => false }),
  command('view.palette', 'Commands', 'View', { keys: 'mod+k', perform: () => openPalette() }),
  command('view.keys', 'Keyboard', 'View', { keys: '?', perform: () => openHelp() }),
  command('view.broken', 'Broken', 'View', { perform: () => Promise.reject(new Error('It broke')) }),
  command('thread.1', 'Which valve failed first?', 'Threads'),
];

function App() {
  const [isOpen, setOpen] = useState(false);
  const [isHelpOpen, setHelpOpen] = useState(false);
  openPalette = () => setOpen((open) => !open);
  openHelp = () => setHelpOpen(true);
  return (
    <>
      <input aria-label="Composer" />
      <CommandPalette commands={COMMANDS} open={isOpen} onOpenChange={setOpen} />
      <Toaster />
      <ShortcutsHelp commands={COMMANDS} open={isHelpOpen} onOpenChange={setHelpOpen} />
    </>
  );
}

beforeEach(async () => {
  await page.viewport(1440, 900);
  done.mockClear();
  const container = document.createElement('div');
  document.body.append(container);
  const root = createRoot(container);
  root.render(<App />);
  const unbind = bindShortcuts(() => COMMANDS, window, false);
  hide = () => {
    unbind();
    root.unmount();
    container.remove();
  };
  await expect.element(page.getByLabelText('Composer')).toBeVisible();
});
afterEach(() => hide());

const options = () =>
  page
    .getByRole('option')
    .elements()
    .map((one) => one.textContent);

test('opens by key, finds by name, and runs with the focus back in place', async () => {
  await page.getByLabelText('Composer').click();
  await userEvent.keyboard('{Control>}k{/Control}');
  await expect.element(page.getByRole('dialog', { name: 'Commands' })).toBeVisible();
  expect(options()).toEqual([
    'New chatCtrl+Shift+O',
    'Stop the answerEsc',
    'CommandsCtrl+K',
    'Keyboard?',
    'Broken',
    'Which valve failed first?',
  ]);
  await userEvent.keyboard('valve');
  await vi.waitFor(() => expect(options()).toEqual(['Which valve failed first?']));
  await userEvent.keyboard('{Enter}');
  await vi.waitFor(() => expect(done.mock.calls).toEqual([['thread.1 Composer']]));
  expect(page.getByRole('dialog').elements()).toEqual([]);
});

test('arrows go round, the same key closes it, and it opens fresh', async () => {
  await userEvent.keyboard('{Control>}k{/Control}');
  await expect.element(page.getByRole('dialog', { name: 'Commands' })).toBeVisible();
  await userEvent.keyboard('{ArrowUp}');
  await vi.waitFor(() =>
    expect(document.querySelector('[role="option"][aria-selected="true"]')?.textContent).toContain('valve'),
  );
  await userEvent.keyboard('zzz');
  await expect.element(page.getByText('Nothing is called “zzz”.')).toBeVisible();
  await userEvent.keyboard('{Control>}k{/Control}');
  await vi.waitFor(() => expect(page.getByRole('dialog').elements()).toEqual([]));
  await userEvent.keyboard('{Control>}k{/Control}');
  await vi.waitFor(() => expect(options().length).toBe(6));
  await userEvent.keyboard('{Escape}');
  await vi.waitFor(() => expect(page.getByRole('dialog').elements()).toEqual([]));
  expect(done).not.toHaveBeenCalled(); // Escape closed the palette, it did not stop the answer
});

test('keys without Ctrl belong to the text field, Escape does not', async () => {
  await page.getByLabelText('Composer').click();
  await userEvent.keyboard('?');
  expect((document.activeElement as HTMLInputElement).value).toBe('?');
  expect(page.getByRole('dialog').elements()).toEqual([]);
  await userEvent.keyboard('{Escape}');
  await vi.waitFor(() => expect(done.mock.calls).toEqual([['chat.stop Composer']]));
});

test('what was handled, composed or held down is left alone', async () => {
  const press = (init: KeyboardEventInit) =>
    document.body.dispatchEvent(
      new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, cancelable: true, ...init }),
    );
  press({ isComposing: true });
  press({ repeat: true });
  const handle = (event: Event) => event.preventDefault();
  document.body.addEventListener('keydown', handle);
  press({});
  document.body.removeEventListener('keydown', handle);
  expect(done).not.toHaveBeenCalled();
  expect(press({})).toBe(false); // and what a command takes is not the browser's any more
  expect(done).toHaveBeenCalledTimes(1);
});

test('“?” lists every key', async () => {
  (document.activeElement as HTMLElement | null)?.blur();
  await userEvent.keyboard('?');
  const help = page.getByRole('dialog', { name: 'Keyboard' });
  await expect.element(help).toBeVisible();
  await expect.element(help.getByText('New chat')).toBeVisible();
  expect(help.getByText('Broken').elements()).toEqual([]);
  const { violations } = await axe.run(document.body, {
    rules: { 'landmark-one-main': { enabled: false }, region: { enabled: false } },
  });
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
});

test('a command that fails says so', async () => {
  openPalette();
  await expect.element(page.getByRole('dialog', { name: 'Commands' })).toBeVisible();
  await page.getByRole('option', { name: 'Broken' }).click();
  await expect.element(page.getByText('Broken: It broke')).toBeVisible();
});

test('axe finds nothing serious in the palette', async () => {
  openPalette();
  await expect.element(page.getByRole('dialog', { name: 'Commands' })).toBeVisible();
  const { violations } = await axe.run(document.body, {
    rules: { 'landmark-one-main': { enabled: false }, region: { enabled: false } },
  });
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  expect(serious.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
});
