import { expect, test } from 'vitest';
import { documentPath, documentTarget, threadPath } from './paths.ts';

test('a document’s address says where in it, and is read back', () => {
  const target = { documentId: 'a1', span: { start: 12, end: 40 }, page: 3 };
  const { pathname, search } = new URL(documentPath(target), 'http://x');
  expect(pathname).toBe('/library/a1');
  expect(documentTarget('a1', search)).toEqual(target);
  expect(documentPath({ documentId: 'a1' })).toBe('/library/a1');
  const hits = [
    { start: 12, end: 40 },
    { start: 90, end: 99 },
  ];
  const { search: many } = new URL(documentPath({ ...target, hits }), 'http://x');
  expect(documentTarget('a1', many)).toEqual({ ...target, hits });
});

test('what is not a place is left out, not believed', () => {
  expect(documentTarget('a1', '?span=9-x&page=-2')).toEqual({ documentId: 'a1' });
  expect(documentTarget('a1', '?hits=1-2.x')).toEqual({ documentId: 'a1' });
  expect(documentTarget('a1', '?page=1e9x')).toEqual({ documentId: 'a1' });
});

test('a new chat has the plain address', () => {
  expect(threadPath(undefined)).toBe('/chat');
  expect(threadPath('t')).toBe('/chat/t');
});
