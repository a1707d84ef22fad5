import type { Command } from '#shared/command.ts';
import { matchesKeys, parseKeys } from './parse-keys.ts';
import { isAvailable, runCommand } from './run-command.ts';

const FLOATING = '[role="dialog"], [role="alertdialog"], [role="menu"], [role="listbox"]';
const NO_TEXT = new Set([
  'button',
  'checkbox',
  'color',
  'file',
  'image',
  'radio',
  'range',
  'reset',
  'submit',
]);

function isTextField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !NO_TEXT.has(target.type);
  return (
    target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement
  );
}

/**
 * Makes the keys of the commands work. Keys without ⌘ or Ctrl belong to a text field that has the focus and to an open
 * dialog or menu; Escape works in text fields. The first available command of a chord wins. Returns the unbind.
 */
export function bindShortcuts(
  commands: () => readonly Command[],
  target: Window | HTMLElement = window,
  isApple: boolean = /Mac|iPhone|iPad/.test(navigator.userAgent),
): () => void {
  // Looked at on the way down: the key that closes a dialog must not do something behind it as well.
  let wasFloating = false;
  const look = (): void => {
    wasFloating = document.querySelector(FLOATING) !== null;
  };

  function onKeyDown(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.isComposing || event.repeat) return;
    // A letter that is typed is none of ours; the list is not even made for it.
    const isTyping = isTextField(event.target) && event.key !== 'Escape';
    if ((isTyping || wasFloating) && !event.metaKey && !event.ctrlKey) return;
    const command = commands().find(
      (one) => one.keys !== undefined && matchesKeys(parseKeys(one.keys), event, isApple) && isAvailable(one),
    );
    if (command?.keys === undefined) return;
    event.preventDefault();
    void runCommand(command);
  }

  const listener = (event: Event): void => onKeyDown(event as KeyboardEvent);
  target.addEventListener('keydown', look, { capture: true });
  target.addEventListener('keydown', listener);
  return () => {
    target.removeEventListener('keydown', look, { capture: true });
    target.removeEventListener('keydown', listener);
  };
}
