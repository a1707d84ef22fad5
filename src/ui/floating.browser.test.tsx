import { useState } from 'react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { Button } from './button.tsx';
import { ConfirmDialog, Dialog } from './dialog.tsx';
import { FileDrop, FilePicker } from './file-drop.tsx';
import { IconButton } from './icon-button.tsx';
import { Menu } from './menu.tsx';
import { Sheet } from './sheet.tsx';
import { TextField } from './text-field.tsx';
import { Toaster, toast } from './toast.tsx';
import { seriousViolations, show } from './ui.test-support.tsx';

let shown: ReturnType<typeof show> | undefined;
beforeEach(() => page.viewport(1000, 800));
afterEach(() => {
  shown?.hide();
  shown = undefined;
});

const focused = () =>
  document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent;
const dialogs = () => page.getByRole('dialog').elements().length;

function Example() {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button onClick={() => setOpen(true)}>Rename</Button>
      <Button>Outside</Button>
      <Dialog
        title="Rename this"
        open={isOpen}
        onOpenChange={setOpen}
        footer={<Button onClick={() => setOpen(false)}>Save</Button>}
      >
        <TextField label="Name" />
      </Dialog>
    </>
  );
}

describe('a dialog', () => {
  test('keeps the focus inside, both ways round, and gives it back', async () => {
    shown = show(<Example />);
    await page.getByRole('button', { name: 'Rename' }).click();
    await expect.element(page.getByRole('dialog', { name: 'Rename this' })).toBeVisible();
    const popup = page.getByRole('dialog').element();
    await vi.waitFor(() => expect(document.activeElement?.tagName).toBe('INPUT'));
    for (const key of [
      '{Tab}',
      '{Tab}',
      '{Tab}',
      '{Tab}',
      '{Shift>}{Tab}{/Shift}',
      '{Shift>}{Tab}{/Shift}',
    ]) {
      await userEvent.keyboard(key);
      await vi.waitFor(() => expect(popup.contains(document.activeElement)).toBe(true));
    }
    expect(await seriousViolations()).toEqual([]);
    await userEvent.keyboard('{Escape}');
    await vi.waitFor(() => expect(dialogs()).toBe(0));
    await vi.waitFor(() => expect(focused()).toBe('Rename'));
  });

  test('a question is answered once, and leaving it answers nothing', async () => {
    const onConfirm = vi.fn();
    const onOpenChange = vi.fn();
    const question = (open: boolean) => (
      <ConfirmDialog
        title="Delete it?"
        description="It goes."
        confirmLabel="Delete"
        danger
        open={open}
        onOpenChange={onOpenChange}
        onConfirm={onConfirm}
      />
    );
    shown = show(question(true));
    await expect.element(page.getByRole('dialog', { name: 'Delete it?' })).toBeVisible();
    await vi.waitFor(() => expect(focused()).toBe('Cancel'));
    await userEvent.keyboard('{Escape}');
    await vi.waitFor(() => expect(onOpenChange).toHaveBeenCalledWith(false));
    await page.getByRole('button', { name: 'Cancel' }).click();
    expect(onConfirm).not.toHaveBeenCalled();
    await page.getByRole('button', { name: 'Delete' }).click();
    expect(onConfirm).toHaveBeenCalledOnce();
  });
});

test('Escape closes a hint and still reaches what it was meant for', async () => {
  shown = show(<IconButton label="Stop" icon={<i />} />);
  await expect.element(page.getByRole('button', { name: 'Stop' })).toBeVisible();
  await userEvent.keyboard('{Tab}');
  await expect.element(page.getByText('Stop', { exact: true })).toBeVisible();
  const reached = new Promise<boolean>((resolve) =>
    window.addEventListener('keydown', (event) => resolve(event.defaultPrevented), { once: true }),
  );
  await userEvent.keyboard('{Escape}');
  expect(await reached).toBe(false);
  await vi.waitFor(() => expect(page.getByText('Stop', { exact: true }).elements()).toEqual([]));
});

test('a menu: arrows, letters, Enter, Escape; what is disabled does nothing', async () => {
  const chosen = vi.fn<(id: string) => void>();
  const item = (id: string, more = {}) => ({ id, label: id, onSelect: () => chosen(id), ...more });
  shown = show(
    <Menu
      trigger={<Button>Actions</Button>}
      items={[
        item('Copy', { shortcut: 'mod+c' }),
        item('Edit', { disabled: true }),
        'separator',
        item('Delete', { danger: true }),
      ]}
    />,
  );
  await expect.element(page.getByRole('button', { name: 'Actions' })).toBeVisible();
  page.getByRole('button', { name: 'Actions' }).element().focus();
  await userEvent.keyboard('{Enter}');
  await expect.element(page.getByRole('menu')).toBeVisible();
  expect(await seriousViolations()).toEqual([]);
  await userEvent.keyboard('d');
  await vi.waitFor(() => expect(document.activeElement?.textContent).toBe('Delete'));
  await userEvent.keyboard('{Enter}');
  await vi.waitFor(() => expect(chosen.mock.calls).toEqual([['Delete']]));
  await vi.waitFor(() => expect(focused()).toBe('Actions'));
  await userEvent.keyboard('{ArrowDown}');
  await vi.waitFor(() => expect(document.activeElement?.textContent).toContain('Copy'));
  await userEvent.keyboard('{ArrowDown}{Enter}'); // onto Edit, which is disabled
  expect(chosen.mock.calls).toEqual([['Delete']]);
  await userEvent.keyboard('{Escape}');
  await vi.waitFor(() => expect(page.getByRole('menu').elements()).toEqual([]));
});

describe('files', () => {
  const transfer = (...files: readonly File[]) => {
    const data = new DataTransfer();
    for (const file of files) data.items.add(file);
    return data;
  };
  const drag = (target: Element, type: string, dataTransfer: DataTransfer) => {
    const event = new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true });
    target.dispatchEvent(event);
    return event;
  };

  test('dropped and pasted ones are taken; the hint goes with the pointer', async () => {
    const taken = vi.fn<(files: readonly File[]) => void>();
    shown = show(
      <FileDrop onFiles={taken} hint="Drop documents">
        <p>Inside</p>
      </FileDrop>,
    );
    await expect.element(page.getByText('Inside')).toBeVisible();
    const inside = page.getByText('Inside').element();
    const hints = () => page.getByText('Drop documents').elements().length;
    const data = transfer(new File(['a'], 'a.md'), new File(['b'], 'b.md'));
    const zone = page.getByRole('region', { name: 'Drop documents' }).element();
    drag(zone, 'dragenter', data);
    drag(inside, 'dragenter', data);
    await vi.waitFor(() => expect(hints()).toBe(1));
    drag(zone, 'dragleave', data); // onto the child: still inside
    expect(hints()).toBe(1);
    drag(inside, 'dragleave', data);
    await vi.waitFor(() => expect(hints()).toBe(0));
    expect(drag(inside, 'dragover', data).defaultPrevented).toBe(true);
    expect(drag(inside, 'drop', data).defaultPrevented).toBe(true);
    expect(taken.mock.calls.flat(2).map(({ name }) => name)).toEqual(['a.md', 'b.md']);
    inside.dispatchEvent(
      new ClipboardEvent('paste', {
        clipboardData: transfer(new File(['c'], 'c.md')),
        bubbles: true,
        cancelable: true,
      }),
    );
    expect(taken.mock.calls.flat(2).map(({ name }) => name)).toEqual(['a.md', 'b.md', 'c.md']);
  });

  test('dragged and pasted words are left to the page', async () => {
    const taken = vi.fn();
    shown = show(
      <FileDrop onFiles={taken}>
        <p>Inside</p>
      </FileDrop>,
    );
    await expect.element(page.getByText('Inside')).toBeVisible();
    const data = new DataTransfer();
    data.setData('text/plain', 'words');
    const inside = page.getByText('Inside').element();
    expect(drag(inside, 'dragover', data).defaultPrevented).toBe(false);
    expect(drag(inside, 'drop', data).defaultPrevented).toBe(false);
    const paste = new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true });
    inside.dispatchEvent(paste);
    expect(paste.defaultPrevented).toBe(false);
    expect(taken).not.toHaveBeenCalled();
  });

  test('the same file can be picked twice', async () => {
    const taken = vi.fn();
    shown = show(
      <FilePicker label="Documents" onFiles={taken}>
        {(open) => <Button onClick={open}>Add</Button>}
      </FilePicker>,
    );
    const input = await vi.waitFor(() => {
      const found = document.querySelector<HTMLInputElement>('input[type="file"]');
      if (!found) throw new Error('not yet');
      return found;
    });
    const file = new File(['x'], 'x.md');
    await userEvent.upload(input, file);
    await userEvent.upload(input, file);
    expect(taken).toHaveBeenCalledTimes(2);
  });
});

describe('a sheet', () => {
  const head = (
    <header>
      <h2>Manual</h2>
      <IconButton label="Close document" icon={<span />} />
    </header>
  );

  test('with a head of its own begins behind it, not at its Close button', async () => {
    shown = show(
      <Sheet title="Document" open onOpenChange={() => {}} hasOwnHead>
        {head}
        <Button>Pages</Button>
      </Sheet>,
    );
    await expect.element(page.getByRole('button', { name: 'Pages' })).toHaveFocus();
  });

  test('with nothing but its head takes the focus itself', async () => {
    shown = show(
      <Sheet title="Document" open onOpenChange={() => {}} hasOwnHead>
        {head}
      </Sheet>,
    );
    await expect.element(page.getByRole('dialog', { name: 'Document' })).toHaveFocus();
  });
});

describe('a toast', () => {
  test('undoes when asked, and then its time is not over', async () => {
    const [onSelect, onGone] = [vi.fn(), vi.fn()];
    shown = show(<Toaster />);
    toast({ message: 'Deleted “Valves”.', action: { label: 'Undo', onSelect }, onGone, timeoutMs: 60_000 });
    await expect.element(page.getByText('Deleted “Valves”.')).toBeVisible();
    expect(await seriousViolations()).toEqual([]);
    await page.getByRole('button', { name: 'Undo' }).click();
    await vi.waitFor(() => expect(page.getByText('Deleted “Valves”.').elements()).toEqual([]));
    expect(onSelect).toHaveBeenCalledOnce();
    expect(onGone).not.toHaveBeenCalled();
  });

  test('goes by itself and says so once; three at most, and none is lost unsaid', async () => {
    const onGone = vi.fn<(id: number) => void>();
    shown = show(<Toaster />);
    toast({ message: 'Short', onGone: () => onGone(0), timeoutMs: 30 });
    await vi.waitFor(() => expect(onGone.mock.calls).toEqual([[0]]));
    const close = [1, 2, 3, 4].map((id) =>
      toast({ message: `Note ${id}`, onGone: () => onGone(id), timeoutMs: 60_000 }),
    );
    await vi.waitFor(() =>
      expect(
        page
          .getByText(/^Note/)
          .elements()
          .map((one) => one.textContent),
      ).toEqual(['Note 2', 'Note 3', 'Note 4']),
    );
    expect(onGone.mock.calls).toEqual([[0], [1]]); // pushed out: its time for undo is over
    for (const one of close) one();
    await vi.waitFor(() => expect(page.getByText(/^Note/).elements()).toEqual([]));
    expect(onGone.mock.calls).toEqual([[0], [1]]);
  });
});
