import { expect, test } from 'vitest';
import { offlineGroupsOf } from './offline-groups.ts';

test('a machine keeps what it uses of an engine, and nothing of a server elsewhere', () => {
  expect(offlineGroupsOf('transformers', false)).toEqual(['transformers']);
  expect(offlineGroupsOf('transformers', true)).toEqual(['transformers', 'transformers-gpu']);
  expect(offlineGroupsOf('wllama', true)).toEqual(['wllama']);
  expect(offlineGroupsOf('openai', true)).toEqual([]);
});
