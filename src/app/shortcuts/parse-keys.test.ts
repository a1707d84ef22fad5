import { expect, test } from 'vitest';
import { type KeyPress, matchesKeys, parseKeys } from './parse-keys.ts';

const press = (key: string, more: Partial<KeyPress> = {}): KeyPress => ({
  key,
  code: '',
  metaKey: false,
  ctrlKey: false,
  shiftKey: false,
  altKey: false,
  ...more,
});
const matches = (keys: string, event: KeyPress, isApple = false) =>
  matchesKeys(parseKeys(keys), event, isApple);

test('mod is Ctrl, or ⌘ on Apple, and never the other one', () => {
  expect(matches('mod+k', press('k', { ctrlKey: true }))).toBe(true);
  expect(matches('mod+k', press('k', { metaKey: true }))).toBe(false);
  expect(matches('mod+k', press('k', { metaKey: true }), true)).toBe(true);
  expect(matches('mod+k', press('k', { ctrlKey: true }), true)).toBe(false);
  expect(matches('mod+k', press('k', { ctrlKey: true, metaKey: true }))).toBe(false);
});

test('a chord is all of its keys and no other', () => {
  expect(matches('mod+shift+o', press('O', { ctrlKey: true, shiftKey: true }))).toBe(true);
  expect(matches('mod+shift+o', press('o', { ctrlKey: true }))).toBe(false);
  expect(matches('mod+o', press('O', { ctrlKey: true, shiftKey: true }))).toBe(false);
  expect(matches('mod+o', press('o', { ctrlKey: true, altKey: true }))).toBe(false);
  expect(matches('mod+shift+enter', press('Enter', { ctrlKey: true, shiftKey: true }))).toBe(true);
  expect(matches('escape', press('Escape'))).toBe(true);
  expect(matches('escape', press('Escape', { shiftKey: true }))).toBe(false);
  expect(matches('k', press('k', { ctrlKey: true }))).toBe(false);
});

test('a sign is meant however the layout makes it', () => {
  expect(matches('?', press('?', { shiftKey: true }))).toBe(true);
  expect(matches('?', press('?'))).toBe(true);
  expect(matches('mod+plus', press('+', { ctrlKey: true, shiftKey: true }))).toBe(true);
});

test('letters are found on layouts without Latin letters, and by name where there are some', () => {
  expect(matches('mod+k', press('л', { ctrlKey: true, code: 'KeyK' }))).toBe(true);
  expect(matches('mod+q', press('a', { ctrlKey: true, code: 'KeyQ' }))).toBe(false);
});
