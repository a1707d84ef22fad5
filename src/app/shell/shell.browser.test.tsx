import { afterEach, expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { createEgressLog } from '#shared/egress.ts';
import { mount } from '#ui/mount.test-support.tsx';
import { toast } from '#ui/toast.tsx';
import { Shell } from './shell.tsx';

let hide: () => void = () => {};
afterEach(() => hide());

function showShell(): void {
  ({ hide } = mount(
    <Shell
      places={[{ path: '/chat', label: 'Chat', icon: <svg aria-hidden="true" /> }]}
      egress={createEgressLog()}
      onOpenPalette={() => {}}
      activity={null}
    >
      <div style={{ flex: 1, minHeight: 0, overflow: 'auto' }}>
        <div style={{ height: 3000 }} />
      </div>
      <button type="button">At the foot</button>
    </Shell>,
  ));
}

test('on a phone messages take room of their own: they lie over neither the screen nor the bar', async () => {
  await page.viewport(390, 844);
  showShell();
  await expect.element(page.getByRole('button', { name: 'At the foot' })).toBeVisible();
  const whole = page.getByRole('main').element().getBoundingClientRect();
  const takeAway = [
    toast({ message: 'SmolLM2 135M is on this device.', action: { label: 'Load', onSelect: () => {} } }),
    toast({ message: 'The browser did not agree. It may once this page is bookmarked or installed.' }),
  ];
  const messages = page.getByRole('region', { name: 'Messages' });
  await expect.element(messages.getByText(/did not agree/)).toBeVisible();
  const box = messages.element().getBoundingClientRect();
  const main = page.getByRole('main').element().getBoundingClientRect();
  const bar = page.getByRole('navigation').element().getBoundingClientRect();
  expect(main.bottom).toBeLessThanOrEqual(box.top);
  expect(box.bottom).toBeLessThanOrEqual(bar.top);
  expect([box.left >= 0, box.right <= 390, bar.bottom]).toEqual([true, true, 844]);
  const button = page.getByRole('button', { name: 'At the foot' }).element();
  const { left, top } = button.getBoundingClientRect();
  expect(document.elementFromPoint(left + 5, top + 5)).toBe(button);
  for (const take of takeAway) take();
  await expect.element(messages.getByText(/did not agree/)).not.toBeInTheDocument();
  expect(page.getByRole('main').element().getBoundingClientRect().height).toBe(whole.height);
});
